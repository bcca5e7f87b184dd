"""Reads MySQL dump text without a MySQL server.

The reader streams: memory depends on the longest single value, not on the
size of the dump. It understands what ``mysqldump`` and the usual PHP backup
tools write: ``CREATE TABLE`` (for the column names), ``INSERT`` and
``REPLACE`` with one or many rows, every string escape of the MySQL manual
(chapter "String Literals"), ``NULL``, numbers, hexadecimal and bit literals,
character-set introducers and the three kinds of comment. Everything else
(``DROP``, ``SET``, ``LOCK TABLES``, triggers) is passed over.

Every error is a `DumpError` that names the line of the dump and, where there
is one, the table and the row, and says what to do about it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from cms_core.importer.exceptions import DumpError

from .dump_window import CHUNK_BYTES, DumpWindow

LONGEST_VALUE_CHARS = 64 * 1024 * 1024

Value = str | int | Decimal | bytes | None

_NAME = re.compile(r"`((?:[^`]|``)+)`(?:\.`((?:[^`]|``)+)`)?|([\w$]+)(?:\.([\w$]+))?")
# The closing quote is not the first half of a doubled one, also when the match is tried again shorter.
_SINGLE = re.compile(r"'((?:[^'\\]++|\\.|'')*)'(?!')", re.S)
_DOUBLE = re.compile(r'"((?:[^"\\]++|\\.|"")*)"(?!")', re.S)
_BACKTICK = re.compile(r"`[^`]*`")
_INTRODUCER = re.compile(r"_(binary|utf8mb[34]|utf8|latin1|gbk|ascii)\s*(?=['\"])", re.I)
_WORD = re.compile(r"[^\s,()'\"`;]+")
_INTEGER = re.compile(r"[+-]?\d+\Z")
_DECIMAL = re.compile(r"[+-]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?\Z")
# A row as nearly all are written: text in single quotes, whole numbers, NULL, no blanks. Anything else
# is read value by value.
_PLAIN_TEXT = r"'[^'\\]*(?:\\.[^'\\]*)*'"
_PLAIN_NUMBER = r"-?\d{1,18}"
_PLAIN_ROW = re.compile(
    rf"\((?:{_PLAIN_TEXT}|{_PLAIN_NUMBER}|NULL)(?:,(?:{_PLAIN_TEXT}|{_PLAIN_NUMBER}|NULL))*\)(?=[,;])",
    re.S,
)
_PLAIN_VALUE = re.compile(rf"({_PLAIN_TEXT})|({_PLAIN_NUMBER})|NULL", re.S)
_ESCAPE = re.compile(r"\\(.)|''", re.S)
_ESCAPE_DOUBLE = re.compile(r'\\(.)|""', re.S)
_ESCAPES = {
    "0": "\0",
    "b": "\b",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "Z": "\x1a",
    "%": "\\%",
    "_": "\\_",
}
_INSERT = re.compile(
    r"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s+)*(?:INTO\s+)?", re.I
)
_CREATE = re.compile(r"CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?", re.I)
_KEYWORD = re.compile(r"[A-Za-z]+")
_KEY_LINE = re.compile(
    r"(?:PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|CONSTRAINT|FOREIGN|CHECK)\b", re.I
)


@dataclass(frozen=True, slots=True)
class DumpRow:
    """One row of an ``INSERT`` or ``REPLACE``.

    `line` is the line of the dump on which the row begins, `number` counts the
    rows of the table from 1, `values` maps column name to value in the order
    of the table.
    """

    table: str
    line: int
    number: int
    values: dict[str, Value]


def digest_of_file(path: Path) -> str:
    """SHA-256 of the file in lower-case hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1024 * 1024):
            digest.update(block)
    return digest.hexdigest()


