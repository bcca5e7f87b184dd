# ruff: noqa: S608 - the statements are input for a parser and reach no database
"""The gov8 shape: what a row becomes, whatever order and state the tables are in."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cms_core.importer.enums import AttachmentRole, SectionKind
from cms_core.importer.exceptions import SourceError
from cms_core.importer.sources import open_source
from cms_core.importer.sources.gov8 import Gov8Source
from tests.cms_core.importer.dumps import SiteDump, create, quoted

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def dump():
    return SiteDump()


@pytest.fixture
def opened(tmp_path):
    """Writes a dump and opens it as a source."""
    sources = []

    def opener(dump):
        sources.append(Gov8Source(dump.write(tmp_path)))
        return sources[-1]

    yield opener
    for source in sources:
        source.close()


def test_sections(dump, opened):
    dump.section(
        2, "新闻", display_order="5", type="1", seo_keywords="要闻", seo_description="说明"
    )
    dump.section(3, "链接", 2, type="3", url="http://www.example.gov.cn/")
    dump.section(4, "概况", 2, type="4")
    dump.section(5, "怪", 2, type="9")
    news, link, single, odd = opened(dump).sections("gov1")

    assert (news.source_key, news.parent_key, news.name) == ("2", "", "新闻")
    assert (news.order, news.kind, news.keywords, news.description) == (
        -5, SectionKind.INDEX, "要闻", "说明",
    )  # fmt: skip
    assert (link.kind, link.link, link.parent_key) == (
        SectionKind.LINK, "http://www.example.gov.cn/", "2",
    )  # fmt: skip
    assert (single.kind, odd.kind) == (SectionKind.SINGLE, SectionKind.LIST)
    assert "/s.php/gov1/item-list-category-2.shtml" in news.old_urls
    assert news.line > 1


def test_an_article_joins_its_pages_in_order(dump, opened):
    dump.article(7, 2, "标题", None, source="来源（局）|http://x", author="张三", keywords="词")
    dump.page(7, 2, "<p>后</p>")
    dump.page(7, 1, "<p>前</p>")
    article = next(opened(dump).articles("gov1"))

    assert article.body_html == "<p>前</p>\n<p>后</p>"
    assert (article.title, article.section_key, article.source_name) == ("标题", "2", "来源（局）")
    assert (article.author, article.keywords, article.verified) == ("张三", "词", True)
    assert article.published_at == datetime(2015, 6, 10, 7, 34, 19, tzinfo=SHANGHAI)
    assert article.published_at.utcoffset().total_seconds() == 8 * 3600
    assert {"/s.php/gov1/item-view-id-7.shtml", "/s.php/gov1/item-view-id-7-page-2.html"} < set(
        article.old_urls
    )


def test_a_page_stored_twice_counts_once(dump, opened):
    dump.article(7, 2, "标题", "<p>一</p>")
    dump.page(7, 1, "<p>一</p>")

    assert next(opened(dump).articles("gov1")).body_html == "<p>一</p>"


def test_a_later_row_of_the_same_id_replaces_the_earlier(dump, opened):
    dump.article(7, 2, "旧", "<p>旧</p>")
    dump.article(7, 2, "新", None)
    dump.section(2, "旧栏目")
    dump.section(2, "新栏目")
    source = opened(dump)

    assert [article.title for article in source.articles("gov1")] == ["新"]
    assert [section.name for section in source.sections("gov1")] == ["新栏目"]


def test_the_uncut_title_wins(dump, opened):
    dump.article(7, 2, "市六届人大一次会议昨隆重开幕", "x")
    table, row = dump.rows[1]
    dump.rows[1] = (table, {**row, "title": "市六届人大一次会议昨隆重开"})

    assert next(opened(dump).articles("gov1")).title == "市六届人大一次会议昨隆重开幕"


@pytest.mark.parametrize(("kept", "word"), [(0, "model"), (1, "item table")])
def test_a_row_missing_from_one_table_is_read_from_the_other(dump, opened, kept, word):
    dump.article(7, 2, "标题", "<p>一</p>")
    del dump.rows[1 - kept]
    article = next(opened(dump).articles("gov1"))

    assert (article.title, article.body_html) == ("标题", "<p>一</p>")
    assert word in article.repairs[0]


def test_a_text_that_is_not_there_is_none_and_an_empty_one_is_empty(dump, opened):
    dump.article(7, 2, "无", None)
    dump.article(8, 2, "空", "")

    assert [article.body_html for article in opened(dump).articles("gov1")] == [None, ""]


@pytest.mark.parametrize("stamp", ["0", "", "-5", "99999999999"])
def test_a_senseless_date_falls_back(dump, opened, stamp):
    dump.article(7, 2, "标题", "x", timestamp=stamp)
    dump.article(8, 2, "标题", "x", timestamp=stamp, create_time="0", update_time="0")
    first, second = opened(dump).articles("gov1")

    assert first.published_at == first.created_at
    assert second.published_at is None


def test_files_beside_an_article(dump, opened):
    mark = "<!--#p8_attach#-->"
    dump.article(7, 2, "标题", "x", frame=f"{mark}/sites/item/a.jpg.thumb.jpg")
    dump.upload(1, 7, "sites/item/a.jpg", "甲.jpg", "image/jpeg")
    dump.upload(2, 7, "sites/item/b.doc", "乙.doc", "application/msword")
    dump.upload(3, 8, "sites/item/c.doc", "丙.doc", "application/msword")
    article = next(opened(dump).articles("gov1"))

    assert [(file.path, file.name, file.role) for file in article.attachments] == [
        ("sites/item/a.jpg", "a.jpg", AttachmentRole.COVER),
        ("sites/item/b.doc", "乙.doc", AttachmentRole.FILE),
    ]


def test_sites_are_told_apart(dump, opened):
    dump.section(2, "甲")
    dump.article(7, 2, "标题", "x")
    other = SiteDump("gov2")
    other.article(9, 5, "别处", "y")
    dump.rows += other.rows
    source = opened(dump)

    assert [(site.code, site.sections, site.articles) for site in source.sites()] == [
        ("gov1", 1, 1), ("gov2", 0, 1),
    ]  # fmt: skip
    assert [article.title for article in source.articles("gov2")] == ["别处"]
    with pytest.raises(SourceError, match="gov1, gov2"):
        source.sections("gov3")


def test_the_portal_has_no_site_column(tmp_path):
    columns = ("id", "parent", "name", "type")
    path = tmp_path / "main.sql"
    path.write_text(
        create("x_cms_category", columns)
        + f"INSERT INTO `x_cms_category` VALUES ({quoted(3)},{quoted(0)},{quoted('门户')},'2');",
        encoding="utf-8",
    )
    with Gov8Source(path) as source:
        assert [site.code for site in source.sites()] == ["main"]
        assert source.sections("main")[0].old_urls[0] == "/index.php/cms/item-list-category-3.shtml"


def test_another_shape_is_refused_with_its_tables(tmp_path):
    path = tmp_path / "other.sql"
    path.write_text(create("wp_posts", ("id", "title")))

    with pytest.raises(SourceError, match="wp_posts"):
        open_source(path)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(SourceError, match="folder"):
        open_source(tmp_path)


def test_a_row_without_a_number_is_refused(dump, tmp_path):
    dump.section(2, "甲")
    dump.rows[0] = (dump.rows[0][0], {**dump.rows[0][1], "id": "x"})

    with pytest.raises(SourceError, match="p8_sites_category, row 1"):
        Gov8Source(dump.write(tmp_path))


def test_digests_do_not_depend_on_the_place_in_the_dump(dump, opened, tmp_path):
    dump.section(2, "甲")
    dump.article(7, 2, "标题", "x")
    before = opened(dump)
    digests = [before.sections("gov1")[0].digest(), next(before.articles("gov1")).digest()]
    dump.rows.reverse()
    after = opened(dump)

    assert [after.sections("gov1")[0].digest(), next(after.articles("gov1")).digest()] == digests
