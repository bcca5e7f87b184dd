"""Mapping files: unknown dumps, CSV and Excel, and every mistake named with its line and way out."""

import json
from contextlib import closing
from datetime import datetime
from io import StringIO
from zipfile import ZIP_DEFLATED, ZipFile
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from cms_core.importer.enums import AttachmentRole, SectionKind
from cms_core.importer.exceptions import SourceError
from cms_core.importer.sources import digest_of_source, open_source
from cms_core.importer.sources.mapping import MappingError, read_mapping
from cms_core.pages.models import ArticlePage, SectionPage
from sites.tenancy.scope import tenant_scope

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUMP = """
CREATE TABLE `cat` (`catid` int, `pid` int, `catname` varchar(9), `dir` varchar(9), `sid` int);
INSERT INTO `cat` VALUES (1,0,'新闻','news',1),(2,1,'要闻','top',1),(3,0,'乡镇','town',2),(4,4,'自己','own',1);
INSERT INTO news (id, catid, title, addtime, state, sid, thumb) VALUES
 (9, 2, '第九', '2015-06-10 07:34:19', 99, 1, '/u/9.jpg'), (10, 2, '第十', 1433892859, 1, 1, ''),
 (11, 2, '第十一', '2015年6月10日', 99, 1, ''), (12, 3, '第十二', 'soon', 99, 2, ''), (13, 2, '删了', '', -1, 1, '');
CREATE TABLE `body` (`aid` int, `page` int, `html` text);
INSERT INTO `body` VALUES (9,2,'<p>二</p>'),(9,1,'<p>一</p>'),(10,1,'甲\\n乙<3');
INSERT INTO up (aid, file) VALUES (9, 'u/a.pdf'), (9, 'u/b.png');
"""
MAPPING = """
[source]
name = "oldcms"

[columns]
table = "cat"
key = "catid"
parent = "pid"
name = "catname"
site = "sid"
old_urls = ["/{dir}/", "/list-{catid}.html"]

[articles]
table = "news"
key = "id"
column = "catid"
title = "title"
published = "addtime"
status = "state"
live = [99]
skipped = [-1]
site = "sid"
cover = "thumb"
old_urls = ["/show-{id}.html"]

[bodies]
table = "body"
article = "aid"
text = "html"
order = "page"

[attachments]
table = "up"
article = "aid"
path = "file"
"""
SHEET = """
[articles]
table = "稿件"
key = "编号"
column = "栏目"
title = "标题"
body = "正文"
published = "日期"
"""
SHEET_ROWS = [
    ["编号", "栏目", "标题", "正文", "日期"],
    ["1", "通知", "甲稿", "第一行\n第二行", "2015/6/10"],
    ["2", "要闻", "乙稿", "<p>有标记</p>", "2015-06-10"],
    ["3", "通知", "丙稿", "正文", "1433892859"],
]