class MysqlDump:
    """A dump file; `rows` may be called as often as needed, each call reads the file anew.

    After a complete pass `columns` holds the column names of every table.
    """

    def __init__(
        self, path: Path, *, chunk_bytes: int = CHUNK_BYTES, encoding: str = "utf-8"
    ) -> None:
        self.path = path
        self.encoding = encoding
        self.columns: dict[str, tuple[str, ...]] = {}
        self._chunk_bytes = chunk_bytes

    def rows(self, tables: Collection[str] | None = None) -> Iterator[DumpRow]:
        """Yields the rows of `tables` (all tables when None) in the order of the dump.

        The whole file is checked even where its rows are not wanted.

        Raises `DumpError` for a file that cannot be opened, is not UTF-8, ends
        early, or holds a statement that is not understood.
        """
        try:
            stream = self.path.open("rb")
        except OSError as error:
            raise DumpError(
                _("The dump %(path)s cannot be opened: %(reason)s.")
                % {"path": self.path, "reason": error.strerror or error}
            ) from error
        with stream:
            yield from _Reader(stream, self.columns, tables, self._chunk_bytes, self.encoding).run()


class _Reader:
    """One pass over one dump: a text window and a position in it."""

    def __init__(
        self,
        stream: BinaryIO,
        columns: dict[str, tuple[str, ...]],
        tables: Collection[str] | None,
        chunk_bytes: int,
        encoding: str,
    ) -> None:
        self._window = DumpWindow(stream, chunk_bytes, encoding)
        self._columns = columns
        self._tables = tables
        self._row_numbers: dict[str, int] = {}

    # -- statements -------------------------------------------------------

    def run(self) -> Iterator[DumpRow]:
        window = self._window
        window.open()
        while not window.at_end():
            if window.peek() == ";":
                window.position += 1
            elif match := window.match(_INSERT):
                yield from self._insert(match)
            elif match := window.match(_CREATE):
                self._create(match)
            else:
                self._pass_over()
        self._window.check_trailer()

    def _name(self, line: int) -> str:
        window = self._window
        window.skip_space()
        match = window.match(_NAME)
        if match is None:
            raise DumpError(
                _("Line %(line)d: a table or column name is expected.") % {"line": line}, line=line
            )
        window.position = match.end()
        quoted, quoted_table, bare, bare_table = match.groups()
        return (quoted_table or quoted or bare_table or bare).replace("``", "`")

    def _create(self, match: re.Match[str]) -> None:
        window = self._window
        line = window.line_here()
        window.position = match.end()
        table = self._name(line)
        names: list[str] = []
        depth = 0
        at_item_start = False
        while True:
            window.skip_space()
            sign = window.peek()
            if not sign:
                raise self._truncated(
                    _("the definition of table %(table)s") % {"table": table}, line
                )
            if sign == ";" and depth <= 0:
                window.position += 1
                break
            # Some exports end their definitions without a semicolon: the next statement ends them.
            if names and depth == 0 and (window.match(_INSERT) or window.match(_CREATE)):
                break
            if at_item_start:
                at_item_start = False
                key = window.match(_KEY_LINE)
                if sign == "`" or (sign.isalnum() and key is None):
                    names.append(self._name(line))
                    continue
            if sign == "(":
                depth += 1
                at_item_start = depth == 1
                window.position += 1
            elif sign == ")":
                depth -= 1
                window.position += 1
            elif sign == ",":
                at_item_start = depth == 1
                window.position += 1
            else:
                self._pass_token(table, line)
        if names:
            self._columns[table] = tuple(names)

    def _pass_token(self, what: str, line: int) -> None:
        """Passes one string, quoted name, word or sign."""
        window = self._window
        sign = window.peek()
        if sign in "'\"":
            self._string(what, line)
            return
        match = window.match(_BACKTICK if sign == "`" else _WORD)
        window.position = match.end() if match else window.position + 1

    def _pass_over(self) -> None:
        """Passes a statement that is of no interest, up to its end."""
        window = self._window
        line = window.line_here()
        word = window.match(_KEYWORD)
        if word and word.group().upper() == "DELIMITER":
            self._pass_delimited(line)
            return
        while True:
            sign = window.peek()
            if not sign:
                raise self._truncated(_("a statement"), line)
            if sign == ";":
                window.position += 1
                return
            self._pass_token(_("a statement"), line)

    def _pass_delimited(self, line: int) -> None:
        """Passes ``DELIMITER ;;`` up to the line ``DELIMITER ;`` (triggers, routines)."""
        window = self._window
        closing = re.compile(r"\nDELIMITER\s+;\s*\n", re.I)
        while True:
            match = closing.search(window.text, window.position)
            if match:
                window.position = match.end() - 1
                return
            if not window.fill(len(window.text)):
                raise self._truncated(_("a DELIMITER section"), line)

    def _insert(self, match: re.Match[str]) -> Iterator[DumpRow]:
        window = self._window
        statement_line = window.line_here()
        window.position = match.end()
        table = self._name(statement_line)
        listed: tuple[str, ...] | None = None
        if window.peek() == "(":
            listed = self._column_list(statement_line)
        word = window.match(_KEYWORD) if window.peek() else None
        if word is None or word.group().upper() not in ("VALUES", "VALUE"):
            if not window.peek():
                raise self._truncated(
                    _("an INSERT into %(table)s") % {"table": table}, statement_line
                )
            raise DumpError(
                _(
                    "Line %(line)d: INSERT into %(table)s without VALUES is not understood. "
                    "Export the data as INSERT … VALUES."
                )
                % {"line": statement_line, "table": table},
                line=statement_line,
            )
        window.position = word.end()
        names = listed or self._columns.get(table)
        if names is None:
            raise DumpError(
                _(
                    "Line %(line)d: table %(table)s has no CREATE TABLE before its rows, so its columns "
                    "have no names. Export structure and data together."
                )
                % {"line": statement_line, "table": table},
                line=statement_line,
            )
        self._columns.setdefault(table, names)
        wanted = self._tables is None or table in self._tables
        while True:
            window.skip_space()
            line = window.line_here()
            number = self._row_numbers.get(table, 0) + 1
            self._row_numbers[table] = number
            values = self._row(table, line, number)
            if len(values) != len(names):
                raise DumpError(
                    _(
                        "Line %(line)d, table %(table)s, row %(row)d: %(found)d values for %(expected)d "
                        "columns. The row is damaged or a quote in it is unbalanced; correct it in the dump."
                    )
                    % {
                        "line": line,
                        "table": table,
                        "row": number,
                        "found": len(values),
                        "expected": len(names),
                    },
                    line=line,
                )
            if wanted:
                yield DumpRow(table, line, number, dict(zip(names, values, strict=True)))
            sign = window.peek()
            if sign == ",":
                window.position += 1
                continue
            if sign == ";":
                window.position += 1
                return
            word = window.match(_KEYWORD)
            if word and word.group().upper() == "ON":  # ON DUPLICATE KEY UPDATE …
                self._pass_over()
                return
            if not sign:
                raise self._truncated(_("an INSERT into %(table)s") % {"table": table}, line)
            raise self._unbalanced(table, line, number)

    def _column_list(self, line: int) -> tuple[str, ...]:
        window = self._window
        names = []
        window.position += 1
        while True:
            names.append(self._name(line))
            sign = window.peek()
            window.position += 1
            if sign == ")":
                return tuple(names)
            if not sign:
                raise self._truncated(_("a statement"), line)
            if sign != ",":
                raise DumpError(
                    _("Line %(line)d: the column list is damaged.") % {"line": line}, line=line
                )

    def _row(self, table: str, line: int, number: int) -> list[Value]:
        window = self._window
        sign = window.peek()
        if not sign:
            raise self._truncated(_("an INSERT into %(table)s") % {"table": table}, line)
        if sign != "(":
            raise self._unbalanced(table, line, number)
        plain = _PLAIN_ROW.match(window.text, window.position)
        if plain is not None:
            window.position = plain.end()
            return [_plain_value(*found) for found in _PLAIN_VALUE.findall(plain.group())]
        window.position += 1
        values: list[Value] = []
        what = _("row %(row)d of table %(table)s") % {"row": number, "table": table}
        while True:
            values.append(self._value(what, table, line, number))
            sign = window.peek()
            window.position += 1
            if sign == ",":
                continue
            if sign == ")":
                return values
            window.position -= 1
            if not sign:
                raise self._truncated(what, line)
            raise self._unbalanced(table, line, number)

    # -- values -----------------------------------------------------------

    def _value(self, what: str, table: str, line: int, number: int) -> Value:
        window = self._window
        sign = window.peek()
        if sign and sign in "'\"":
            return self._string(what, line)
        if not sign:
            raise self._truncated(what, line)
        introducer = window.match(_INTRODUCER)
        if introducer:
            window.position = introducer.end()
            text = self._string(what, line)
            return text.encode() if introducer.group(1).lower() == "binary" else text
        match = window.match(_WORD)
        if match is None:
            raise self._unbalanced(table, line, number)
        word = match.group()
        window.position = match.end()
        upper = word.upper()
        if upper == "NULL":
            return None
        if _INTEGER.match(word):
            return int(word)
        if _DECIMAL.match(word):
            return Decimal(word)
        if upper in ("TRUE", "FALSE"):
            return int(upper == "TRUE")
        literal = self._radix_literal(word, what, line)
        if literal is None:
            raise self._unbalanced(table, line, number)
        return literal

    def _radix_literal(self, word: str, what: str, line: int) -> bytes | int | None:
        """``0xAB``, ``x'AB'``, ``0b01``, ``b'01'``; None for anything else."""
        window = self._window
        kind = word.lower()
        digits = word[2:]
        if kind in ("x", "b") and window.text.startswith("'", window.position):
            digits, kind = self._string(what, line), "0" + kind
        try:
            if kind.startswith("0x"):
                return bytes.fromhex("0" + digits if len(digits) % 2 else digits)
            if kind.startswith("0b"):
                return int(digits or "0", 2)
        except ValueError:
            return None
        return None

    def _string(self, what: str, line: int) -> str:
        window = self._window
        quote = window.text[window.position]
        pattern = _SINGLE if quote == "'" else _DOUBLE
        while True:
            match = pattern.match(window.text, window.position)
            # A quote at the end of the window may be the first half of a doubled one.
            if match is not None and (match.end() < len(window.text) or window.ended):
                break
            length = len(window.text) - window.position
            if length > LONGEST_VALUE_CHARS:
                start = window.line_here()
                raise DumpError(
                    _(
                        "Line %(line)d: a value in %(what)s does not end within %(limit)d million characters. "
                        "A quote is unbalanced; correct it in the dump."
                    )
                    % {"line": start, "what": what, "limit": LONGEST_VALUE_CHARS // 1_000_000},
                    line=start,
                )
            # Doubling keeps the re-scan of long values linear.
            if not window.fill(length):
                start = window.line_here()
                raise DumpError(
                    _(
                        "The text that begins on line %(line)d in %(what)s is never closed: the dump is "
                        "truncated or a quote is unbalanced. Export it again, or correct the quote."
                    )
                    % {"line": start, "what": what},
                    line=start,
                )
        window.position = match.end()
        body = match.group(1)
        if "\\" in body or quote * 2 in body:
            escape = _ESCAPE if quote == "'" else _ESCAPE_DOUBLE
            body = escape.sub(_escaped, body)
        return body

    # -- errors -----------------------------------------------------------

    def _truncated(self, what: str, line: int) -> DumpError:
        window = self._window
        end = window.line_here()
        return DumpError(
            _(
                "The dump ends on line %(end)d inside %(what)s, which begins on line %(line)d: it is truncated. "
                "Export it again, or fetch the whole file."
            )
            % {"end": end, "what": what, "line": line},
            line=line,
        )

    def _unbalanced(self, table: str, line: int, number: int) -> DumpError:
        window = self._window
        here = window.line_here()
        found = window.text[window.position : window.position + 20].replace("\n", " ")
        return DumpError(
            _(
                "Line %(line)d, table %(table)s, row %(row)d: “%(found)s” stands where a comma or the end of the row "
                "is expected (on line %(here)d). A quote in this row is unbalanced; correct it in the dump."
            )
            % {"line": line, "table": table, "row": number, "found": found, "here": here},
            line=line,
        )


def _plain_value(text: str, number: str) -> Value:
    if text:
        return _ESCAPE.sub(_escaped, text[1:-1]) if "\\" in text else text[1:-1]
    return int(number) if number else None


def _escaped(match: re.Match[str]) -> str:
    """What an escape stands for; a doubled quote for one."""
    sign = match.group(1)
    return match.group()[0] if sign is None else _ESCAPES.get(sign, sign)
