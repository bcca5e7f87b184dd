"""Tables of a dump, a CSV file or folder, or an Excel file, all read the same way: names, columns, rows as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from cms_core.importer.exceptions import SourceError
from cms_core.media.archives import ArchiveRefused, examine_office
from cms_core.media.refusals import reason_of

from .encodings import describe_bytes, describe_container, encoding_of
from .mysql_dump import LONGEST_VALUE_CHARS, MysqlDump

#: Rows of one sheet or file; a list this long belongs into a dump.
MOST_SHEET_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; `line` is its line in the file, in a sheet its row."""

    table: str
    line: int
    number: int
    cells: dict[str, str]


class Tables(Protocol):
    """What a mapping is checked against, and read through."""

    kind: str

    def columns(self) -> dict[str, tuple[str, ...]]:
        """Every table with its columns. The whole source is checked on the way."""
        ...

    def rows(self, tables: Collection[str]) -> Iterator[TableRow]:
        """The rows of these tables in the order of the source."""
        ...


class DumpTables:
    """The tables of MySQL dump text."""

    kind = "mysql"

    def __init__(self, path: Path, encoding: str = "") -> None:
        self._dump = MysqlDump(path, encoding=encoding or "utf-8")

    def columns(self) -> dict[str, tuple[str, ...]]:
        for _row in self._dump.rows(()):
            pass
        return dict(self._dump.columns)

    def rows(self, tables: Collection[str]) -> Iterator[TableRow]:
        for row in self._dump.rows(tables):
            cells = {name: _text(value) for name, value in row.values.items()}
            yield TableRow(row.table, row.line, row.number, cells)


class CsvTables:
    """A CSV file, or a folder of them: each is a table called like the file without its suffix."""

    kind = "csv"

    def __init__(self, path: Path, encoding: str = "", delimiter: str = ",") -> None:
        self._files = {
            file.stem: file
            for file in (sorted(path.glob("*.[cCtT][sS][vV]")) if path.is_dir() else [path])
        }
        self._encoding = encoding
        self._delimiter = delimiter
        csv.field_size_limit(LONGEST_VALUE_CHARS)

    def columns(self) -> dict[str, tuple[str, ...]]:
        return {table: tuple(self._head(table)) for table in self._files}

    def rows(self, tables: Collection[str]) -> Iterator[TableRow]:
        for table in self._files:
            if table not in tables:
                continue
            head = self._head(table)
            for number, (line, cells) in enumerate(self._lines(table)):
                if number == 0 or not any(cell.strip() for cell in cells):
                    continue
                if len(cells) != len(head):
                    raise SourceError(
                        _(
                            "%(file)s, line %(line)d: %(found)d cells for %(expected)d columns. A quote or a "
                            "separator in this row is wrong; correct it in the file."
                        )
                        % {
                            "file": self._files[table].name,
                            "line": line,
                            "found": len(cells),
                            "expected": len(head),
                        }
                    )
                yield TableRow(table, line, number, dict(zip(head, cells, strict=True)))

    def _head(self, table: str) -> list[str]:
        for _line, cells in self._lines(table):
            return _heads(self._files[table].name, cells)
        raise SourceError(_empty(self._files[table].name))

    def _lines(self, table: str) -> Iterator[tuple[int, list[str]]]:
        file = self._files[table]
        try:
            head = file.open("rb").read(4096)
        except OSError as error:
            raise SourceError(
                _("The file %(path)s cannot be opened: %(reason)s.")
                % {"path": file, "reason": error.strerror or error}
            ) from error
        container = describe_container(head)
        if container:
            raise SourceError(f"{file.name}: {container}")
        encoding = self._encoding or encoding_of(file)
        delimiter = "\t" if file.suffix.lower() == ".tsv" else self._delimiter
        with file.open(
            encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline=""
        ) as text:
            reader = csv.reader(text, delimiter=delimiter, strict=True)
            begins = 1
            try:
                for cells in reader:
                    yield begins, cells
                    begins = reader.line_num + 1
            except UnicodeDecodeError as error:
                raise SourceError(
                    _("%(file)s is not %(encoding)s. %(guess)s")
                    % {
                        "file": file.name,
                        "encoding": encoding,
                        "guess": describe_bytes(bytes(error.object)[error.start :][: 64 * 1024]),
                    }
                ) from error
            except csv.Error as error:
                raise SourceError(
                    _(
                        "%(file)s, line %(line)d: %(why)s. Correct the row, or save the list again as CSV."
                    )
                    % {"file": file.name, "line": begins, "why": error}
                ) from error


class ExcelTables:
    """The sheets of an Excel file; the first row of each names its columns."""

    kind = "excel"

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            content = path.read_bytes()
            examine_office(io.BytesIO(content))
            self._book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        except ArchiveRefused as refused:
            why = reason_of(refused.code) % {"name": path.name, "entry": refused.entry}
            raise SourceError(why) from refused
        except OSError as error:
            raise SourceError(
                _("The file %(path)s cannot be opened: %(reason)s.")
                % {"path": path, "reason": error.strerror or error}
            ) from error
        except Exception as error:  # openpyxl raises whatever its parts raise on a damaged file
            raise SourceError(
                _(
                    "%(file)s cannot be read as an Excel file. Open it in Excel or WPS and save it as xlsx."
                )
                % {"file": path.name}
            ) from error

    def columns(self) -> dict[str, tuple[str, ...]]:
        found = {}
        for sheet in self._book.worksheets:
            head = next(iter(sheet.iter_rows(max_row=1, values_only=True)), None)
            if head and any(cell is not None for cell in head):
                names = _heads(sheet.title, [_text(cell) for cell in _trimmed(head)])
                found[sheet.title] = tuple(names)
        if not found:
            raise SourceError(_empty(self._path.name))
        return found

    def rows(self, tables: Collection[str]) -> Iterator[TableRow]:
        columns = self.columns()
        for sheet in self._book.worksheets:
            if sheet.title not in tables or sheet.title not in columns:
                continue
            head = columns[sheet.title]
            for line, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2):
                if line > MOST_SHEET_ROWS:
                    raise SourceError(
                        _("Sheet %(sheet)s has more than %(limit)d rows. Split it.")
                        % {"sheet": sheet.title, "limit": MOST_SHEET_ROWS}
                    )
                cells = [_text(cell) for cell in row[: len(head)]]
                cells += [""] * (len(head) - len(cells))
                if any(cells):
                    yield TableRow(sheet.title, line, line - 1, dict(zip(head, cells, strict=True)))


def _trimmed(head: tuple[Any, ...]) -> list[Any]:
    """The head without the empty cells behind it, which a sheet often has."""
    cells = list(head)
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _heads(name: str, cells: list[str]) -> list[str]:
    heads = [cell.strip() for cell in cells]
    doubled = sorted({head for head in heads if heads.count(head) > 1})
    if doubled or "" in heads:
        raise SourceError(
            _("%(name)s: its first row must name every column once; wrong: %(heads)s.")
            % {"name": name, "heads": ", ".join(doubled) or _("a column without a name")}
        )
    return heads


def _empty(name: str) -> str:
    return _("%(name)s is empty: the first row must name the columns.") % {"name": name}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
