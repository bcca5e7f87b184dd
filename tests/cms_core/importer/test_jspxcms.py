"""The Jspxcms shape: what its rows become, and the counts of a real dump taken by other means."""

import os
import re
from contextlib import closing
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cms_core.importer.enums import AttachmentRole, RecordKind, SectionKind
from cms_core.importer.exceptions import SourceError
from cms_core.importer.sources import open_source
from cms_core.pages.models import ArticlePage
from tests.architecture.tree import ROOT
from tests.cms_core.importer.jspxcms_dumps import JspxcmsDump

FOLDER = Path(os.environ.get("REAL_DATA_DIR", ROOT.parent / "shared" / "data"))
REAL = FOLDER / "legacy_jspxcms" / "jspxcms_demo.sql"


@pytest.fixture
def dump():
    made = JspxcmsDump()
    made.node(10, 1, "新闻", "0000-0001")
    made.node(11, 10, "通知", "0000-0001-0000")
    made.node(12, 1, "论坛", "0000-0002", link="http://www.example.gov.cn/bbs")
    made.node(13, 1, "简介", "0000-0000", text="<p>本局简介</p>")
    made.info(100, 11, "标题", "<p>一</p>[PageBreak]二页[/PageBreak]<p>二</p>", f_source="某报",
              f_small_image="http://old.example.gov.cn/s.jpg", f_file="uploads/a.pdf", f_file_name="附件")  # fmt: skip
    made.info(101, 11, "回收", "<p>旧</p>", status="X")
    made.info(102, 11, "草稿", "<p>稿</p>", status="B")
    made.info(103, 11, "图集", None)
    made.insert("cms_info_image", f_info_id=103, f_image="uploads/2.jpg", f_index=1, f_text="后")
    made.insert("cms_info_image", f_info_id=103, f_image="uploads/1.jpg", f_index=0, f_text="先")
    made.insert("cms_info_node", f_info_id=102, f_node_id=10, f_node_index=1)
    made.insert("cms_tag", f_tag_id=5, f_name="雨")
    made.insert("cms_tag", f_tag_id=6, f_name="雪")
    made.insert("cms_info_tag", f_info_id=100, f_tag_id=6, f_tag_index=0)
    made.insert("cms_info_tag", f_info_id=100, f_tag_id=5, f_tag_index=1)
    made.insert("cms_model_field", f_model_id=7, f_name="price", f_label="价格")
    made.insert("cms_info_custom", f_info_id=102, f_key="price", f_value="<30>")
    made.insert("cms_special", f_special_id=3, f_site_id=1, f_title="专题")
    return made


@pytest.fixture
def source(dump, tmp_path):
    with closing(open_source(dump.write(tmp_path))) as opened:
        yield opened


def test_columns_lose_the_home_page_and_keep_their_order(source):
    sections = source.sections("1")

    assert source.shape == "jspxcms"
    assert [(s.source_key, s.parent_key, s.kind) for s in sections] == [
        ("13", "", SectionKind.SINGLE),
        ("10", "", SectionKind.INDEX),
        ("11", "10", SectionKind.LIST),
        ("12", "", SectionKind.LINK),
    ]
    assert sections[1].old_urls == ("/node/10", "/node/10.jspx")
    assert [(site.code, site.name, site.sections, site.articles) for site in source.sites()] == [
        ("1", "示例局", 5, 4)
    ]


def test_articles_are_put_together_from_their_tables(source):
    articles = {article.source_key: article for article in source.articles("1")}

    assert list(articles) == ["100", "102", "103", "node-13"]
    first = articles["100"]
    assert first.published_at == datetime(2014, 12, 17, 11, 9, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (first.keywords, first.source_name) == ("雪,雨", "某报")
    assert first.body_html == "<p>一</p><h3>二页</h3><p>二</p>"
    assert "/info/100_2.jspx" in first.old_urls
    assert [(a.path, a.name, a.role) for a in first.attachments] == [
        ("http://old.example.gov.cn/s.jpg", "s.jpg", AttachmentRole.COVER),
        ("uploads/a.pdf", "附件", AttachmentRole.FILE),
    ]
    draft = articles["102"]
    assert not draft.verified
    assert any("草稿" in why for why in draft.repairs)
    assert any("10" in why for why in draft.repairs)
    assert "<th>价格</th><td>&lt;30&gt;</td>" in draft.body_html
    gallery = articles["103"].body_html
    assert gallery.index("1.jpg") < gallery.index("先") < gallery.index("2.jpg")
    assert articles["node-13"].body_html == "<p>本局简介</p>"


def test_what_becomes_no_page_is_accounted_for(source):
    kept = [(row.kind, row.source_key) for row in source.set_aside("1")]

    assert kept == [
        (RecordKind.COLUMN, "1"),
        (RecordKind.ARTICLE, "101"),
        (RecordKind.COLUMN, "special-3"),
    ]


@pytest.mark.django_db
def test_a_merge_counts_every_row_and_the_second_writes_nothing(run_import, dump, tmp_path):
    path = dump.write(tmp_path)
    first = run_import(path).report
    second = run_import(path).report

    # Five columns and a topic; four articles and the text of a column.
    assert sum(first.counts_json()["columns"].values()) == 6
    assert sum(first.counts_json()["articles"].values()) == 5
    assert first.counts_json()["columns"]["skipped"] == 2
    assert second.written == {}
    assert ArticlePage.objects.get(slug="a-100").title == "标题"
    assert not ArticlePage.objects.filter(slug="a-101").exists()


def test_an_unknown_shape_names_the_known_ones_and_the_mapping(tmp_path):
    path = tmp_path / "other.sql"
    path.write_text("CREATE TABLE `wp_posts` (`id` int);\nINSERT INTO `wp_posts` VALUES (1);\n")

    with pytest.raises(SourceError, match=r"gov8.*Jspxcms.*--mapping.*wp_posts"):
        open_source(path)


@pytest.mark.skipif(not REAL.is_file(), reason=f"no real dump at {REAL}: set REAL_DATA_DIR")
@pytest.mark.django_db
def test_a_real_dump_agrees_with_an_independent_count(run_import):
    text = REAL.read_text(encoding="utf-8")

    def rows(table):
        return len(re.findall(rf"^INSERT INTO {table} \(", text, re.M))

    counts = run_import(REAL).report.counts_json()

    assert (rows("cms_node"), rows("cms_special"), rows("cms_info")) == (31, 6, 75)
    assert counts["columns"] == {"imported": 28, "repaired": 2, "skipped": 7, "lost": 0}
    assert sum(counts["columns"].values()) == rows("cms_node") + rows("cms_special")
    # The one text of a column is empty.
    assert sum(counts["articles"].values()) == rows("cms_info")
    assert counts["articles"]["skipped"] == len(
        re.findall(r"^INSERT INTO cms_info \(.*,'X',", text, re.M)
    )
    assert counts["articles"]["lost"] == 0
