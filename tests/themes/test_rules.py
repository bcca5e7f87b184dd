"""Titles, labels, footer marks, page numbers, sizes and article HTML."""

import pytest

from themes import rules
from themes.enums import LabelLevel

TITLES = [
    "",
    "　 ",
    "通知",
    "，",
    "《",
    "》，《",
    "你好！！真的吗？",
    "“一网通办”，再提速",
    "市政府常务会议研究今冬明春民生保障，部署供暖供气和困难群众过冬工作",
    "云澧市2026年下半年市直事业单位公开招聘工作人员面试公告",
    "<script>alert(1)</script>",
    "A very long Latin title: with a colon, and a comma",
    "关于" * 30,
]


# --- titles ---------------------------------------------------------------------


@pytest.mark.parametrize("title", TITLES)
def test_phrases_lose_nothing(title):
    assert "".join(rules.title_phrases(title)) == title.strip()
    assert all(rules.title_phrases(title))


@pytest.mark.parametrize("title", TITLES)
def test_no_phrase_but_the_first_starts_with_closing_punctuation(title):
    assert not any(phrase[0] in "，：；。！？》）”" for phrase in rules.title_phrases(title)[1:])


@pytest.mark.parametrize(
    ("title", "phrases"),
    [
        (
            "原市库区移民管理局网站，已并入市政府门户网站",
            ("原市库区移民管理局网站，", "已并入市政府门户网站"),
        ),
        (
            "云澧市人民政府办公室关于印发《云澧市高龄津贴发放办法》的通知",
            ("云澧市人民政府办公室关于印发", "《云澧市高龄津贴发放办法》的通知"),
        ),
        ("市民政局：为什么不再要求居住证明", ("市民政局：", "为什么不再要求居住证明")),
        ("上半年减税；下半年退税", ("上半年减税；", "下半年退税")),
        # Inside a document title, brackets or quotation marks there is no pause.
        ("关于《云澧市停车管理办法，试行》的公告", ("关于《云澧市停车管理办法，试行》的公告",)),
        ("“一网通办，一次办成”改革", ("“一网通办，一次办成”改革",)),
        # 关于 alone would stand on a line of its own.
        ("关于《云澧市停车管理办法》的公告", ("关于《云澧市停车管理办法》的公告",)),
        # A tail of three characters joins the phrase before it.
        ("老旧小区改造明年开工，快看", ("老旧小区改造明年开工，快看",)),
    ],
)
def test_titles_break_where_a_reader_pauses(title, phrases):
    assert rules.title_phrases(title) == phrases


def test_long_title_without_punctuation_breaks_before_a_new_sense():
    assert rules.title_phrases("云澧市2026年下半年市直事业单位公开招聘工作人员面试公告") == (
        "云澧市2026年下半年市直事业单位",
        "公开招聘工作人员面试公告",
    )


def test_a_title_of_exactly_the_longest_phrase_is_not_parted():
    head = "云澧市各区县人民政府市直各部门关于"
    title = head + "一" * (rules.LONG_PHRASE - len(head))
    assert rules.title_phrases(title) == (title,)
    assert len(rules.title_phrases(title + "二三四")) == 2


def test_a_lead_word_inside_a_longer_word_is_not_cut():
    title = "云澧市图书馆珍贵古籍与地方文献公开展示活动安排一览"
    assert rules.title_phrases(title) == (title,)


@pytest.mark.parametrize(
    ("title", "character"),
    [("通知公告", "通"), ("“一网通办”", "一"), ("2026 年", "年"), ("FAQ", ""), ("", "")],
)
def test_type_character_is_the_first_han_character(title, character):
    assert rules.type_character(title) == character


@pytest.mark.parametrize(
    ("page", "site", "title"),
    [
        ("通知公告", "云澧市人民政府", "通知公告 - 云澧市人民政府"),
        ("", "云澧市人民政府", "云澧市人民政府"),
        ("云澧市人民政府", "云澧市人民政府", "云澧市人民政府"),
        ("通知公告", "", "通知公告"),
    ],
)
def test_document_title(page, site, title):
    assert rules.document_title(page, site) == title


# --- labels ---------------------------------------------------------------------

SITE = {"SiteName": "云澧市人民政府", "SiteDomain": "www.yunli.example", "SiteIDCode": "4399000001"}


def test_labels_come_in_national_order_and_without_blanks():
    values = {
        "Url": "http://x/",
        "Author": " ",
        "PubDate": "2026-03-12 09:30",
        "ColumnType": "公告通知",
        **SITE,
    }
    assert rules.ordered_labels(values, LabelLevel.ARTICLE) == (
        *SITE.items(),
        ("ColumnType", "公告通知"),
        ("PubDate", "2026-03-12 09:30"),
        ("Url", "http://x/"),
    )


def test_labels_of_a_deeper_level_are_left_out():
    values = {**SITE, "ColumnName": "通知公告", "ArticleTitle": "通知"}
    assert rules.ordered_labels(values, LabelLevel.SITE) == tuple(SITE.items())
    assert ("ArticleTitle", "通知") not in rules.ordered_labels(values, LabelLevel.SECTION)


def test_an_unknown_label_is_never_printed():
    assert rules.ordered_labels({"Generator": "x"}, LabelLevel.ARTICLE) == ()


@pytest.mark.parametrize(
    ("level", "missing"),
    [
        (LabelLevel.SITE, ()),
        (LabelLevel.SECTION, ("ColumnName", "ColumnType")),
        (
            LabelLevel.ARTICLE,
            ("ColumnName", "ColumnType", "ArticleTitle", "PubDate", "ContentSource"),
        ),
    ],
)
def test_missing_labels_by_level(level, missing):
    assert rules.missing_labels(SITE.items(), level) == missing


