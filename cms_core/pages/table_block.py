"""Tables of articles (表格): a grid of plain text with a caption, headings and merged cells.

Editors fill it like a sheet and can paste cells from a spreadsheet or a text program into it: words
and cells arrive, fonts and colours do not. What is stored is the value of Wagtail's table block.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from selectolax.lexbor import LexborHTMLParser, LexborNode
from wagtail.admin.telepath import register
from wagtail.contrib.table_block.blocks import TableBlock, TableInput, TableInputAdapter

from sites.typed_text.rules import seen_text
from themes import contract

#: A longer table is no reading on a page: it is offered as a file.
MOST_ROWS = 300
MOST_COLUMNS = 20
LONGEST_CELL = 1000
LONGEST_CAPTION = 200
#: Rows that may belong to the heading, where its cells are merged downwards.
MOST_HEAD_ROWS = 4
#: Markup in a cell that plain text keeps the sense of.
_PLAIN_IN_CELL = {"p", "br", "b", "strong", "i", "em", "span", "div", "-text", "font"}
#: The sheet's own language files are not shipped with Wagtail: its menu gets our words, and the one
#: language it knows keeps it from complaining.
_OPTIONS = {"startRows": 3, "startCols": 3, "mergeCells": True, "language": "en-US"}
_MENU = (
    ("row_above", gettext_lazy("Row above")),
    ("row_below", gettext_lazy("Row below")),
    ("col_left", gettext_lazy("Column to the left")),
    ("col_right", gettext_lazy("Column to the right")),
    ("remove_row", gettext_lazy("Remove the row")),
    ("remove_col", gettext_lazy("Remove the column")),
    ("mergeCells", gettext_lazy("Merge or part the cells")),
    ("undo", gettext_lazy("Undo")),
    ("redo", gettext_lazy("Do again")),
)


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells joined into the one at ``row`` and ``column``."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table before it is a block: rows of texts, all as long as the longest."""

    rows: tuple[tuple[str, ...], ...]
    merges: tuple[Merge, ...] = ()
    caption: str = ""
    has_head_row: bool = True
    has_head_column: bool = False

    def value(self) -> dict[str, Any]:
        """As the table block stores it."""
        choice = {
            (True, True): "both",
            (True, False): "row",
            (False, True): "column",
            (False, False): "neither",
        }[self.has_head_row, self.has_head_column]
        return {
            "data": [list(row) for row in self.rows],
            "cell": [],
            "mergeCells": [
                {"row": m.row, "col": m.column, "rowspan": m.rows, "colspan": m.columns}
                for m in self.merges
            ],
            "table_caption": self.caption[:LONGEST_CAPTION],
            "table_header_choice": choice,
            "first_row_is_table_header": self.has_head_row,
            "first_col_is_header": self.has_head_column,
        }


class ArticleTableInput(TableInput):
    """Wagtail's sheet with a menu in the reader's language."""


class ArticleTableInputAdapter(TableInputAdapter):
    def js_args(self, widget: Any) -> list[Any]:
        options, strings = super().js_args(widget)
        menu = {key: {"name": str(words)} for key, words in _MENU}
        return [options | {"contextMenu": {"items": menu}}, strings]


register(ArticleTableInputAdapter(), ArticleTableInput)


class ArticleTableBlock(TableBlock):
    """Wagtail's table block within limits, without unseen characters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(table_options=dict(_OPTIONS), **kwargs)

    @cached_property
    def field(self) -> forms.Field:
        widget = ArticleTableInput(table_options=self.table_options)
        return forms.CharField(widget=widget, **self.field_options)

    def get_comparison_class(self) -> Any:
        from .comparisons import TableComparison

        return TableComparison

    def clean(self, value: Any) -> Any:
        value = super().clean(value)
        if not value:
            return value
        data = [[_text(cell) for cell in row] for row in value.get("data") or []]
        while data and not any(data[-1]):
            data.pop()
        if len(data) > MOST_ROWS or max((len(row) for row in data), default=0) > MOST_COLUMNS:
            raise ValidationError(
                _(
                    "A table may have %(rows)s rows and %(columns)s columns at most. Offer a larger one "
                    "as a file to download."
                )
                % {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
            )
        caption = _text(value.get("table_caption"))[:LONGEST_CAPTION]
        return value | {"data": data, "table_caption": caption}

    class Meta:
        icon = "table"
        label = gettext_lazy("Table")
        template = "table_block/blocks/table.html"


def _text(cell: Any) -> str:
    return seen_text(str(cell if cell is not None else "")).strip()[:LONGEST_CELL]


def plain_table(value: Any) -> str:
    """The words of a table, one row a line."""
    rows = [[str(value.get("table_caption") or "")], *(value.get("data") or [])]
    lines = (" ".join(str(cell) for cell in row if cell) for row in rows)
    return "\n".join(line for line in lines if line.strip())


def shown_table(value: Any) -> contract.TableBlock | None:
    """A stored table as a page prints it; ``None`` for an empty one."""
    data = [[_text(cell) for cell in row] for row in (value or {}).get("data") or []]
    if not any(any(row) for row in data):
        return None
    covered: set[tuple[int, int]] = set()
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for merge in _merges(value, len(data), max(len(row) for row in data)):
        cells = {
            (merge.row + down, merge.column + right)
            for down in range(merge.rows)
            for right in range(merge.columns)
        }
        if cells & covered:
            continue
        covered |= cells - {(merge.row, merge.column)}
        spans[merge.row, merge.column] = (merge.rows, merge.columns)
    has_head = bool(value.get("first_row_is_table_header"))
    has_head_column = bool(value.get("first_col_is_header"))
    head_rows = 0
    if has_head:
        head_rows = max([1, *(rows for (row, _c), (rows, _cs) in spans.items() if row == 0)])
        head_rows = min(head_rows, MOST_HEAD_ROWS, len(data))
    rows = tuple(
        contract.TableRow(
            tuple(
                contract.TableCell(
                    lines=tuple(line.strip() for line in cell.split("\n")),
                    scope="col" if r < head_rows else "row" if has_head_column and c == 0 else "",
                    rowspan=spans.get((r, c), (1, 1))[0],
                    colspan=spans.get((r, c), (1, 1))[1],
                )
                for c, cell in enumerate(row)
                if (r, c) not in covered
            )
        )
        for r, row in enumerate(data)
    )
    caption = _text(value.get("table_caption"))
    named = [cell for cell in data[0] if cell][:4] if has_head else []
    return contract.TableBlock(
        caption=caption,
        spoken_caption=caption or _spoken(named),
        head=rows[:head_rows],
        body=rows[head_rows:],
    )


def _spoken(columns: Sequence[str]) -> str:
    """What names a table without a caption to those who listen."""
    if not columns:
        return pgettext("public", "Table")
    joined = pgettext("public", "; ").join(columns)
    return pgettext("public", "Table: %(columns)s") % {"columns": joined}


def _merges(value: Any, rows: int, columns: int) -> Iterable[Merge]:
    for stored in value.get("mergeCells") or []:
        try:
            merge = Merge(*(int(stored[key]) for key in ("row", "col", "rowspan", "colspan")))
        except (KeyError, TypeError, ValueError):
            continue
        fits = merge.row + merge.rows <= rows and merge.column + merge.columns <= columns
        if min(merge.row, merge.column) >= 0 and merge.rows * merge.columns > 1 and fits:
            yield merge


# -- from markup ---------------------------------------------------------------------


@dataclass
class _Reading:
    """A table of markup, laid out cell by cell."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)


