"""Tables as CSV and XLSX files, safe to open: no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from enum import StrEnum

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int
#: Characters with which a spreadsheet begins to compute (CWE-1236); tab and line breaks lead there too.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Control characters that no XML file may hold.
_FORBIDDEN = {code: None for code in range(32) if code not in (9, 10, 13)}


class FileKind(StrEnum):
    """The kinds of file, with their media types in :data:`MEDIA_TYPES`."""

    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def harmless(value: Cell) -> Cell:
    """``value`` as a cell that is read and never computed: an apostrophe stands before a formula."""
    if not isinstance(value, str):
        return value
    text = value.translate(_FORBIDDEN)
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text


def as_file(kind: FileKind, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as a file of ``kind``."""
    safe = [[harmless(cell) for cell in row] for row in [heads, *rows]]
    return _csv(safe) if kind is FileKind.CSV else _xlsx(safe)


def _csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    # With the mark, spreadsheet programs of every office read the Chinese as UTF-8.
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def _xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet()
    for row in rows:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