@pytest.fixture
def write(tmp_path):
    """Writes a file; gives its path."""

    def writer(name, text, encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return writer


@pytest.fixture
def opened(write):
    sources = []

    def opener(dump=DUMP, mapping=MAPPING, name="old.sql", encoding="utf-8"):
        path = write(name, dump, encoding)
        sources.append(open_source(path, write("mapping.toml", mapping)))
        return sources[-1]

    yield opener
    for source in sources:
        source.close()


class TestDumps:
    """A MySQL dump of an unknown system."""

    def test_sites_columns_and_addresses(self, opened):
        source = opened()

        assert [(s.code, s.sections, s.articles) for s in source.sites()] == [
            ("1", 3, 4),
            ("2", 1, 1),
        ]
        sections = {row.source_key: row for row in source.sections("1")}
        assert [(row.parent_key, row.kind) for row in sections.values()] == [
            ("", SectionKind.INDEX), ("1", SectionKind.LIST), ("", SectionKind.LIST),
        ]  # fmt: skip
        assert sections["2"].old_urls == ("/top/", "/list-2.html")
        assert sections["4"].repairs

    def test_articles_with_texts_files_times_and_states(self, opened):
        source = opened()
        articles = {row.source_key: row for row in source.articles("1")}

        assert list(articles) == ["9", "10", "11"]
        assert [row.source_key for row in source.set_aside("1")] == ["13"]
        first = articles["9"]
        assert first.body_html == "<p>一</p>\n<p>二</p>"
        assert first.old_urls == ("/show-9.html",)
        assert [(a.path, a.role) for a in first.attachments] == [
            ("u/9.jpg", AttachmentRole.COVER),
            ("u/a.pdf", AttachmentRole.FILE),
            ("u/b.png", AttachmentRole.IMAGE),
        ]
        assert articles["10"].body_html == "<p>甲</p><p>乙&lt;3</p>"
        assert articles["11"].body_html is None
        assert [row.verified for row in articles.values()] == [True, False, True]
        assert first.published_at == articles["10"].published_at
        assert first.published_at == datetime(2015, 6, 10, 7, 34, 19, tzinfo=SHANGHAI)
        assert articles["11"].published_at == datetime(2015, 6, 10, tzinfo=SHANGHAI)
        (odd,) = source.articles("2")
        assert odd.published_at is None
        assert "soon" in odd.repairs[0]

    def test_an_encoding_can_be_named(self, opened):
        mapping = MAPPING.replace('name = "oldcms"', 'name = "oldcms"\nencoding = "gb18030"')
        assert opened(mapping=mapping, encoding="gb18030").sections("1")[0].name == "新闻"

    def test_a_row_without_a_key_is_named(self, opened):
        with pytest.raises(
            SourceError, match=r"Line 3, table cat, row 1.*“dir”.*name another column"
        ):
            opened(
                DUMP.replace("'新闻','news'", "'新闻',''"),
                MAPPING.replace('key = "catid"', 'key = "dir"', 1),
            )

    @pytest.mark.django_db
    def test_the_command_merges_through_it(self, town, write):
        path, mapping = write("old.sql", DUMP), write("mapping.toml", MAPPING)
        out = StringIO()
        for _round in range(2):
            call_command(
                "import_site", str(path), "--mapping", str(mapping), "--tenant", "town",
                "--site-code", "1", "--json", stdout=out,
            )  # fmt: skip
        first, second = map(json.loads, out.getvalue().splitlines())

        assert first["source"] == "oldcms:1"
        assert first["counts"]["columns"] == {"imported": 2, "repaired": 1, "skipped": 0, "lost": 0}
        assert sum(first["counts"]["articles"].values()) == 4
        assert second["written"] == {}
        with tenant_scope(town.tenant):
            assert ArticlePage.objects.get(
                slug="a-9"
            ).get_parent().specific == SectionPage.objects.get(title="要闻")


class TestMistakes:
    """Each is found before the run, with its line and the way out."""

    @pytest.mark.parametrize(
        ("before", "after", "message"),
        [
            ('table = "cat"', 'table = "cats"', r"line 6: .*no table “cats”.*“cat”"),
            ('name = "catname"', 'name = "catnme"', r"line 9: table “cat” has no column “catnme”.*“catname”"),
            ('title = "title"', 'title = "headline"', r"line 17: .*“headline”.*addtime, catid, id"),
            ('title = "title"', 'titel = "title"', r"line 17: there is no key “titel”.*“title”.*“title” is missing"),
            ("[bodies]", "[body]", r"line 26: there is no part “body”.*“bodies”"),
            ("live = [99]", 'live = "99"', r"line 20: “live” must be a list"),
            ('"/show-{id}.html"', '"/show-{nr}.html"', r"line 24: .*no column “nr”"),
            ('name = "oldcms"', 'name = "Old CMS"', r"line 3: .*small letters"),
            ('name = "oldcms"', 'encoding = "gbkk"', r"line 3: “gbkk” is not known"),
            ('name = "oldcms"', 'kind = "mysq"', r"line 3: “mysq” cannot stand here.*“mysql”"),
            ('key = "id"', "key = id", r"no valid TOML.*line 15"),
        ],
    )  # fmt: skip
    def test_it_is_named(self, opened, before, after, message):
        with pytest.raises(MappingError, match=message):
            opened(mapping=MAPPING.replace(before, after, 1))

    def test_all_mistakes_are_named_at_once(self, write):
        path = write("m.toml", '[articles]\ntable = "a"\nkeyy = "b"\n[odd]\n')
        with pytest.raises(MappingError, match=r"line 3.*line 1: “key” is missing.*line 4"):
            read_mapping(path)

    def test_a_table_without_a_mapping_is_refused(self, write):
        with pytest.raises(SourceError, match="--mapping"):
            open_source(write("list.csv", "a,b\n1,2\n"))

    @pytest.mark.django_db
    def test_nothing_is_opened_for_a_wrong_mapping(self, write):
        path, mapping = write("old.sql", DUMP), write("m.toml", MAPPING.replace("catname", "x"))
        with pytest.raises(CommandError, match="has no column “x”"):
            call_command(
                "import_site",
                str(path),
                "--mapping",
                str(mapping),
                "--each-site",
                stdout=StringIO(),
            )


class TestSheets:
    """CSV and Excel through the same mapping."""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_csv(self, opened, encoding):
        text = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in SHEET_ROWS)
        self.check(opened(text, SHEET, "稿件.csv", encoding))

    def test_excel(self, write, tmp_path):
        book = Workbook()
        book.active.title = "稿件"
        for row in SHEET_ROWS:
            book.active.append(row)
        book.active["A2"], book.active["E2"] = 1, datetime(2015, 6, 10)
        book.save(tmp_path / "list.xlsx")
        with closing(open_source(tmp_path / "list.xlsx", write("m.toml", SHEET))) as source:
            self.check(source)

    def check(self, source):
        articles = list(source.articles("main"))
        assert [row.name for row in source.sections("main")] == ["要闻", "通知"]
        assert {row.source_key: row.section_key for row in articles} == {
            "1": "通知",
            "2": "要闻",
            "3": "通知",
        }
        by_key = {row.source_key: row for row in articles}
        assert by_key["1"].body_html == "<p>第一行</p><p>第二行</p>"
        assert by_key["2"].body_html == "<p>有标记</p>"
        assert by_key["1"].published_at == by_key["2"].published_at
        assert by_key["2"].published_at == datetime(2015, 6, 10, tzinfo=SHANGHAI)

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("编号,栏目,标题,正文,日期\n1,通知,甲\n", r"line 2: 3 cells for 5 columns"),
            ('编号,栏目,标题,正文,日期\n1,通知,"甲,乙,丙\n', r"line 2: .*Correct the row"),
            ("编号,编号,标题,正文,日期\n", r"must name every column once; wrong: 编号"),
            ("", "is empty"),
            ("编号,栏目,题目,正文,日期\n", r"no column “标题”"),
        ],
    )
    def test_a_bad_csv_is_named(self, opened, text, message):
        with pytest.raises(SourceError, match=message):
            opened(text, SHEET, "稿件.csv")

    def test_a_bomb_is_refused_before_it_is_unpacked(self, write, tmp_path):
        with ZipFile(tmp_path / "bomb.xlsx", "w", ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            with archive.open("xl/worksheets/sheet1.xml", "w") as part:
                for _block in range(160):
                    part.write(b"0" * 1024 * 1024)
        with pytest.raises(SourceError, match="claims to hold far more"):
            open_source(tmp_path / "bomb.xlsx", write("m.toml", SHEET))

    def test_no_excel_file_is_told_so(self, write):
        with pytest.raises(SourceError, match=r"list\.xlsx"):
            open_source(write("list.xlsx", "no zip"), write("m.toml", SHEET))


def test_the_checksum_of_a_source_holds_its_mapping(write):
    path = write("old.sql", DUMP)
    one = digest_of_source(path, write("m.toml", MAPPING))
    assert one == digest_of_source(path, write("m.toml", MAPPING))
    assert one != digest_of_source(path, write("m.toml", MAPPING + "\n"))
