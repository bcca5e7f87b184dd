"""Word files and spreadsheets become drafts: structure stays, looks go, the dangerous stays out."""

import io
import re
import tracemalloc
import zipfile
from datetime import date, datetime
from typing import Any

import docx
import openpyxl
import pytest
from django.test import Client
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from wagtail.models import UploadedFile

from cms_core.media.models import MediaFile, MediaImage
from cms_core.office_import.plan import ImportRefused, Passage, Picture, Table
from cms_core.office_import.services import read_office_file
from cms_core.pages.models import ArticlePage
from sites.accounts.enums import RoleCode
from sites.audit.models import DomainEvent
from sites.tenancy.scope import tenant_scope
from tests.cms_core.media.samples import (
    old_office,
    pdf,
    photograph,
    upload,
    word,
    zip_bomb,
    zipped,
)
from tests.sites.accounts.people import house, member, signed_in


def word_file() -> bytes:
    """A notice as an office writes it."""
    document = docx.Document()
    document.add_heading("关于开展示例检查的通知", 0)
    document.add_paragraph("各单位：")
    document.add_heading("一、检查内容", 1)
    red = document.add_paragraph("按照")
    red.add_run("有关规定").bold = True
    run = red.add_run("<script>alert(1)</script>")
    run.font.color.rgb = docx.shared.RGBColor(255, 0, 0)
    document.add_heading("（一）范围", 2)
    for words in ("第一项", "第二项"):
        document.add_paragraph(words, style="List Bullet")
    document.add_paragraph("步骤一", style="List Number")
    table = document.add_table(rows=3, cols=3)
    for r in range(3):
        for c in range(3):
            table.cell(r, c).text = f"格{r}{c}"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "标准"
    document.add_picture(io.BytesIO(photograph()))
    document.add_paragraph("联系电话见")
    _link(document.paragraphs[-1], "https://www.example.gov.cn/a?b=1&c=2", "网站")
    _link(document.paragraphs[-1], "javascript:alert(1)", "坏链接")
    document.sections[0].header.paragraphs[0].text = "内部资料"
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def _link(paragraph: Any, address: str, words: str) -> None:
    relation = paragraph.part.relate_to(
        address,
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        True,
    )
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = words
    run.append(text)
    link.append(run)
    paragraph._p.append(link)


