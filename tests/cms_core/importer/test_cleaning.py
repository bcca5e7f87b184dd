"""Old markup becomes clean blocks: nothing active survives, the structure does."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from cms_core.importer.cleaning import clean_body
from cms_core.importer.enums import AttachmentOrigin, AttachmentRole, FindingCode
from cms_core.pages.markup import clean_markup

RICH_TEXT_TAGS = {"p", "h2", "h3", "h4", "b", "i", "a", "ul", "ol", "li", "br", "hr"}
TABLE_TAGS = RICH_TEXT_TAGS | {"table", "caption", "tbody", "tr", "td", "th"}


def markup(html):
    """The markup of all blocks, with a sign for a missing file."""
    return "".join(block.markup or f"[{block.reference.name}]" for block in clean_body(html).blocks)


def kinds(html):
    return [block.kind for block in clean_body(html).blocks]


VECTORS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='javascript:alert(1)'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' jav\tascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='//evil.example' target=_blank onclick='x()'>x</a>",
    "<a href='legacy-upload:\"onmouseover=alert(1)'>x</a>",
    "<p style='background:url(javascript:alert(1))' onmouseover=alert(1)>x</p>",
    '<div style="width:expression(alert(1))">x</div>',
    "<iframe src='//evil.example'></iframe>",
    "<object data='x.swf'><embed src='x.swf'></object>",
    "<form action='//evil.example'><input name=a autofocus onfocus=alert(1)></form>",
    "<svg><script>alert(1)</script><animate onbegin=alert(1)></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<table><tr><td onclick=x colspan='2\" onload=\"x'>1</td><td>2<script>1</script></td></tr></table>",
    "<ul><li onclick=x><a href=javascript:x>y</a><img src=x onerror=y></li></ul>",
    "<meta http-equiv=refresh content='0;url=//evil.example'><base href='//evil.example'>",
    "<link rel=stylesheet href='//evil.example'><style>@import '//evil.example'</style>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "<img src='<!--#p8_attach#-->/a\"onerror=\"alert(1).jpg' alt='\"><script>alert(1)</script>'>",
]


def assert_harmless(html):
    for block in clean_body(html).blocks:
        allowed = RICH_TEXT_TAGS if block.kind == "paragraph" else TABLE_TAGS
        for node in LexborHTMLParser(block.markup).css("body *"):
            assert node.tag in allowed
            names = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
            assert set(node.attributes) <= names.get(node.tag, set())
            href = node.attributes.get("href") or "/"
            assert re.match(r"https?://|mailto:|tel:|/", href, re.I)
        if block.kind == "html":
            # The page's own cleaning finds nothing left to do.
            assert clean_markup(block.markup) == block.markup.replace("<br/>", "<br>")


@pytest.mark.parametrize("html", VECTORS)
def test_attack_vectors_become_harmless(html):
    assert_harmless(html)
    assert_harmless(f"<p>前{html}后</p><table><tr><td>1</td><td>{html}</td></tr></table>")


PIECES = st.sampled_from(
    [*VECTORS, "<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<ul>", "<li>", "</ul>",
     "<b>", "</b>", "<a href='http://a.example/?a=1&amp;b=2'>", "</a>", "<br>", "<h1>", "</h1>", "<hr>",
     "<font>", "<center>", "文字", " ", "　　", "&nbsp;", "<img src=a.jpg>", "</div>", "<pre>", "\0"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=25))
def test_any_soup_becomes_harmless_and_stays_as_it_is(pieces):
    html = "".join(pieces)

    assert_harmless(html)
    # Cleaning what was cleaned changes no word.
    once = clean_body(html)
    again = clean_body("".join(block.markup for block in once.blocks))
    assert again.text == once.text


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("<p>　　一</p><p>&nbsp;</p><p>二</p>", "<p>一</p><p>二</p>"),
        ("一<br />\r\n<br />\r\n　　二", "<p>一</p><p>二</p>"),
        ("<p>一<br>　　二<br>三</p>", "<p>一</p><p>二<br/>三</p>"),
        ("<div><div>一</div>二</div>三", "<p>一</p><p>二</p><p>三</p>"),
        ("<p>政府\r\n\t\t信息 open data</p>", "<p>政府信息 open data</p>"),
        ("<p><strong>一</strong><b>二</b><em>三</em></p>", "<p><b>一二</b><i>三</i></p>"),
        ("<p><font size=5><span style='color:red'>一</span></font></p>", "<p>一</p>"),
        ("<p>a &lt; b &amp; c</p>", "<p>a &lt; b &amp; c</p>"),
        ("<p>m<sup>2</sup>、H<sub>2</sub>O</p>", "<p>m²、H₂O</p>"),
        ("<h1>一</h1><h3>二</h3><h6>三</h6>", "<h2>一</h2><h4>二</h4><h4>三</h4>"),
        ("<h4>一</h4><h5><b>二</b></h5>", "<h2>一</h2><h3>二</h3>"),
        ("<ul><li>一</li><li> </li><li>二<ol><li>三</li></ol></li></ul>",
         "<ul><li>一</li><li>二<ol><li>三</li></ol></li></ul>"),
        ("<p>一</p><hr><hr><p>二</p><hr>", "<p>一</p><hr/><p>二</p>"),
        ("<a href='http://www.example.gov.cn/?a=1&amp;b=2' class=x>链</a>接",
         '<p><a href="http://www.example.gov.cn/?a=1&amp;b=2">链</a>接</p>'),
        ("<a href='/s.php/gov1/item-view-id-5.html'>旧文</a>",
         '<p><a href="/s.php/gov1/item-view-id-5.html">旧文</a></p>'),
        ("<a href='mailto:a@example.gov.cn'>信</a><a name=top></a><a href='#top'>顶</a>",
         '<p><a href="mailto:a@example.gov.cn">信</a>顶</p>'),
        ("<a href='list2.asp'>断</a>", "<p>断</p>"),
        ("一&amp;ldquo;二&amp;rdquo;", "<p>一“二”</p>"),
        ("<p>显示&amp;lt;b&amp;gt;</p>", "<p>显示&amp;lt;b&amp;gt;</p>"),
    ],
)  # fmt: skip
def test_structure_stays(html, clean):
    assert markup(html) == clean


def test_a_table_keeps_its_cells_and_loses_its_looks():
    html = (
        "<p>前</p><table width=600 style='x' bgcolor=red><caption>表一</caption><thead><tr>"
        "<th scope=col rowspan=2 width=3>甲</th><th colspan='99999'>乙</th></tr></thead><tbody>"
        "<tr><td><p>一</p><p>二</p></td><td><b>三</b><br>四</td></tr></tbody></table><p>后</p>"
    )

    assert kinds(html) == ["paragraph", "html", "paragraph"]
    assert clean_body(html).blocks[1].markup == (
        '<table><caption>表一</caption><tbody><tr><th rowspan="2">甲</th><th>乙</th></tr>'
        "<tr><td><p>一</p><p>二</p></td><td><b>三</b><br/>四</td></tr></tbody></table>"
    )


def test_a_table_of_one_cell_was_a_frame_around_the_page():
    html = (
        "<table><tr><td><p>一</p><table><tr><td>甲</td><td>乙</td></tr></table></td></tr></table>"
    )

    assert kinds(html) == ["paragraph", "html"]


def test_an_empty_table_goes():
    assert kinds("<table><tr><td>&nbsp;</td><td></td></tr></table>") == []


def test_pictures_stand_between_paragraphs():
    body = clean_body(
        "<p>前<img src='<!--#p8_attach#-->/cms/item/1/a.jpg' alt='图一'>后</p>"
        "<p><img src='http://www.example.gov.cn/b.jpg'></p>"
    )

    assert [block.kind for block in body.blocks] == [
        "paragraph", "missing_attachment", "paragraph", "missing_attachment",
    ]  # fmt: skip
    assert [(file.address, file.name, file.origin) for file in body.references] == [
        ("cms/item/1/a.jpg", "图一", AttachmentOrigin.UPLOAD),
        ("http://www.example.gov.cn/b.jpg", "b.jpg", AttachmentOrigin.EXTERNAL),
    ]
    assert body.findings == {FindingCode.MISSING_FILE: 1, FindingCode.EXTERNAL_IMAGE: 1}


def test_a_file_follows_the_sentence_that_names_it():
    body = clean_body("<p>见<a href='<!--#p8_attach#-->/cms/1/b.doc'>附件一</a>。</p><p>完</p>")

    assert [block.markup for block in body.blocks] == ["<p>见附件一。</p>", "", "<p>完</p>"]
    reference = body.blocks[1].reference
    assert (reference.address, reference.name, reference.role) == (
        "cms/1/b.doc", "附件一", AttachmentRole.FILE,
    )  # fmt: skip


def test_files_in_tables_and_lists_follow_them():
    table = "<table><tr><td>甲<img src=a.jpg></td><td>乙</td></tr></table>"

    assert kinds(table) == ["html", "missing_attachment"]
    assert kinds("<ul><li>甲<img src=a.jpg></li><li>乙</li></ul><p>后</p>") == [
        "paragraph", "missing_attachment", "paragraph",
    ]  # fmt: skip


def test_pictures_nobody_needs_leave_no_place():
    body = clean_body(
        "<img src='file:///C:/Users/a/1.png'><img src='///C:/Temp/2.png'>"
        "<img src='https://hm.baidu.com/hm.gif?si=1'><img src='http://a.example/x.gif' width=1 height=1>"
        "<img src='/ewebeditor/sysimage/file/doc.gif'>"
    )

    assert body.blocks == ()
    assert body.findings == {
        FindingCode.LOCAL_IMAGE: 2,
        FindingCode.TRACKER: 2,
        FindingCode.DECORATION: 1,
    }
    assert {file.origin for file in body.references} == {AttachmentOrigin.LOCAL}


def test_findings_count_what_was_removed():
    findings = clean_body(
        "<p style='x' onclick='y'>一</p><script>z</script><iframe></iframe><style>p{}</style>"
        "<a href='javascript:void(0)'>二</a>&amp;nbsp;"
    ).findings

    assert findings == {
        FindingCode.STYLE: 2,
        FindingCode.HANDLER: 1,
        FindingCode.SCRIPT: 1,
        FindingCode.FRAME: 1,
        FindingCode.BAD_ADDRESS: 1,
        FindingCode.OVER_ENCODED: 1,
    }


def test_bottomless_markup_is_kept_as_text():
    body = clean_body("<div>" * 20_000 + "<p>底</p><script>x</script>")

    assert [block.markup for block in body.blocks] == ["<p>底</p>"]
    assert FindingCode.TOO_DEEP in body.findings


def test_nothing_gives_nothing():
    for html in ("", "   ", "<p>&nbsp;</p><br><hr>", "<!-- x -->"):
        assert clean_body(html).blocks == ()
        assert clean_body(html).text == ""