def grid_of_markup(markup: str) -> Grid | None:
    """A table of cleaned markup as a grid.

    ``None`` where a grid would lose something: links, lists, pictures or tables in cells, or too many
    cells. Bold and italic go.
    """
    tree = LexborHTMLParser(markup)
    tables = tree.css("table")
    if len(tables) != 1 or tree.body is None or _outside(tree.body):
        return None
    table = tables[0]
    if not all(_is_plain(cell) for cell in table.css("td, th, caption")):
        return None
    rows = table.css("tr")
    if not rows or len(rows) > MOST_ROWS:
        return None
    reading = _Reading()
    for r, row in enumerate(rows):
        if not _lay(reading, r, [c for c in row.iter() if c.tag in ("td", "th")], len(rows)):
            return None
    width = max((c for _r, c in reading.cells), default=-1) + 1
    if not 1 <= width <= MOST_COLUMNS or len(rows) < 2:
        return None
    first = [cell for cell in rows[0].iter() if cell.tag in ("td", "th")]
    caption = table.css_first("caption")
    return Grid(
        rows=tuple(
            tuple(reading.cells.get((r, c), "") for c in range(width)) for r in range(len(rows))
        ),
        merges=tuple(reading.merges),
        caption=_cell_text(caption) if caption is not None else "",
        has_head_row=all(cell.tag == "th" for cell in first)
        or _reads_as_head([_cell_text(cell) for cell in first]),
        has_head_column=all(
            next((cell.tag for cell in row.iter() if cell.tag in ("td", "th")), "") == "th"
            for row in rows
        ),
    )


def _is_plain(cell: LexborNode) -> bool:
    inner = cell.traverse(include_text=True)
    next(inner)  # the cell itself
    return all((node.tag or "") in _PLAIN_IN_CELL for node in inner)


def _outside(body: LexborNode) -> bool:
    """Whether something stands beside the table."""
    return any(
        node.tag not in ("table",) and (node.text() or "").strip()
        for node in body.iter(include_text=True)
    )


def _lay(reading: _Reading, r: int, cells: list[LexborNode], rows: int) -> bool:
    c = 0
    for cell in cells:
        while (r, c) in reading.cells:
            c += 1
        down = min(_span(cell, "rowspan"), rows - r)
        right = _span(cell, "colspan")
        if c + right > MOST_COLUMNS:
            return False
        text = _cell_text(cell)
        if len(text) > LONGEST_CELL:
            return False
        for y in range(r, r + down):
            for x in range(c, c + right):
                if (y, x) in reading.cells:
                    return False  # cells that lie over each other
                reading.cells[y, x] = ""
        reading.cells[r, c] = text
        if down * right > 1:
            reading.merges.append(Merge(r, c, down, right))
        c += right
    return True


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or ""
    return max(1, min(int(value[:4]), MOST_ROWS)) if value.isdecimal() else 1


def _cell_text(cell: LexborNode) -> str:
    lines: list[str] = [""]
    for node in cell.traverse(include_text=True):
        if node.tag == "-text":
            lines[-1] += re.sub(r"[ \t\r\n\xa0]+", " ", node.text_content or "")
        elif node.tag in ("br", "p", "div") and lines[-1].strip():
            lines.append("")
    return "\n".join(line.strip() for line in lines if line.strip())


def _reads_as_head(texts: Sequence[str]) -> bool:
    """A first row of short names without figures names the columns."""
    filled = [text for text in texts if text]
    return len(filled) > 1 and all(
        len(text) <= 20 and not re.fullmatch(r"[\d.,%￥¥\-/年月日\s]+", text) for text in filled
    )
