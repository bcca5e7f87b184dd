"""Decisions about sections, addresses and repeated articles. Pure: values in, values out."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from anyascii import anyascii
from django.utils.translation import gettext as _

from .exceptions import SourceError
from .sources.records import LegacySection

HOLDING_KEY = "#holding"
# A page's tree path has 255 signs, four a level; the home page takes two levels.
DEEPEST_SECTION = 20
LONGEST_SLUG = 60


class SectionCycle(SourceError):
    """Columns that are each other's parents."""


class SectionsTooDeep(SourceError):
    """Columns nested deeper than a page tree can hold."""


@dataclass(frozen=True, slots=True)
class PlacedSection:
    """A column and where it goes; `parent_key` is "" for the home page.

    `is_orphan`: the source names a parent that it does not have.
    """

    section: LegacySection
    parent_key: str
    depth: int
    is_orphan: bool


def place_sections(sections: Sequence[LegacySection]) -> list[PlacedSection]:
    """Every column after its parent, siblings in the order of the old site.

    A column whose parent is missing goes below the holding section
    (`HOLDING_KEY`), which stands for no row of the source.

    Raises `SectionCycle` and `SectionsTooDeep`, both naming the rows.
    """
    by_key = {section.source_key: section for section in sections}
    children: dict[str, list[LegacySection]] = defaultdict(list)
    orphans = set()
    for section in by_key.values():
        parent = section.parent_key
        if parent and parent not in by_key:
            orphans.add(section.source_key)
            parent = HOLDING_KEY
        children[parent].append(section)
    placed: list[PlacedSection] = []
    waiting = deque([("", 1), (HOLDING_KEY, 2)])
    while waiting:
        parent, depth = waiting.popleft()
        for section in sorted(children.get(parent, ()), key=_sibling_order):
            if depth > DEEPEST_SECTION:
                raise SectionsTooDeep(_too_deep(section, by_key))
            key = section.source_key
            placed.append(PlacedSection(section, parent, depth, key in orphans))
            waiting.append((key, depth + 1))
    if len(placed) < len(by_key):
        raise SectionCycle(_cycle(by_key, {entry.section.source_key for entry in placed}))
    return placed


def _sibling_order(section: LegacySection) -> tuple[int, int, str]:
    key = section.source_key
    return section.order, int(key) if key.isdecimal() else 0, key


def _cycle(by_key: Mapping[str, LegacySection], placed: set[str]) -> str:
    """The first cycle among the columns no walk from the top reaches."""
    key = min((key for key in by_key if key not in placed), key=lambda key: by_key[key].line)
    seen: list[str] = []
    while key not in seen:
        seen.append(key)
        key = by_key[key].parent_key
    circle = seen[seen.index(key) :]
    rows = ", ".join(
        _("%(key)s “%(name)s” (line %(line)d)")
        % {"key": key, "name": by_key[key].name, "line": by_key[key].line}
        for key in circle
    )
    return _(
        "These columns are each other's parents: %(rows)s. Set the parent of one of them to 0 in the "
        "source and start again."
    ) % {"rows": rows}


def _too_deep(section: LegacySection, by_key: Mapping[str, LegacySection]) -> str:
    top = section
    while top.parent_key in by_key:
        top = by_key[top.parent_key]
    return _(
        "Column %(key)s “%(name)s” (line %(line)d), below column %(top)s “%(top_name)s”, lies deeper "
        "than %(limit)d levels. Give it a parent further up in the source and start again."
    ) % {
        "key": section.source_key,
        "name": section.name,
        "line": section.line,
        "top": top.source_key,
        "top_name": top.name,
        "limit": DEEPEST_SECTION,
    }


def section_slug(name: str, source_key: str, taken: Iterable[str]) -> str:
    """A readable slug of the name, in Latin letters; with the key where a sibling has it already."""
    latin = re.sub(r"[^a-z0-9]+", "-", anyascii(name).lower()).strip("-")[:LONGEST_SLUG].strip("-")
    slug = latin or f"c-{_slug_key(source_key)}"
    return slug if slug not in set(taken) else f"{slug}-{_slug_key(source_key)}"


def article_slug(source_key: str) -> str:
    """A slug that a second import finds again, whatever the title has become."""
    return f"a-{_slug_key(source_key)}"


def _slug_key(source_key: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", source_key.lower()).strip("-")
    if plain == source_key and len(plain) <= 40:
        return plain
    return hashlib.sha256(source_key.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What makes two articles the same: title and text without blanks and punctuation."""

    source_key: str
    section_key: str
    published_at: datetime | None
    digest: str


def fingerprint(title: str, text: str) -> str:
    """SHA-256 over the letters and digits of title and text; "" when there is no text to compare."""
    words = re.sub(r"[\W_]+", "", text)
    if not words:
        return ""
    name = re.sub(r"[\W_]+", "", title)
    return hashlib.sha256(f"{name}\0{words}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RepeatedGroup:
    """Articles with one content; `owner` is the proposed original, `copies` the others in order.

    `merged` maps a copy to the article that stands for it in the same section.
    """

    digest: str
    owner: str
    copies: tuple[str, ...]
    merged: Mapping[str, str]


def group_repeated(prints: Iterable[Fingerprint]) -> list[RepeatedGroup]:
    """Groups of equal articles. The owner is the earliest published, then the lowest key.

    A list that shows one text three times shows it once after the import. A
    copy in another section was put there on purpose and stays.
    """
    groups: dict[Hashable, list[Fingerprint]] = defaultdict(list)
    for entry in prints:
        if entry.digest:
            groups[entry.digest].append(entry)
    found = []
    for entries in groups.values():
        if len(entries) < 2:
            continue
        entries.sort(key=_earliest)
        first: dict[str, str] = {}
        merged = {}
        for entry in entries:
            kept = first.setdefault(entry.section_key, entry.source_key)
            if kept != entry.source_key:
                merged[entry.source_key] = kept
        found.append(
            RepeatedGroup(
                entries[0].digest,
                entries[0].source_key,
                tuple(entry.source_key for entry in entries[1:]),
                merged,
            )
        )
    return sorted(found, key=lambda group: _key_order(group.owner))


def _earliest(entry: Fingerprint) -> tuple[bool, float, tuple[int, str]]:
    stamp = entry.published_at.timestamp() if entry.published_at else 0.0
    return entry.published_at is None, stamp, _key_order(entry.source_key)


def _key_order(key: str) -> tuple[int, str]:
    return (int(key) if key.isdecimal() else 0, key)
