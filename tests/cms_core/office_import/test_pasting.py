"""Pasting from Word and from pages: real lists, pictures kept or told."""

import base64
import io

import lxml.html
import pytest
from PIL import Image

from cms_core.media.models import MediaImage
from cms_core.office_import.pasting import make_lists, take_in
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.sites.accounts.people import house, member, signed_in


def item(words: str, sign: str, level: int = 1, source: str = "l0") -> str:
    """As Word writes an item into the clipboard."""
    return (
        f"<p class=MsoListParagraph style='margin-left:18.0pt;mso-list:{source} level{level} lfo1'>"
        f"<!--[if !supportLists]--><span style='font-family:Symbol'><span style='mso-list:Ignore'>{sign}"
        f"<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span></span><!--[endif]-->"
        f"<b>{words}</b>尾<o:p></o:p></p>\n"
    )


def listed(markup: str) -> str:
    body = lxml.html.document_fromstring(markup).find("body")
    make_lists(body)
    for element in body.xpath(".//span | .//*[local-name()='o:p' or name()='p' and not(node())]"):
        element.drop_tag()
    found = lxml.html.tostring(body, encoding="unicode")
    return (
        found.replace("\n", "")
        .replace("<p></p>", "")
        .replace("<!--[if !supportLists]-->", "")
        .replace("<!--[endif]-->", "")
    )


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([("甲", "·"), ("乙", "·")], "<ul><li><b>甲</b>尾</li><li><b>乙</b>尾</li></ul>"),
        ([("甲", "1."), ("乙", "2.")], "<ol><li><b>甲</b>尾</li><li><b>乙</b>尾</li></ol>"),
        (
            [("甲", "1."), ("子", "a)", 2), ("乙", "2.")],
            "<ol><li><b>甲</b>尾<ol><li><b>子</b>尾</li></ol></li><li><b>乙</b>尾</li></ol>",
        ),
    ],
)
def test_lists_of_word(items, expected):
    markup = "<p>前</p>" + "".join(item(*one) for one in items) + "<p>后</p>"

    assert f"<p>前</p>{expected}<p>后</p>" in listed(markup)


@pytest.mark.parametrize("sign", ["一、", "（一）", "3.", "①"])
def test_numbers_that_a_list_would_falsify_stay_words(sign):
    found = lxml.html.fromstring(listed(item("甲", sign) + item("乙", "4."))).text_content()

    assert "".join(found.split()).startswith(f"{sign}甲尾4.乙尾")


def png(size=(40, 30)) -> str:
    stream = io.BytesIO()
    Image.new("RGB", size, "red").save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def test_pictures_are_kept_and_told(db):
    here = house("alpha")
    writer = signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))
    markup = (
        f'<h2>题</h2><p>文<img alt="图甲" src="data:image/png;base64,{png()}"></p>'
        '<p><img src="data:image/png;base64,AAAA"><img src="file:///C:/x.png"></p>'
    )
    answer = writer.post("/t/alpha/office-import/pasted/", {"markup": markup})

    said = answer.json()
    assert said["markup"].startswith("<h2>题</h2><p>文</p>")
    assert "img" not in said["markup"]
    assert "1 张图片已经收进本站图片库" in said["words"]
    assert "有 1 张图片没有收下" in said["words"]
    assert "有 1 张图片没有带过来" in said["words"]
    with tenant_scope(here.tenant):
        kept = MediaImage.objects.get()
        assert (kept.description, kept.width) == ("图甲", 40)
    assert writer.get("/t/alpha/office-import/pasted/").status_code == 405
    reader = signed_in(member(here.tenant, RoleCode.LETTER_HANDLER))
    assert reader.post("/t/alpha/office-import/pasted/", {"markup": markup}).status_code in (
        302,
        403,
    )
    with tenant_scope(here.tenant):
        assert MediaImage.objects.count() == 1


@pytest.mark.parametrize(
    "markup", ["", "<", "<p", "\x00", "<img>", "<!--[if !supportLists]-->", "文" * 99]
)
def test_nothing_that_is_pasted_is_a_server_error(db, markup):
    here = house("alpha")
    person = member(here.tenant, RoleCode.SITE_ADMINISTRATOR)
    with tenant_scope(here.tenant, person):
        take_in(actor=person, markup=markup)