def test_a_blank_label_is_missing():
    assert rules.missing_labels({**SITE, "SiteIDCode": " "}.items(), LabelLevel.SITE) == (
        "SiteIDCode",
    )


def test_optional_labels_are_never_missing():
    required = {
        *rules.missing_labels((), LabelLevel.ARTICLE),
        *rules.missing_labels((), LabelLevel.SECTION),
    }
    assert required.isdisjoint(
        {"ColumnDescription", "ColumnKeywords", "Keywords", "Author", "Description", "Url"}
    )


# --- footer ---------------------------------------------------------------------


def test_error_report_names_site_and_page():
    assert rules.error_report_url("4399000001", "http://a.gov.cn/x/?p=1&q=2") == (
        "https://zfwzgl.www.gov.cn/exposure/jiucuo.html"
        "?site_code=4399000001&url=http%3A%2F%2Fa.gov.cn%2Fx%2F%3Fp%3D1%26q%3D2"
    )


def test_no_error_report_without_identification_code():
    assert rules.error_report_url("", "http://a.gov.cn/") == ""


@pytest.mark.parametrize("bad", ["", "123", "g" * 32, "a" * 33, "javascript:alert(1)"])
def test_conac_needs_32_hexadecimal_digits(bad):
    assert rules.conac_url(bad) == ""


def test_conac_url():
    assert (
        rules.conac_url("0A" * 16) == f"https://bszs.conac.cn/sitename?method=show&id={'0A' * 16}"
    )


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ("×公网安备 43990002000001号", "43990002000001"),
        ("43990002000001", "43990002000001"),
        ("×公网安备 4399000200000号", ""),
        ("×公网安备 439900020000012号", ""),
        ("", ""),
    ],
)
def test_police_record_needs_14_digits(record, code):
    url = rules.police_record_url(record)
    assert url.endswith(f"recordcode={code}") if code else url == ""


# --- lists and files ------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "count", "numbers"),
    [
        (1, 1, (1,)),
        (1, 2, (1, 2)),
        (3, 61, (1, 2, 3, 4, 5, None, 61)),
        (1, 61, (1, 2, 3, None, 61)),
        (61, 61, (1, None, 59, 60, 61)),
        (30, 61, (1, None, 28, 29, 30, 31, 32, None, 61)),
        (5, 9, (1, 2, 3, 4, 5, 6, 7, 8, 9)),
    ],
)
def test_page_numbers(page, count, numbers):
    assert rules.page_numbers(page, count) == numbers


@pytest.mark.parametrize(("page", "count"), [(0, 5), (6, 5), (1, 0)])
def test_page_outside_the_list_is_refused(page, count):
    with pytest.raises(ValueError, match=f"page {page} is not within"):
        rules.page_numbers(page, count)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (-1, ""),
        (0, ""),
        (1, "1 KB"),
        (88_064, "86 KB"),
        (1024 * 1024, "1.0 MB"),
        (1_258_291, "1.2 MB"),
        (3 * 1024**3, "3.0 GB"),
    ],
)
def test_size_text(size, text):
    assert rules.size_text(size) == text


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a.pdf", "PDF"),
        ("表.tar.gz", "GZ"),
        ("none", ""),
        ("dot.", ""),
        ("x.不", ""),
        ("y.toolong", ""),
    ],
)
def test_file_extension(name, extension):
    assert rules.file_extension(name) == extension


@pytest.mark.parametrize(("count", "text"), [(None, ""), (0, "0"), (1206, "1,206")])
def test_count_text(count, text):
    assert rules.count_text(count) == text


# --- article HTML ---------------------------------------------------------------


NO_ALTERNATIVE = "没有文字说明"


def typeset_html(html):
    return rules.typeset_html(html, table_words="表格", no_alternative=NO_ALTERNATIVE)


def test_an_outermost_table_gets_a_box_a_nested_one_does_not():
    html = (
        "<p>a</p><table><tr><td><table></table></td></tr></table><p>b</p><TABLE class='x'></TABLE>"
    )
    typeset = typeset_html(html)
    assert typeset.count('<div class="scroll"') == typeset.count("</div>") == 2
    assert typeset.startswith('<p>a</p><div class="scroll"')
    assert "</table></div><p>b</p>" in typeset


@pytest.mark.parametrize(
    "html", ["<table><tr>", "</table><table></table>", "<tablet></tablet>", "", "text"]
)
def test_html_without_balanced_tables_stays_as_it_is(html):
    assert typeset_html(html) == html


def test_typed_blanks_at_the_start_of_a_paragraph_go():
    html = '<p>　　甲</p><p class="sign">&nbsp;\u00a0 乙　丙</p><td>　丁</td>'
    assert typeset_html(html) == '<p>甲</p><p class="sign">乙　丙</p><td>　丁</td>'


@pytest.mark.parametrize(
    ("html", "typeset"),
    [
        ('<img src="/a">', f'<img alt="{NO_ALTERNATIVE}" src="/a">'),
        ('<IMG src="/a"/>', f'<IMG alt="{NO_ALTERNATIVE}" src="/a"/>'),
        ('<img src="/a" alt="桥">', '<img src="/a" alt="桥">'),
        ('<img alt="" src="/a">', '<img alt="" src="/a">'),
        (
            '<img data-alt="x" src="/alt=1">',
            f'<img alt="{NO_ALTERNATIVE}" data-alt="x" src="/alt=1">',
        ),
        ("<imgx>", "<imgx>"),
    ],
)
def test_an_image_without_an_alternative_says_so(html, typeset):
    assert typeset_html(html) == typeset
