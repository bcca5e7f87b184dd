"""A disk-backed store of rows, so that memory stays flat however many they are and however long."""

from __future__ import annotations

from collections.abc import Iterator

from cms_core.importer.temporary import TemporaryTables, packed, unpacked

Key = tuple[str, ...]

_SCHEMA = """
CREATE TABLE packed (name TEXT PRIMARY KEY, content BLOB);
CREATE TABLE listed (
    list TEXT, first INTEGER, second INTEGER, member TEXT, PRIMARY KEY (list, first, second, member)
) WITHOUT ROWID;
"""
#: SQLite's whole numbers have 64 bits; an old row may name any number.
_LARGEST = 2**63 - 1


class RowSpool:
    """Keeps mappings of plain values by key, and ordered lists of names, in a temporary database."""

    def __init__(self) -> None:
        self._tables = TemporaryTables(_SCHEMA)

    def put(self, key: Key, row: dict[str, object]) -> bool:
        """Stores the row; True when it replaces an earlier one of the same key.

        Raises `SourceError` when the temporary folder is full.
        """
        content = packed(row)
        name = _name(key)
        if self._tables.run("INSERT OR IGNORE INTO packed VALUES (?, ?)", (name, content)):
            return False
        self._tables.run("UPDATE packed SET content = ? WHERE name = ?", (content, name))
        return True

    def __getitem__(self, key: Key) -> dict[str, object]:
        """The row last stored under `key`; KeyError where there is none."""
        row = self.get(key)
        if row is None:
            raise KeyError(key)
        return row

    def get(self, key: Key) -> dict[str, object] | None:
        """The row last stored under `key`, or None."""
        found = self._tables.one("SELECT content FROM packed WHERE name = ?", (_name(key),))
        if found is None:
            return None
        loaded: dict[str, object] = unpacked(found[0])
        return loaded

    def __contains__(self, key: Key) -> bool:
        return self.get(key) is not None

    def enlist(self, name: Key, member: str, first: int = 0, second: int = 0) -> None:
        """Puts `member` into the list `name`, which is sorted by the two numbers."""
        self._tables.run(
            "INSERT OR IGNORE INTO listed VALUES (?, ?, ?, ?)",
            (_name(name), _limited(first), _limited(second), member),
        )

    def strike(self, name: Key, member: str, first: int = 0, second: int = 0) -> None:
        """Takes `member` out of the list; named as it was put in."""
        self._tables.run(
            "DELETE FROM listed WHERE list = ? AND first = ? AND second = ? AND member = ?",
            (_name(name), _limited(first), _limited(second), member),
        )

    def members(self, name: Key) -> Iterator[str]:
        """The members of a list in its order, read as they are asked for."""
        query = "SELECT member FROM listed WHERE list = ? ORDER BY first, second, member"
        for (member,) in self._tables.rows(query, (_name(name),)):
            yield member

    def close(self) -> None:
        """Removes the temporary database."""
        self._tables.close()


def _name(key: Key) -> str:
    return "\x1f".join(key)


def _limited(number: int) -> int:
    return max(-_LARGEST, min(_LARGEST, number))
