"""Rows of a source on disk, found by key and by group, in any declared order.

Memory stays flat however many rows a dump has and however long their texts
are: nothing but the open database page is kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from cms_core.importer.exceptions import SourceError

Row = dict[str, str]

_SCHEMA = (
    """
    CREATE TABLE kept (
        kind TEXT NOT NULL, name TEXT NOT NULL, family TEXT NOT NULL, place TEXT NOT NULL,
        number INTEGER NOT NULL, line INTEGER NOT NULL, content BLOB NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX by_name ON kept (kind, name)",
)
#: Made once all rows are in: an index that grows row by row costs more than one made at the end.
_FAMILY_INDEX = "CREATE INDEX IF NOT EXISTS by_family ON kept (kind, family, place, number)"


class RowStore:
    """A private database in the temporary folder; it goes with `close`.

    A row stored under a name that is taken replaces the earlier one, as
    ``REPLACE`` does. `family` groups rows (the articles of a site, the pictures
    of an article), `place` sorts them inside it; equal places keep the order of
    storing.
    """

    def __init__(self) -> None:
        # The empty name: a temporary file of SQLite's own, removed when it is closed.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        for statement in _SCHEMA:
            self._database.execute(statement)
        self._database.execute("BEGIN")
        self._number = 0
        self._indexed = False

    def put(
        self, kind: str, name: str, row: Row, *, line: int, family: str = "", place: str = ""
    ) -> None:
        """Stores the row. Raises `SourceError` when the temporary folder is full."""
        content = json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self._number += 1
        with _full_disk_told():
            self._database.execute(
                "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?, ?)",
                (kind, name, family, place, self._number, line, content),
            )

    def get(self, kind: str, name: str) -> tuple[int, Row] | None:
        """Line and row last stored under the name, or None."""
        found = self._database.execute(
            "SELECT line, content FROM kept WHERE kind = ? AND name = ?", (kind, name)
        ).fetchone()
        return None if found is None else (found[0], _loaded(found[1]))

    def find(self, kind: str, name: str) -> Row:
        """The row stored under the name, {} when there is none."""
        found = self.get(kind, name)
        return found[1] if found else {}

    def names(self, kind: str, family: str = "") -> list[str]:
        """Names of a family in order."""
        return [name for name, _line, _row in self._of_family(kind, family, with_rows=False)]

    def rows(self, kind: str, family: str = "") -> Iterator[tuple[str, int, Row]]:
        """Name, line and row of a family in order."""
        for name, line, content in self._of_family(kind, family, with_rows=True):
            yield name, line, _loaded(content)

    def families(self, kind: str) -> dict[str, int]:
        """Every family of the kind with the number of its rows."""
        self._index()
        return dict(
            self._database.execute(
                "SELECT family, COUNT(*) FROM kept WHERE kind = ? GROUP BY family", (kind,)
            )
        )

    def _of_family(
        self, kind: str, family: str, *, with_rows: bool
    ) -> Iterable[tuple[str, int, bytes]]:
        self._index()
        content = "content" if with_rows else "''"
        return self._database.execute(
            f"SELECT name, line, {content} FROM kept WHERE kind = ? AND family = ?"  # noqa: S608 - two constants
            " ORDER BY place, number",
            (kind, family),
        )

    def _index(self) -> None:
        if not self._indexed:
            with _full_disk_told():
                self._database.execute(_FAMILY_INDEX)
            self._indexed = True

    def close(self) -> None:
        """Removes the temporary file."""
        self._database.close()


def _loaded(content: bytes) -> Row:
    loaded: Row = json.loads(content.decode("utf-8", "surrogatepass"))
    return loaded


@contextmanager
def _full_disk_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise SourceError(
            _(
                "The temporary folder cannot take the rows of the source (%(reason)s). "
                "Make room there, or set TMPDIR to another disk, and start again."
            )
            % {"reason": error}
        ) from error
