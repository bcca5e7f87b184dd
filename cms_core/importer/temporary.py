"""A database of its own in the temporary folder, for what an import must remember and memory must not hold.

SQLite makes the file, keeps it out of sight and removes it when it is closed, also when the process
is killed. Nothing of it is of worth afterwards, so no journal is kept.
"""

from __future__ import annotations

import marshal
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from .exceptions import SourceError

#: Pages of the file kept in memory, in KiB: more is no quicker, since rows are read in their order.
_CACHE_KIB = 8 * 1024
#: Rows fetched at a time.
_CHUNK = 500


class TemporaryTables:
    """Tables named by ``schema`` (SQL statements, each ended by a semicolon). Closed by `close`."""

    def __init__(self, schema: str) -> None:
        self._base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}"):
            self._base.execute(f"PRAGMA {pragma}")
        for statement in schema.split(";"):
            self._base.execute(statement)
        self._base.execute("BEGIN")

    def run(self, statement: str, values: Iterable[Any] = ()) -> int:
        """Runs one statement; returns the number of rows it changed.

        Raises `SourceError` when the temporary folder is full.
        """
        try:
            return self._base.execute(statement, tuple(values)).rowcount
        except sqlite3.OperationalError as error:
            raise SourceError(
                _(
                    "The temporary folder cannot take the rows of the source (%(reason)s). "
                    "Make room there, or set TMPDIR to another disk, and start again."
                )
                % {"reason": error}
            ) from error

    def rows(self, statement: str, values: Iterable[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows a query gives, a few hundred in memory at a time."""
        cursor = self._base.execute(statement, tuple(values))
        while some := cursor.fetchmany(_CHUNK):
            yield from some

    def one(self, statement: str, values: Iterable[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        row: tuple[Any, ...] | None = self._base.execute(statement, tuple(values)).fetchone()
        return row

    def close(self) -> None:
        """Removes the tables."""
        self._base.close()


def packed(row: dict[str, Any]) -> bytes:
    """Plain values as one of a table's: in Python's own form, which takes a third of the time of JSON."""
    return marshal.dumps(row)


def unpacked(content: bytes) -> Any:
    """What was packed. Only for tables of this process: nobody else can write them."""
    return marshal.loads(content)  # noqa: S302
