"""Reads spreadsheets (xlsx) and lists (csv) as tables: values stay, formulas and looks go."""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable
from typing import IO, Any

import openpyxl
from django.utils.translation import gettext as _
from lxml import etree
from openpyxl.utils.cell import range_boundaries

from cms_core.media.recognition import text_encoding
from cms_core.pages.table_block import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Grid,
    Merge,
)

from .limits import MOST_SHEETS
from .plan import ImportRefused, OfficeText, Passage, Piece, Table

#: What the readers answer to files that look like spreadsheets and are none.
_DAMAGED = (
    KeyError, ValueError, TypeError, AttributeError, OSError, IndexError, zipfile.BadZipFile, etree.XMLSyntaxError,
)  # fmt: skip
_ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NUM!", "#NULL!")


def read_workbook(stream: IO[bytes], name: str) -> OfficeText:
    """The filled sheets of a checked xlsx as tables.

    :raises ImportRefused: too large, damaged or empty.
    """
    stream.seek(0)
    try:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        found: list[tuple[str, Grid]] = []
        dropped = [_("Fonts, colours, widths and formulas: their results are taken")]
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if len(sheets) < len(book.worksheets):
            dropped.append(_("Hidden sheets"))
        if len(sheets) > MOST_SHEETS:
            dropped.append(_("Sheets after the %(most)sth") % {"most": MOST_SHEETS})
        for sheet in sheets[:MOST_SHEETS]:
            rows = _rows(sheet)
            if rows:
                merges = _merges(stream, getattr(sheet, "_worksheet_path", ""))
                found.append((sheet.title, _grid(rows, merges)))
                if any(cell in _ERRORS for row in rows for cell in row):
                    dropped.append(
                        _(
                            "Sheet “%(sheet)s” shows errors such as #REF!: mend them before publishing"
                        )
                        % {"sheet": sheet.title}
                    )
        book.close()
    except ImportRefused:
        raise
    except (
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        IndexError,
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
    ) as error:
        raise ImportRefused(
            _("“%(name)s” cannot be read as a spreadsheet. Open it in Excel or WPS, save it as xlsx and "
              "upload that.") % {"name": name}
        ) from error  # fmt: skip
    return _text(found, name, dropped)


def read_list(stream: IO[bytes], name: str) -> OfficeText:
    """A csv as one table.

    :raises ImportRefused: too large or empty.
    """
    encoding = text_encoding(stream) or "utf-8"
    stream.seek(0)
    body = stream.read(MOST_ROWS * MOST_COLUMNS * LONGEST_CELL)
    text = io.TextIOWrapper(io.BytesIO(body), encoding, errors="replace", newline="")
    head = text.readline()
    text.seek(0)
    separator = max((",", "\t", ";", "，"), key=head.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(text, delimiter=separator):
            rows.append([cell.strip()[:LONGEST_CELL] for cell in row])
            _limit(len(rows), len(row))
    except csv.Error as error:
        raise ImportRefused(
            _("“%(name)s” cannot be read as a list. Open it in Excel or WPS, save it as xlsx and upload "
              "that.") % {"name": name}
        ) from error  # fmt: skip
    trimmed = _trimmed(rows)
    return _text([("", _grid(trimmed, []))] if trimmed else [], name, [])


def _text(found: list[tuple[str, Grid]], name: str, dropped: list[str]) -> OfficeText:
    if not found:
        raise ImportRefused(_("“%(name)s” holds no filled cell.") % {"name": name})
    pieces: list[Piece] = []
    for title, grid in found:
        if len(found) > 1:
            pieces.append(Passage(f"<h2>{_escaped(title)}</h2>"))
        pieces.append(Table(grid))
    return OfficeText(name.rpartition(".")[0] or name, tuple(pieces), tuple(dropped))


def _rows(sheet: Any) -> list[list[str]]:
    """The filled part of a sheet. What a sheet says of its size is not believed."""
    rows: list[list[str]] = []
    empty = 0
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1):
        cells = [_shown(cell.value, getattr(cell, "number_format", "")) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        empty = 0 if cells else empty + 1
        if empty > MOST_ROWS:
            break  # formatted to the end, filled no further
        rows.append(cells)
        if cells:
            _limit(len(rows), len(cells))
    return _trimmed(rows)


def _limit(rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise ImportRefused(
            _(
                "The table has more than %(rows)s rows or %(columns)s columns. Nobody reads that on a "
                "page: publish it as an attachment, or cut out what matters."
            )
            % {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
        )


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _shown(value: Any, number_format: str) -> str:
    """A value as the page prints it: dates YYYY-MM-DD, percentages as percentages."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        return value.strftime("%Y-%m-%d" if is_day else "%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if isinstance(value, int | float):
        percent = re.match(r"0(?:\.(0+))?%", number_format or "")
        if percent:
            return f"{value * 100:.{len(percent[1] or '')}f}%"
        return format(value, ".12g") if isinstance(value, float) else str(value)
    return str(value).strip()[:LONGEST_CELL]


def _merges(stream: IO[bytes], path: str) -> list[Merge]:
    """Merged cells of a sheet, which the reader of values does not tell."""
    merges: list[Merge] = []
    with zipfile.ZipFile(stream) as archive, archive.open(path.lstrip("/")) as part:
        for _event, node in etree.iterparse(
            part, events=("end",), resolve_entities=False, no_network=True, load_dtd=False
        ):
            if isinstance(node.tag, str) and node.tag.endswith("}mergeCell"):
                left, top, right, bottom = range_boundaries(node.get("ref") or "A1")
                if None not in (left, top, right, bottom):
                    merges.append(Merge(top - 1, left - 1, bottom - top + 1, right - left + 1))
            if isinstance(node.tag, str) and not node.tag.endswith("}mergeCell"):
                node.clear()
            if len(merges) > MOST_ROWS * MOST_COLUMNS:
                break
    return merges


def _grid(rows: list[list[str]], merges: Iterable[Merge]) -> Grid:
    """The grid; a first row merged across all columns is the caption."""
    caption = ""
    width = len(rows[0])
    kept = list(merges)
    across = next((m for m in kept if m.row == 0 and m.column == 0 and m.columns >= width), None)
    if across is not None and width > 1 and len(rows) > across.rows:
        caption = rows[0][0]
        rows = rows[across.rows :]
        kept = [
            Merge(m.row - across.rows, m.column, m.rows, m.columns)
            for m in kept
            if m.row >= across.rows
        ]
    return Grid(
        rows=tuple(tuple(row) for row in rows),
        merges=tuple(m for m in kept if m.row < len(rows) and m.column < width),
        caption=caption,
        has_head_row=len(rows) > 1,
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
