"""What cannot be merged is told in words that name the row and the way out, and leaves nothing behind."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cms_core.importer.models import ImportRun
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope
from tests.cms_core.importer.dumps import SiteDump
from tests.cms_core.importer.jspxcms_dumps import JspxcmsDump
from tests.cms_core.importer.test_county import write_county

pytestmark = pytest.mark.django_db

MAPPING = '[columns]\ntable = "cat"\nkey = "id"\nname = "name"\nparent = "up"\n'


def refused(path, *options):
    """The words of the refusal; nothing may have been opened, written or begun."""
    before = Tenant.objects.count()
    with pytest.raises(CommandError) as raised:
        call_command("import_site", str(path), "--tenant", "cd-new", *options, stdout=StringIO())
    with system_scope("count what a refused import left"):
        assert Tenant.objects.count() == before
        assert not ImportRun.objects.exists()
    return str(raised.value)


@pytest.fixture
def jspxcms(tmp_path):
    dump = JspxcmsDump()
    dump.node(10, 1, "通知", "0000-0001")
    dump.info(100, 10, "稿件", "<p>正文</p>")
    return dump.write(tmp_path)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
def test_a_truncated_dump(jspxcms, share):
    whole = jspxcms.read_bytes()
    jspxcms.write_bytes(whole[: int(len(whole) * share)])

    assert "truncated" in refused(jspxcms)


def test_a_truncated_file_of_a_county(tmp_path):
    folder = write_county(tmp_path / "county")
    whole = (folder / "columns.sql").read_bytes()
    (folder / "columns.sql").write_bytes(whole[: len(whole) // 2])

    assert "truncated" in refused(folder)


@pytest.mark.parametrize(
    ("encoding", "name"), [("gbk", "GB18030"), ("big5", "BIG5"), ("utf-16", "UTF-16")]
)
def test_a_wrong_encoding_is_named_with_the_command_that_mends_it(jspxcms, encoding, name):
    text = jspxcms.read_text(encoding="utf-8").replace("简", "簡")
    traditional = text.replace("示例局", "範例局").replace("首页", "首頁").replace("新闻", "新聞")
    jspxcms.write_bytes(traditional.encode(encoding, "replace"))

    said = (
        refused(jspxcms)
        if encoding != "utf-16"
        else refused(jspxcms, "--mapping", str(mapping_for(jspxcms)))
    )
    assert f"iconv -f {name}" in said or name in said


def mapping_for(path):
    mapping = path.parent / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    return mapping


def test_a_circle_of_columns_in_each_kind_of_source(tmp_path):
    gov8 = SiteDump()
    gov8.section(1, "甲", 2)
    gov8.section(2, "乙", 1)
    said = refused(gov8.write(tmp_path))
    assert "1 “甲” (line " in said
    assert "Set the parent of one of them to 0" in said

    jspxcms = JspxcmsDump()
    jspxcms.node(10, 11, "甲", "0000-0001")
    jspxcms.node(11, 10, "乙", "0000-0002")
    jspxcms.info(100, 10, "稿件", None)
    assert "each other's parents: 10 “甲” (line " in refused(jspxcms.write(tmp_path))

    table = tmp_path / "cat.csv"
    table.write_text("id,name,up\n1,甲,2\n2,乙,1\n", encoding="utf-8")
    said = refused(table, "--mapping", str(mapping_for(table)))
    assert "1 “甲” (line 2), 2 “乙” (line 3)" in said


def test_ten_thousand_levels_of_columns_are_refused_at_once(tmp_path):
    table = tmp_path / "cat.csv"
    rows = "".join(f"{key},层,{key - 1}\n" for key in range(1, 10_001))
    table.write_text(f"id,name,up\n{rows}", encoding="utf-8")
    said = refused(table, "--mapping", str(mapping_for(table)))

    assert "Column 21 “层” (line 22), below column 1" in said
    assert "Give it a parent further up" in said

    dump = SiteDump()
    for key in range(1, 10_001):
        dump.section(key, "层", key - 1)
    assert "Column 21 “层”" in refused(dump.write(tmp_path))


def test_ten_thousand_levels_of_xml_are_refused(tmp_path):
    deep = tmp_path / "deep.xml"
    opened = "".join(f'<column id="{key}" name="层">' for key in range(10_000))
    deep.write_text(f"<root>{opened}{'</column>' * 10_000}</root>", encoding="utf-8")

    assert "is damaged" in refused(deep)


def test_an_archive_is_not_opened(tmp_path):
    path = tmp_path / "old.sql.gz"
    path.write_bytes(b"\x1f\x8b\x08\x00" + b"\0" * 100)

    assert "Unpack or export it first" in refused(path)
