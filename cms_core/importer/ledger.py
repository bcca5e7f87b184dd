"""What one run remembers of the articles of its source, on disk: an old site may hold a quarter of a million."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from .rules import Fingerprint, RepeatedGroup, group_repeated
from .temporary import TemporaryTables

_SCHEMA = """
CREATE TABLE article (
    key TEXT PRIMARY KEY, place INTEGER, section TEXT, published REAL, title TEXT, digest TEXT
) WITHOUT ROWID;
CREATE INDEX article_digest ON article (digest);
CREATE TABLE repeat (copy TEXT PRIMARY KEY, kept TEXT) WITHOUT ROWID;
CREATE TABLE waiting (copy TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID;
CREATE TABLE claimed (path TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Repeat:
    """An article that another one stands for: what is left to do for it at the end of the run."""

    source_key: str
    title: str
    source_digest: str
    old_urls: tuple[str, ...]
    merged_into: str


class Ledger:
    """Filled by a first pass over the source; asked batch by batch afterwards. Closed by `close`."""

    def __init__(self) -> None:
        self._tables = TemporaryTables(_SCHEMA)
        self.articles = 0

    def add_article(self, entry: Fingerprint, title: str) -> None:
        """Notes an article. One key names one article: a second row of it is not counted."""
        at = entry.published_at
        self.articles += self._tables.run(
            "INSERT OR IGNORE INTO article VALUES (?, ?, ?, ?, ?, ?)",
            (
                entry.source_key,
                self.articles,
                entry.section_key,
                at.timestamp() if at else None,
                title,
                entry.digest,
            ),
        )

    def group(self) -> Iterator[tuple[RepeatedGroup, str]]:
        """Groups of equal articles with the title of their owner, in the order of the source."""
        equal = (
            "SELECT digest FROM article WHERE digest != '' GROUP BY digest HAVING COUNT(*) > 1 "
            "ORDER BY MIN(place)"
        )
        for (digest,) in self._tables.rows(equal):
            prints = [
                Fingerprint(key, section, _moment(published), digest)
                for key, section, published in self._tables.rows(
                    "SELECT key, section, published FROM article WHERE digest = ?", (digest,)
                )
            ]
            for group in group_repeated(prints):
                for copy, kept in group.merged.items():
                    self._tables.run("INSERT OR REPLACE INTO repeat VALUES (?, ?)", (copy, kept))
                title = self._tables.one("SELECT title FROM article WHERE key = ?", (group.owner,))
                yield group, title[0] if title else ""

    def repeats_of(self, keys: Sequence[str]) -> dict[str, str]:
        """For those of ``keys`` that repeat another article: the one that stands for them."""
        return self._mapping("SELECT copy, kept FROM repeat WHERE copy IN", keys)

    def digests_of(self, keys: Sequence[str]) -> dict[str, str]:
        """The fingerprint of each article of ``keys``; "" where it has no text."""
        return self._mapping("SELECT key, digest FROM article WHERE key IN", keys)

    def _mapping(self, query: str, keys: Sequence[str]) -> dict[str, str]:
        marks = ",".join("?" * len(keys))
        return {
            str(key): str(value) for key, value in self._tables.rows(f"{query} ({marks})", keys)
        }

    def keys(self) -> Iterator[str]:
        """The keys of all articles."""
        for (key,) in self._tables.rows("SELECT key FROM article"):
            yield key

    # -- left for the end ---------------------------------------------------

    def postpone(self, repeat: Repeat) -> None:
        """Keeps a repeat until every article that another one stands behind has its page."""
        content = json.dumps(
            [repeat.title, repeat.source_digest, repeat.old_urls, repeat.merged_into]
        )
        self._tables.run(
            "INSERT OR REPLACE INTO waiting VALUES (?, ?)", (repeat.source_key, content)
        )

    def postponed(self) -> Iterator[Repeat]:
        """What was kept."""
        for key, content in self._tables.rows("SELECT copy, content FROM waiting"):
            title, digest, urls, kept = json.loads(content)
            yield Repeat(key, title, digest, tuple(urls), kept)

    # -- old addresses of a dry run -----------------------------------------

    def claim(self, paths: Iterable[str]) -> None:
        """Notes addresses that a run that is to write would have given away."""
        for path in paths:
            self._tables.run("INSERT OR IGNORE INTO claimed VALUES (?)", (path,))

    def claimed(self, paths: Sequence[str]) -> Mapping[str, None]:
        """Those of ``paths`` that were claimed."""
        marks = ",".join("?" * len(paths))
        query = f"SELECT path FROM claimed WHERE path IN ({marks})"  # noqa: S608 - marks only
        return dict.fromkeys(path for (path,) in self._tables.rows(query, paths))

    def close(self) -> None:
        """Forgets everything."""
        self._tables.close()


def _moment(stamp: float | None) -> datetime | None:
    return None if stamp is None else datetime.fromtimestamp(stamp, UTC)
