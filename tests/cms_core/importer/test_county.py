"""The county portal: columns and bodies in GBK, catalogues in XML, and what lies beside them."""

import os
import re
from contextlib import closing
from pathlib import Path

import pytest

from cms_core.importer.enums import RecordKind, SectionKind
from cms_core.importer.exceptions import DumpError, SourceError
from cms_core.importer.models import ImportedRecord
from cms_core.importer.sources import open_source
from cms_core.pages.models import OrganizationPage, SectionPage
from tests.architecture.tree import ROOT

FOLDER = Path(os.environ.get("REAL_DATA_DIR", ROOT.parent / "shared" / "data"))
REAL = FOLDER / "county_portal"
COLUMNS = [
    ("1", "走进", "ROOT", "#"),
    ("11", "概览", "1", None),
    ("0", "首页", "ROOT", "/old/index.do"),
    ("3", "信息公开", "ROOT", "/old/public.do"),
    ("S_1", "机构职能", "S_1", None),
]
BODIES = [("1000", "政府办", "B"), ("1061", "则 约 乡", "X"), ("1001", "财政局", "B")]
CATALOGUE = """<?xml version="1.0" encoding="gb2312"?>
<root>
<column id="5" name="财政厅" path="p/" level="1"><column id="91" name="简介" path="p/" level="2">
<column id="92" name="机构职能" path="p/" level="3">
</column>
<column id="92" name="又一个" path="p/" level="3">
</column>
</column></column>
</root>
"""


def cell(value):
    return "null" if value is None else f"'{value}'"


def write_county(folder, encoding="gb18030"):
    """A folder as the old portal left it."""
    folder.mkdir()
    columns = "".join(
        "insert into XDD_INFO_GROUP (ID, NAME, PARENT_ID, LINK)\r\n"
        f"values ({', '.join(map(cell, row))});\r\n"
        for row in COLUMNS
    )
    bodies = "".join(
        f"insert into XDD_ORG (ID, NAME, TYPE)\r\nvalues ({', '.join(map(cell, row))});\r\n"
        for row in BODIES
    )
    (folder / "columns.sql").write_bytes(f"{columns}commit;\r\n".encode(encoding))
    (folder / "bodies.sql").write_bytes(bodies.encode(encoding))
    (folder / "trees").mkdir()
    (folder / "trees" / "19001column.xml").write_bytes(CATALOGUE.encode("gb18030"))
    (folder / "page.aspx").write_text("<p>页</p>", encoding="utf-8")
    return folder


@pytest.fixture
def county(tmp_path):
    return write_county(tmp_path / "county")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_columns_and_bodies_are_read_in_either_encoding(tmp_path, encoding):
    with closing(open_source(write_county(tmp_path / "county", encoding))) as source:
        sections = {row.source_key: row for row in source.sections("county")}
        bodies = list(source.organizations("county"))

    assert {key: (row.parent_key, row.name, row.kind) for key, row in sections.items()} == {
        "1": ("", "走进", SectionKind.INDEX),
        "11": ("1", "概览", SectionKind.LIST),
        "3": ("", "信息公开", SectionKind.LIST),
        "S_1": ("", "机构职能", SectionKind.BODIES),
    }
    assert sections["3"].old_urls == ("/old/public.do",)
    assert sections["S_1"].repairs
    assert [(body.name, body.section_key) for body in bodies] == [
        ("政府办", "S_1"), ("财政局", "S_1"), ("则约乡", "S_1"),
    ]  # fmt: skip


def test_everything_else_in_the_folder_is_accounted_for(county):
    with closing(open_source(county)) as source:
        rows = [(row.kind, row.source_key) for row in source.set_aside("county")]

    assert rows == [
        (RecordKind.COLUMN, "0"),
        (RecordKind.ARTICLE, "page.aspx"),
        (RecordKind.COLUMN, "19001/5"),
        (RecordKind.COLUMN, "19001/91"),
        (RecordKind.COLUMN, "19001/92"),
        (RecordKind.COLUMN, "19001/92"),
    ]


@pytest.mark.django_db
def test_bodies_become_drafts_once(run_import_folder, county):
    first = run_import_folder(county)
    second = run_import_folder(county)

    pages = OrganizationPage.objects.order_by("list_place")
    assert [(page.title, page.live) for page in pages] == [
        ("政府办", False), ("财政局", False), ("则约乡", False),
    ]  # fmt: skip
    section = SectionPage.objects.get(title="机构职能")
    assert all(page.is_child_of(section) for page in pages)
    # Three bodies and the page beside the tables.
    assert first.report.counts_json()["articles"] == {
        "imported": 0, "repaired": 3, "skipped": 1, "lost": 0,
    }  # fmt: skip
    assert second.report.written == {}
    assert ImportedRecord.objects.filter(source_key__startswith="org-").count() == 3

    pages[0].delete()
    run_import_folder(county)
    assert OrganizationPage.objects.count() == 2


def test_a_folder_of_catalogues_is_a_group_of_sites(county):
    with closing(open_source(county / "trees")) as source:
        assert [(site.code, site.name, site.sections) for site in source.sites()] == [
            ("19001", "财政厅", 4)
        ]
        sections = source.sections("19001")
        assert [(row.source_key, row.parent_key, row.kind) for row in sections] == [
            ("91", "", SectionKind.INDEX), ("92", "91", SectionKind.LIST),
        ]  # fmt: skip
        # The body itself, and the column whose id stands twice.
        assert [row.source_key for row in source.set_aside("19001")] == ["5", "92"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><root><column id="1"/></root>', "entities of its own"),
        ("<root><column id='1'>", r"line 1.*Export it again"),
        ("<root></root>", "no catalogue"),
    ],
)
def test_a_bad_catalogue_is_refused_in_words(tmp_path, text, message):
    path = tmp_path / "bad.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        open_source(path)


def test_bytes_of_no_encoding_are_refused(tmp_path):
    path = tmp_path / "columns.sql"
    path.write_bytes(b"insert into XDD_INFO_GROUP (ID, NAME) values ('1', '\xff\xff');\n")
    with pytest.raises(DumpError, match="Line 1"):
        open_source(path)


@pytest.mark.skipif(not REAL.is_dir(), reason=f"no real files at {REAL}: set REAL_DATA_DIR")
@pytest.mark.django_db
def test_the_real_files_agree_with_an_independent_count(run_import_folder):
    def statements(name, table):
        text = (REAL / name).read_bytes().decode("gb18030")
        return len(re.findall(rf"^insert into {table} ", text, re.M))

    trees = sum(
        len(re.findall(rb"<column ", file.read_bytes())) for file in REAL.glob("columns_xml/*.xml")
    )
    counts = run_import_folder(REAL).report.counts_json()

    columns = statements("data_1.gbk.sql", "XDD_INFO_GROUP")
    bodies = statements("data_6.gbk.sql", "XDD_ORG")
    assert (columns, bodies, trees) == (31, 66, 2572)
    assert counts["columns"] == {"imported": 25, "repaired": 5, "skipped": 1 + trees, "lost": 0}
    assert counts["articles"]["repaired"] == OrganizationPage.objects.count() == bodies
