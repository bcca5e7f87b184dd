"""Rows of a source on disk, found by key and by group, in any declared order.

Memory stays flat however many rows a dump has and however long their texts are.
"""

from __future__ import annotations

from collections.abc import Iterator

from cms_core.importer.temporary import TemporaryTables, packed, unpacked

Row = dict[str, str]

_SCHEMA = """
CREATE TABLE kept (
    kind TEXT NOT NULL, name TEXT NOT NULL, family TEXT NOT NULL, place TEXT NOT NULL,
    number INTEGER NOT NULL, line INTEGER NOT NULL, content BLOB NOT NULL
);
CREATE UNIQUE INDEX by_name ON kept (kind, name);
"""
#: Made once all rows are in: an index that grows row by row costs more than one made at the end.
_FAMILY_INDEX = "CREATE INDEX by_family ON kept (kind, family, place, number)"


class RowStore:
    """Keeps rows in a temporary database; they go with `close`.

    A row stored under a name that is taken replaces the earlier one, as
    ``REPLACE`` does. `family` groups rows (the articles of a site, the pictures
    of an article), `place` sorts them inside it; equal places keep the order of
    storing.
    """

    def __init__(self) -> None:
        self._tables = TemporaryTables(_SCHEMA)
        self._number = 0
        self._indexed = False

    def put(
        self, kind: str, name: str, row: Row, *, line: int, family: str = "", place: str = ""
    ) -> None:
        """Stores the row. Raises `SourceError` when the temporary folder is full."""
        self._number += 1
        self._tables.run(
            "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?, ?)",
            (kind, name, family, place, self._number, line, packed(row)),
        )

    def get(self, kind: str, name: str) -> tuple[int, Row] | None:
        """Line and row last stored under the name, or None."""
        found = self._tables.one(
            "SELECT line, content FROM kept WHERE kind = ? AND name = ?", (kind, name)
        )
        return None if found is None else (found[0], unpacked(found[1]))

    def find(self, kind: str, name: str) -> Row:
        """The row stored under the name, {} when there is none."""
        found = self.get(kind, name)
        return found[1] if found else {}

    def names(self, kind: str, family: str = "") -> Iterator[str]:
        """Names of a family in order."""
        self._index()
        query = "SELECT name FROM kept WHERE kind = ? AND family = ? ORDER BY place, number"
        for (name,) in self._tables.rows(query, (kind, family)):
            yield name

    def rows(self, kind: str, family: str = "") -> Iterator[tuple[str, int, Row]]:
        """Name, line and row of a family in order."""
        self._index()
        query = "SELECT name, line, content FROM kept WHERE kind = ? AND family = ? ORDER BY place, number"
        for name, line, content in self._tables.rows(query, (kind, family)):
            yield name, line, unpacked(content)

    def families(self, kind: str) -> dict[str, int]:
        """Every family of the kind with the number of its rows."""
        self._index()
        query = "SELECT family, COUNT(*) FROM kept WHERE kind = ? GROUP BY family"
        found: dict[str, int] = {}
        for family, number in self._tables.rows(query, (kind,)):
            found[family] = number
        return found

    def _index(self) -> None:
        if not self._indexed:
            self._tables.run(_FAMILY_INDEX)
            self._indexed = True

    def close(self) -> None:
        """Removes the temporary database."""
        self._tables.close()
