"""A tenant to import into, and dumps to import."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from cms_core.importer.services import ImportResult, import_site
from cms_core.importer.sources import digest_of_file, digest_of_source, open_source
from sites.accounts.enums import PlatformRoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.importer.dumps import SiteDump
from tests.sites.accounts.people import platform_person, signed_in
from tests.tenants import TenantFixture, make_tenant


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reasons and errors are compared in the words of the source code."""
    with translation.override("en"):
        yield


@pytest.fixture
def town(db: None) -> TenantFixture:
    """The tenant the old site moves into."""
    return make_tenant("town")


@pytest.fixture
def in_town(town: TenantFixture):
    """The tenant's scope, open for the whole test."""
    with tenant_scope(town.tenant):
        yield town


@pytest.fixture
def run_import(in_town: TenantFixture, tmp_path: Path) -> Callable[..., ImportResult]:
    """Imports a dump (an object of `SiteDump` or a path) into the tenant."""

    def runner(dump: SiteDump | Path, **options: Any) -> ImportResult:
        path = dump if isinstance(dump, Path) else dump.write(tmp_path)
        with closing(open_source(path)) as source:
            return import_site(
                actor=None,
                tenant=in_town.tenant,
                source=source,
                source_digest=digest_of_file(path),
                **options,
            )

    return runner


@pytest.fixture
def run_import_folder(in_town: TenantFixture) -> Callable[..., ImportResult]:
    """Imports a folder into the tenant."""

    def runner(path: Path, **options: Any) -> ImportResult:
        with closing(open_source(path)) as source:
            return import_site(
                actor=None,
                tenant=in_town.tenant,
                source=source,
                source_digest=digest_of_source(path),
                **options,
            )

    return runner


@pytest.fixture
def old_site() -> SiteDump:
    """Two columns, one below the other, with an article each, and one of everything that is dirty."""
    dump = SiteDump()
    dump.section(1, "新闻", type="1")
    dump.section(2, "通知公告", 1)
    dump.section(3, "失散栏目", 99)
    dump.article(
        10, 2, "好稿件", "<p>　　第一段&nbsp;</p><p>第二段</p>", summary="好的&ldquo;摘要&rdquo;"
    )
    dump.article(11, 1, "两页", ["<p>一</p>", "<table><tr><td>甲</td><td>乙</td></tr></table>"])
    dump.article(12, 2, "脚本", "<p onclick=x>字</p><script>alert(1)</script>")
    dump.article(
        13, 2, "多次编码", "<p>一&amp;ldquo;二&amp;rdquo;</p>", summary="三&amp;amp;nbsp;四"
    )
    dump.article(14, 2, "乱码摘要", "<p>正文</p>", summary="牋牋&#65533;一")
    dump.article(15, 2, "乱码正文", "<p>锟斤拷</p>")
    dump.article(16, 77, "失散稿件", "<p>无栏目</p>")
    dump.article(17, 2, "失文", None, summary="只有摘要")
    dump.article(18, 2, "空文", "<p>&nbsp;</p>")
    dump.article(19, 2, "ddd", "fff")
    dump.article(20, 2, "好稿件", "<p>第一段</p>\n<p>第二段</p>", timestamp=1500000000)
    dump.article(
        21, 2, "有图", "<p>见图<img src='<!--#p8_attach#-->/a/b.jpg'></p><p>完</p>",
        frame="<!--#p8_attach#-->/a/cover.jpg",
    )  # fmt: skip
    dump.article(22, 2, "未审", "<p>草稿</p>", verified="0", author="[db:作者]")
    return dump


@pytest.fixture
def own_folders(settings: Any, tmp_path: Path) -> None:
    """Where brought files lie, for one test."""
    settings.OLD_SITES_DIR = tmp_path / "server"
    settings.OLD_SITES_KEPT = tmp_path / "kept"
    settings.OLD_SITES_DIR.mkdir()


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(platform_person(PlatformRoleCode.OPERATOR))
