"""Tables: what markup becomes one, what an editor may fill in, what a page prints."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from selectolax.lexbor import LexborHTMLParser

from cms_core.pages.table_block import (
    MOST_ROWS,
    ArticleTableBlock,
    Grid,
    Merge,
    grid_of_markup,
    plain_table,
    shown_table,
)

MERGED = (
    "<table><caption>补贴标准</caption><tbody><tr><td rowspan=2>项目</td><td colspan=2>标准</td></tr>"
    "<tr><td>城市</td><td>农村</td></tr><tr><td>甲<br>乙</td><td>1</td><td><b>2</b></td></tr></tbody></table>"
)


def printed(value) -> str:
    block = shown_table(value)
    return render_to_string("themes/every_look/parts/article_block.html", {"block": block})


def test_merged_cells_of_markup_stay_where_they_were():
    grid = grid_of_markup(MERGED)

    assert grid is not None
    assert grid.rows == (("项目", "标准", ""), ("", "城市", "农村"), ("甲\n乙", "1", "2"))
    assert grid.merges == (Merge(0, 0, 2, 1), Merge(0, 1, 1, 2))
    html = printed(ArticleTableBlock().clean(grid.value()))
    table = LexborHTMLParser(html)
    assert table.css_first("caption").text() == "补贴标准"
    assert [cell.attributes for cell in table.css("thead th")] == [
        {"scope": "col", "rowspan": "2"},
        {"scope": "colgroup", "colspan": "2"},
        {"scope": "col"},
        {"scope": "col"},
    ]
    assert [cell.html for cell in table.css("tbody td")] == [
        "<td>甲<br>乙</td>",
        "<td>1</td>",
        "<td>2</td>",
    ]


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td><a href='/x'>x</a></td><td>1</td></tr><tr><td>1</td><td>1</td></tr></table>",
        "<table><tr><td><table><tr><td>1</td></tr></table></td><td>1</td></tr></table>",
        "<table><tr><td><ul><li>1</li></ul></td><td>1</td></tr><tr><td>1</td><td>1</td></tr></table>",
        "<p>words</p><table><tr><td>1</td><td>2</td></tr><tr><td>1</td><td>2</td></tr></table>",
        "<table>" + "<tr><td>1</td><td>2</td></tr>" * (MOST_ROWS + 1) + "</table>",
        "<table><tr>" + "<td>1</td>" * 21 + "</tr><tr><td>1</td></tr></table>",
        "<table><tr><td colspan=900>1</td></tr><tr><td>1</td></tr></table>",
        "<table></table>",
        "<p>no table</p>",
    ],
)
def test_what_a_grid_would_lose_stays_markup(markup):
    assert grid_of_markup(markup) is None


def test_editors_cells_lose_unseen_characters_and_empty_last_rows():
    value = Grid((("名\u202e称", "数\x00量"), ("<b>甲</b>", ""), ("", ""))).value()

    cleaned = ArticleTableBlock().clean(value)

    assert cleaned["data"] == [["名称", "数量"], ["<b>甲</b>", ""]]
    assert "&lt;b&gt;甲&lt;/b&gt;" in printed(cleaned)
    assert plain_table(cleaned) == "名称 数量\n<b>甲</b>"


def test_too_large_a_table_is_refused_with_the_way_out():
    value = Grid(tuple(("a", "b") for _n in range(MOST_ROWS + 1))).value()

    with pytest.raises(ValidationError, match="附件"):
        ArticleTableBlock().clean(value)


def test_every_table_has_a_caption_that_is_heard():
    html = printed(Grid((("姓名", "职务"), ("示例", "主任")), has_head_column=True).value())

    assert '<caption class="vh">表格：姓名、职务</caption>' in html
    assert re.search(r'<tbody><tr><th scope="row">示例</th><td>主任</td></tr>', html)


@pytest.mark.parametrize(
    "value",
    [
        {"data": [["a", "b"], ["c", "d"]], "mergeCells": [{"row": 0, "col": 0, "rowspan": 9, "colspan": 9}]},
        {"data": [["a", "b"], ["c", "d"]], "mergeCells": [{"row": "x"}, {"row": -1, "col": 0, "rowspan": 2}]},
        {"data": [["a"], ["c", None]], "first_row_is_table_header": True},
    ],
)  # fmt: skip
def test_a_broken_value_breaks_no_page(value):
    block = shown_table(value)

    assert [[cell.lines for cell in row.cells] for row in block.head + block.body] == [
        [(text or "",) for text in row] for row in value["data"]
    ]
    assert {(c.rowspan, c.colspan) for row in block.head + block.body for c in row.cells} == {
        (1, 1)
    }


@pytest.mark.parametrize("value", [None, {}, {"data": []}, {"data": [["", ""]]}])
def test_an_empty_table_is_not_printed(value):
    assert shown_table(value) is None