def sheet_file() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "补贴"
    sheet.append(["2026年补贴标准", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append(["项目", "日期", "比例"])
    sheet.append(["甲 <b>", date(2026, 3, 1), 0.125])
    sheet["C3"].number_format = "0.0%"
    sheet.append(["乙", datetime(2026, 3, 1, 9, 30), 3.0])
    sheet.append(["丙", None, True])
    sheet.merge_cells("A4:A5")
    book.create_sheet("空")
    hidden = book.create_sheet("藏")
    hidden.append(["秘密", "x"])
    hidden.sheet_state = "hidden"
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def read(body: bytes, name: str) -> Any:
    return read_office_file(upload(body, name), name)


def test_structure_of_a_word_file_stays_and_looks_go():
    text = read(word_file(), "通知.docx")

    assert text.title == "关于开展示例检查的通知"
    kinds = [type(piece) for piece in text.pieces]
    assert kinds == [Passage, Table, Picture, Passage]
    first, table, picture, last = text.pieces
    assert first.markup == (
        "<p>各单位：</p><h2>一、检查内容</h2>"
        "<p>按照<b>有关规定</b>&lt;script&gt;alert(1)&lt;/script&gt;</p><h3>（一）范围</h3>"
        "<ul><li>第一项</li><li>第二项</li></ul><ol><li>步骤一</li></ol>"
    )
    assert table.grid.rows[0] == ("格00", "标准", "")
    assert [(m.row, m.column, m.columns) for m in table.grid.merges] == [(0, 1, 2)]
    assert picture.body[:3] == b"\xff\xd8\xff"
    assert b"Secret" not in picture.body
    assert '<a href="https://www.example.gov.cn/a?b=1&amp;c=2">网站</a>坏链接' in last.markup
    assert any("页眉" in line for line in text.dropped)
    assert "内部资料" not in repr(text.pieces)


def test_values_of_a_sheet_stay_and_hidden_ones_stay_hidden():
    text = read(sheet_file(), "补贴标准.xlsx")

    (table,) = text.pieces
    assert table.grid.caption == "2026年补贴标准"
    assert table.grid.rows == (
        ("项目", "日期", "比例"),
        ("甲 <b>", "2026-03-01", "12.5%"),
        ("乙", "2026-03-01 09:30", "3"),
        ("", "", "是"),
    )
    assert [(m.row, m.column, m.rows) for m in table.grid.merges] == [(2, 0, 2)]
    assert "秘密" not in repr(text)
    assert any("隐藏" in line for line in text.dropped)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_lists_of_every_office_program_are_read(encoding: str):
    (table,) = read("姓名\t数量\r\n示例\t3\r\n".encode(encoding), "名单.csv").pieces

    assert table.grid.rows == (("姓名", "数量"), ("示例", "3"))


def empty_file() -> bytes:
    body = io.BytesIO()
    docx.Document().save(body)
    return body.getvalue()


#: Seven megabytes that do not pack like a bomb.
LONG = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(20_011)) * 116
BAD = [
    ("旧.doc", old_office("WordDocument"), "另存为 docx"),
    ("旧.wps", old_office("WordDocument"), "另存为 docx"),
    ("旧.xls", old_office("Workbook"), "另存为 xlsx"),
    ("宏.docm", word_file(), "宏"),
    ("宏.docx", word(word__vbaProject_dot_bin=b"x"), "宏"),
    ("弹.docx", zip_bomb(), "没有接收"),
    ("实体.docx", word(word__document_dot_xml="<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), "声明"),
    ("实体.docx", word(word__document_dot_xml="<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>".encode("utf-16")), "声明"),
    ("坏.docx", word(word__document_dot_xml="<w:document"), "另存为 docx"),
    ("空.docx", empty_file(), "没有文字"),
    ("长.docx", word(word__document_dot_xml=f"<x>{LONG}</x>"), "太长"),
    ("坏.xlsx", zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<x/>"}), "xlsx"),
    ("空.csv", b"\n\n", "没有填写"),
    ("大.csv", b"a,b\n" * 301, "附件"),
    ("宽.csv", b"," * 25 + b"x", "附件"),
    ("年报.pdf", pdf(), "附件"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "body", "words"), BAD, ids=[f"{n}-{b[0]}" for n, b in enumerate(BAD)]
)
def test_what_cannot_become_an_article_says_what_to_do(name: str, body: bytes, words: str):
    tracemalloc.start()
    try:
        with pytest.raises(ImportRefused) as refusal:
            read(body, name)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert words in refusal.value.words
    assert refusal.value.words.endswith("。")
    assert peak < 200_000_000


def test_a_sheet_that_lies_about_its_size_is_read_to_its_end_only():
    body = sheet_file()
    lying = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(lying, "w") as new:
        for info in old.infolist():
            part = old.read(info)
            if info.filename.endswith("sheet1.xml"):
                part = re.sub(rb'<dimension ref="[^"]+"', b'<dimension ref="A1:XFD1048576"', part)
            new.writestr(info.filename, part)

    (table,) = read(lying.getvalue(), "a.xlsx").pieces

    assert len(table.grid.rows) == 4


@pytest.fixture
def town(db: None, tmp_path: Any, settings: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return house("town")


@pytest.fixture
def editor(town: Any) -> Any:
    return member(town.tenant, RoleCode.EDITOR)


def _choose(desk: Client, town: Any, body: bytes, name: str) -> Any:
    return desk.post(
        "/t/town/office-import/", {"section": town.section.pk, "file": upload(body, name)}
    )


def test_an_editor_looks_through_and_makes_the_draft(town, editor):
    desk = signed_in(editor)
    answer = _choose(desk, town, word_file(), "通知.docx")
    assert answer.status_code == 302, answer.content.decode()
    address = answer["Location"]

    shown = desk.get(address).content.decode()
    assert "关于开展示例检查的通知" in shown
    assert "页眉和页脚" in shown
    assert "<script>alert(1)" not in shown
    made = desk.post(address, {"title": "改过的标题", "with_original": "on"})

    assert made.status_code == 302
    with tenant_scope(town.tenant, editor):
        page = ArticlePage.objects.get(title="改过的标题")
        assert not page.live
        assert page.get_parent().pk == town.section.pk
        kinds = [block.block_type for block in page.get_latest_revision_as_object().body]
        assert kinds == ["paragraph", "table", "image", "paragraph", "attachment"]
        assert MediaImage.objects.count() == MediaFile.objects.count() == 1
        assert not UploadedFile.objects.exists()
        assert DomainEvent.objects.filter(kind="article_from_office_file").count() == 1
    assert desk.get(made["Location"]).status_code == 200
    assert desk.get(address).status_code == 404


def test_a_bad_file_is_told_and_nothing_is_kept(town, editor):
    answer = _choose(signed_in(editor), town, old_office("WordDocument"), "旧文.doc")

    assert answer.status_code == 200
    assert "另存为 docx" in answer.content.decode()
    with tenant_scope(town.tenant, editor):
        assert not UploadedFile.objects.exists()


def test_cancel_keeps_nothing(town, editor):
    desk = signed_in(editor)
    address = _choose(desk, town, word_file(), "通知.docx")["Location"]

    desk.post(address, {"cancel": "1"})

    with tenant_scope(town.tenant, editor):
        assert not UploadedFile.objects.exists()
        assert not MediaImage.objects.exists()
    assert desk.get(address).status_code == 404


def test_files_and_sections_of_others_are_unknown(town, editor):
    other = house("other")
    desk = signed_in(editor)
    address = _choose(desk, town, word_file(), "通知.docx")["Location"]
    colleague = signed_in(member(town.tenant, RoleCode.EDITOR, name="colleague"))
    stranger = signed_in(member(other.tenant, RoleCode.EDITOR))
    letters = signed_in(member(town.tenant, RoleCode.LETTER_HANDLER))

    assert colleague.get(address).status_code == 404
    assert stranger.get(address.replace("/t/town/", "/t/other/")).status_code == 404
    path = address.partition("?")[0]
    assert desk.get(f"{path}?section={other.section.pk}").status_code == 404
    assert desk.post(f"{path}?section={other.section.pk}", {"title": "x"}).status_code == 404
    refused = desk.post(
        "/t/town/office-import/",
        {"section": other.section.pk, "file": upload(b"a,b\nc,d", "a.csv")},
    )
    assert refused.status_code == 200
    assert letters.get("/t/town/office-import/").status_code in (302, 403)
