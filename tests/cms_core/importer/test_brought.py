"""Old sites that operators bring: archives, tables with a mapping, and what is refused in words."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms_core.importer import orders
from cms_core.importer.enums import OrderStatus
from cms_core.importer.models import MergeOrder
from sites.tenancy.scope import system_scope
from tests.cms_core.importer.order_steps import (
    PLACE,
    articles,
    brought,
    many,
    pressed,
    the_order,
    worked,
)

pytestmark = pytest.mark.usefixtures("own_folders")


def zipped(entries: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


PAGE = (
    '<html><head><title>{0}</title><meta name="ArticleTitle" content="{0}">'
    '<meta name="ColumnName" content="新闻"></head>'
    '<body><div class="content"><p>{0}的正文，写得足够长，好让它是一篇文章。</p></div></body></html>'
)


def test_a_zip_of_pages(operator, town):
    pages = {f"site/news/{n}.html": PAGE.format(f"第{n}篇").encode() for n in (1, 2)}
    content = zipped({**pages, "site/news/photo.jpg": b"x", "__MACOSX/._1.html": b"x"})
    brought(operator, "旧站.zip", content)
    looked = worked()
    assert looked.status == OrderStatus.LOOKED, looked.failure
    assert looked.left_out == 2

    pressed(operator, "begin")

    assert worked().status == OrderStatus.DONE
    assert articles(town.tenant) == 2


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"a.html": b"0" * 40_000_000}, "远超|far more"),
        ({"../../a.html": b"x"}, "a.html"),
        ({"/etc/a.html": b"x"}, "a.html"),
    ],
)
def test_archives_that_are_refused(operator, town, entries, said):
    answer = brought(operator, "bomb.zip", zipped(entries))

    assert answer.status_code == 200
    assert re.search(said, answer.content.decode())
    with system_scope("test"):
        assert not MergeOrder.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "fields"),
    [
        ("old.sql", b"", {}),
        ("old.sql", b"\x1f\x8b\x08rest", {}),
        ("old.zip", b"no zip", {}),
        ("old.zip", b"PK\x03\x04broken", {}),
        ("old.xls", b"\xd0\xcf", {}),
        ("page.html", b"<html>", {}),
        ("table.csv", "标题\n一".encode(), {}),
        ("old.sql", b"x", {"tenant": ""}),
        ("old.sql", b"x", {"tenant": "Not A Code"}),
        ("old.sql", b"x", {"where": "each", "host_pattern": "one.localhost"}),
        ("old.sql", b"x", {"where": "each", "names": "gov1"}),
        ("old.sql", b"x", {"portal": "nobody"}),
        ("old.sql", b"x", {"mapping": SimpleUploadedFile("m.toml", b"[articles]\ntable=1")}),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_kept(
    operator, town, settings, name, content, fields
):
    answer = brought(operator, name, content, **fields)

    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'class="msg"' in text or 'role="alert"' in text
    assert str(settings.OLD_SITES_KEPT) not in text
    with system_scope("test"):
        assert not MergeOrder.objects.exists()
    assert not list(settings.OLD_SITES_KEPT.glob("*"))


def test_a_source_that_cannot_be_read_is_refused_when_looked_through(operator, town, settings):
    brought(operator, "old.sql", b"CREATE TABLE `x` (`a` int);\nINSERT INTO `x` VALUES (1);\n")

    refused = worked()

    assert refused.status == OrderStatus.REFUSED
    assert "old.sql" in refused.failure
    assert str(settings.OLD_SITES_KEPT) not in refused.failure
    pressed(operator, "begin")
    assert the_order().status == OrderStatus.REFUSED


def test_a_table_through_its_mapping(operator, town):
    mapping = (
        '[articles]\ntable = "稿件"\nkey = "编号"\ncolumn = "栏目"\ntitle = "标题"\nbody = "正文"\n'
    )
    rows = "编号,栏目,标题,正文\n1,新闻,第一篇,正文一\n2,新闻,第二篇,正文二\n"
    fields = {"mapping": SimpleUploadedFile("m.toml", mapping.encode())}
    answer = brought(operator, "稿件.csv", rows.encode("gbk"), **fields)
    assert answer.status_code == 302, answer.content.decode()
    assert worked().status == OrderStatus.LOOKED, the_order().failure

    pressed(operator, "begin")
    assert worked().status == OrderStatus.DONE
    assert articles(town.tenant) == 2


class TestServerFolder:
    def post(self, client: Client, name: str) -> Any:
        values = {"where": "one", "tenant": "town", "blueprint": "department", "on_server": name}
        return client.post(f"{PLACE}new/", values)

    def test_a_file_there_is_chosen(self, operator, town, settings):
        many(2).write(settings.OLD_SITES_DIR)
        name = next(settings.OLD_SITES_DIR.iterdir()).name
        assert f'value="{name}"' in operator.get(f"{PLACE}new/").content.decode()

        assert self.post(operator, name).status_code == 302
        assert worked().status == OrderStatus.LOOKED, the_order().failure

    @pytest.mark.parametrize(
        "name", ["../secret.sql", "/etc/passwd", "link.sql", "away/x.sql", "."]
    )
    def test_nothing_outside_it(self, operator, town, settings, tmp_path, name):
        (tmp_path / "secret.sql").write_text("secret")
        (settings.OLD_SITES_DIR / "link.sql").symlink_to(tmp_path / "secret.sql")
        (settings.OLD_SITES_DIR / "away").symlink_to(tmp_path)
        (settings.OLD_SITES_DIR / "real.sql").write_text("x")

        offered = operator.get(f"{PLACE}new/").content.decode()
        assert 'value="real.sql"' in offered
        assert "link.sql" not in offered
        assert self.post(operator, name).status_code == 200
        with pytest.raises(Exception, match=r"\S"):
            orders.keep_order(
                actor=None, options=orders.OrderOptions(tenant="town"), server_name=name
            )

    def test_a_link_that_was_changed_afterwards_is_not_followed(
        self, operator, town, settings, tmp_path
    ):
        many(2).write(tmp_path)
        path = settings.OLD_SITES_DIR / "x.sql"
        path.write_text("CREATE TABLE x")
        self.post(operator, "x.sql")
        path.unlink()
        path.symlink_to(next(tmp_path.glob("*.sql")))

        assert worked().status == OrderStatus.REFUSED
