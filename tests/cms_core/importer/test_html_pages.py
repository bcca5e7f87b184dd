"""A folder of old web pages becomes sections and articles, whatever the pages were written in."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_core.importer.crawling.crawl import MANIFEST
from cms_core.importer.exceptions import SourceError
from cms_core.importer.sources.html_encoding import read_text
from cms_core.importer.sources.html_page import LEGACY_ZONE, PageSelectors, read_page
from cms_core.importer.sources.html_pages import HtmlPagesSource, parent_of, section_of

TEXT = "示例县人民政府关于公布二〇一四年度示例项目名单的通知，各乡镇人民政府、县级各部门：" * 4
MENU = '<a href="/zwgk/">政务公开</a><a href="/zwgk/tzgg/index.html">通知公告</a>'
LABELLED = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<meta name="SiteName" content="示例县人民政府"><meta name="ArticleTitle" content="关于示例的通知">
<meta name="PubDate" content="2014-03-05 09:30"><meta name="ContentSource" content="县政府办">
<meta name="ColumnName" content="通知公告"><title>关于示例的通知 - 示例县人民政府</title></head>
<body><div class="nav">{MENU}</div><div class="TRS_Editor"><p>{TEXT}</p>
<p><a href="./P020140305.pdf">附件</a><img src="../../img/a.jpg"></p></div></body></html>"""
UNLABELLED = f"""<html><head><title>春季植树活动_示例县人民政府</title></head><body>
<table><tr><td>{MENU}</td></tr><tr><td><h1>春季植树活动</h1>
<div>发布时间：2013年4月2日 来源：林业局 作者：王示例</div><div><p>{TEXT}</p><p>{TEXT}</p></div>
</td></tr></table><div>版权所有 <a href="http://elsewhere.example/">技术支持</a></div></body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    def made(files: dict[str, bytes]) -> Path:
        for name, body in files.items():
            path = tmp_path / "old" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        return tmp_path / "old"

    return made


@pytest.fixture
def static_site(folder: Callable[[dict[str, bytes]], Path]) -> Path:
    return folder(
        {
            "index.html": f"<title>示例县人民政府</title>{MENU}".encode(),
            "zwgk/tzgg/index.html": f"<title>列表</title>{MENU}".encode("gbk"),
            "zwgk/tzgg/201403/t20140305_1.html": LABELLED.encode("gbk"),
            "news/2.shtml": UNLABELLED.encode(),
            "news/list.html": "".join(f'<a href="{n}.shtml">{TEXT}</a>' for n in range(9)).encode(),
            "css/a.css": b"p{}",
        }
    )


def test_sections_are_the_folders_named_by_what_pages_and_links_say(static_site: Path) -> None:
    source = HtmlPagesSource(static_site)
    [site] = source.sites()
    assert (site.code, site.name, site.sections, site.articles) == ("old", "示例县人民政府", 3, 2)
    found = {section.source_key: section for section in source.sections("old")}
    assert {key: section.name for key, section in found.items()} == {
        "/news/": "news",
        "/zwgk/": "政务公开",
        "/zwgk/tzgg/": "通知公告",
    }
    assert found["/zwgk/tzgg/"].parent_key == "/zwgk/"
    assert found["/zwgk/"].parent_key == ""
    assert found["/zwgk/tzgg/"].old_urls == ("/zwgk/tzgg/", "/zwgk/tzgg/index.html")


def test_articles_are_read_by_their_labels_or_by_their_markup(static_site: Path) -> None:
    second, first = HtmlPagesSource(static_site).articles("old")
    assert first.title == "关于示例的通知"
    assert first.section_key == "/zwgk/tzgg/"
    assert first.published_at == datetime(2014, 3, 5, 9, 30, tzinfo=LEGACY_ZONE)
    assert first.source_name == "县政府办"
    assert first.old_urls == ("/zwgk/tzgg/201403/t20140305_1.html",)
    assert TEXT in (first.body_html or "")
    assert "政务公开" not in (first.body_html or "")
    assert 'href="/zwgk/tzgg/201403/P020140305.pdf"' in (first.body_html or "")
    assert 'src="/zwgk/img/a.jpg"' in (first.body_html or "")
    assert first.repairs == ()

    assert second.title == "春季植树活动"
    assert second.published_at == datetime(2013, 4, 2, tzinfo=LEGACY_ZONE)
    assert (second.source_name, second.author) == ("林业局", "王示例")
    assert (second.body_html or "").count(TEXT) == 2
    assert "版权所有" not in (second.body_html or "")


def test_every_page_has_an_account(static_site: Path) -> None:
    source = HtmlPagesSource(static_site)
    aside = {row.source_key for row in source.set_aside("old")}
    assert aside == {"/index.html", "/zwgk/tzgg/index.html", "/news/list.html"}
    assert len(list(source.articles("old"))) + len(aside) == 5


def test_one_script_that_prints_all_is_divided_by_labels(
    folder: Callable[[dict[str, bytes]], Path],
) -> None:
    place = folder({"pages/1.html": LABELLED.encode("gbk"), "pages/2.html": LABELLED.encode("gbk")})
    lines = [
        f'{{"url": "http://old.example/view.asp?id={n}", "outcome": "kept", "file": "pages/{n}.html"}}'
        for n in (1, 2)
    ]
    (place / MANIFEST).write_text("\n".join(lines) + "\n")
    source = HtmlPagesSource(place)
    assert [site.code for site in source.sites()] == ["old.example"]
    assert [s.name for s in source.sections("old.example")] == ["通知公告"]
    assert [a.old_urls for a in source.articles("old.example")] == [
        ("/view.asp?id=1",),
        ("/view.asp?id=2",),
    ]


def test_templates_of_the_old_server_are_no_pages(
    folder: Callable[[dict[str, bytes]], Path],
) -> None:
    place = folder(
        {"a.aspx": f'<%@ page language="C#" %><p>{TEXT}</p>'.encode(), "b.html": b"<p>x"}
    )
    source = HtmlPagesSource(place)
    assert list(source.articles("old")) == []
    assert "template" in next(iter(source.set_aside("old"))).reason


@pytest.mark.parametrize(
    ("body", "header", "encoding", "repaired"),
    [
        ("通知".encode("gb18030"), "", "gb18030", False),
        ("通知".encode("gb18030"), "text/html; charset=GB2312", "gb18030", False),
        ("\ufeff通知".encode(), "text/html; charset=gbk", "utf-8-sig", False),
        ("<meta charset=gb2312>通知".encode(), "", "utf-8", True),
        (b"<meta charset=rot13>ok", "", "utf-8", False),
        (b"\xff\xff\xff<meta charset=utf-8>", "", "utf-8", True),
    ],
)
def test_an_encoding_counts_when_the_whole_page_holds_in_it(
    body: bytes, header: str, encoding: str, repaired: bool
) -> None:
    found = read_text(body, header)
    assert (found.encoding, bool(found.repair)) == (encoding, repaired)


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_around_a_text_leave_its_title_and_time(noise: bytes, header: str) -> None:
    """What the noise is, and what the server calls it, changes nothing of labels in plain letters."""
    labels = (
        b'<meta name="ArticleTitle" content="Notice"><meta name="PubDate" content="2014-03-05">'
    )
    found = read_text(labels + b"<p>" + noise.replace(b"<", b"") + b"</p>", header)
    page = read_page(found.text, "http://old.invalid/a/b.html")
    assert page.title == "Notice"
    assert page.published_at == datetime(2014, 3, 5, tzinfo=LEGACY_ZONE)


def test_a_mapping_says_where_things_stand() -> None:
    html = f"<title>x</title><b class=t>题</b><i id=d>2011-1-2</i><div id=z>{TEXT}</div><p>{TEXT * 5}</p>"
    page = read_page(html, "http://o/", PageSelectors(title=".t", body="#z", time="#d"))
    assert page.title == "题"
    assert (page.body_html or "").count("示例县") == 4
    assert page.published_at == datetime(2011, 1, 2, tzinfo=LEGACY_ZONE)


@pytest.mark.parametrize("written", ["2014-13-05", "0000-01-01", "9999年99月99日"])
def test_a_date_that_is_none_is_left_out(written: str) -> None:
    html = f'<meta name="PubDate" content="{written}"><p>{TEXT}</p>'
    assert read_page(html, "http://o/").published_at is None


def test_folders_of_dates_are_no_sections() -> None:
    assert section_of("http://o/zwgk/tzgg/2014/03/05/1.html") == "/zwgk/tzgg/"
    assert section_of("http://o/1.html") == "/"
    assert parent_of("/zwgk/tzgg/") == "/zwgk/"
    assert parent_of("/zwgk/") == "/"


def test_what_is_no_site_is_refused_in_words(
    folder: Callable[[dict[str, bytes]], Path], tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match="holds no web pages"):
        HtmlPagesSource(folder({"a.txt": b"x"}))
    with pytest.raises(SourceError, match="is an archive"):
        HtmlPagesSource(folder({"site.zip": b"PK", "a.html": b"x"}))
    (tmp_path / "old" / "site.zip").unlink()
    (tmp_path / "old" / MANIFEST).write_text(
        '{"url": "http://o/", "outcome": "kept", "file": "../x"}\n'
    )
    with pytest.raises(SourceError, match="not in the folder"):
        HtmlPagesSource(tmp_path / "old")


def test_links_out_of_the_folder_are_not_followed(
    folder: Callable[[dict[str, bytes]], Path], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.html"
    secret.write_text(f"<p>{TEXT}</p>")
    place = folder({"a.html": b"<p>x</p>"})
    (place / "b.html").symlink_to(secret)
    assert [row.source_key for row in HtmlPagesSource(place).set_aside("old")] == ["/a.html"]
