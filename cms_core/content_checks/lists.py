"""The lists in force in the open scope: what the program brings, the operator's and the site's own.

A list is compiled when a text is first checked with it, not when the program starts, and kept for the
editions it was made of: a changed list has another number and is compiled anew, without a restart.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick
from django.db.models import Max

from sites.tenancy.scope import current_tenant_id

from .enums import TermKind, TermLevel
from .models import Leader, ListEdition, ListedTerm
from .text import fold_term

DATA = Path(__file__).parent / "data"
#: Changes with every change of a rule: a text checked by older rules is checked again.
RULES_VERSION = "2"
#: Compiled lists kept in one process: the sites that editors of one worker process work on.
_KEPT_LISTS = 8


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is looked for. ``origin``: ``program``, ``platform`` or ``site``."""

    kind: str
    text: str
    level: str
    suggestion: str = ""
    only_with: tuple[str, ...] = ()
    unless_with: tuple[str, ...] = ()
    reason: str = ""
    origin: str = "program"

    @property
    def folded(self) -> str:
        return fold_term(self.text)


class TermList:
    """Terms and the automaton that finds them all in one reading of the text."""

    def __init__(self, terms: Iterable[Term]) -> None:
        found: dict[tuple[str, str], Term] = {}
        for term in terms:  # a later list has the last word, but no site softens what is forbidden
            key = (term.kind, term.folded)
            before = found.get(key)
            if before and term.origin == "site" and before.level == TermLevel.FORBID:
                continue
            if term.kind == TermKind.MISSPELLING and term.level == TermLevel.OFF:
                # Turned off means right, for the statistics of words too.
                found.pop(key, None)
                key, term = (TermKind.ALLOWED, term.folded), _allowed(term.text, term.origin)
            if term.folded:
                found[key] = term
        self.terms = tuple(t for t in found.values() if t.level != TermLevel.OFF)
        self._automaton = AhoCorasick([term.folded for term in self.terms])

    def occurrences(self, folded_text: str) -> Iterator[tuple[Term, int, int]]:
        """Every term at every place, also one inside another."""
        found = self._automaton.find_matches_as_indexes(folded_text, overlapping=True)
        for number, start, end in found:
            yield self.terms[number], start, end


@dataclass(frozen=True, slots=True)
class LeaderEntry:
    """One line of the dated list of leaders."""

    name: str
    posts: tuple[str, ...]
    rank: int
    held_from: date
    held_until: date | None

    def holds_on(self, day: date) -> bool:
        return self.held_from <= day and (self.held_until is None or day <= self.held_until)


@dataclass(frozen=True)
class Lists:
    """All lists of one site at one time. ``version`` names them."""

    version: str
    terms: TermList
    leaders: tuple[LeaderEntry, ...]


@cache
def program_digest() -> str:
    """Which data and rules this program brings."""
    digest = hashlib.sha256(RULES_VERSION.encode())
    for path in sorted(DATA.glob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def program_terms() -> tuple[Term, ...]:
    """The terms of the files that come with the program."""
    found = list(_misspellings(_read("misspellings.toml")))
    for name, kind in (
        ("sensitive_terms.toml", TermKind.SENSITIVE),
        ("state_terms.toml", TermKind.STATE),
    ):
        for row in _read(name)["term"]:
            found.extend(_terms_of(row, kind))
    return tuple(found)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text(encoding="utf-8"))


def _misspellings(data: dict[str, Any]) -> Iterator[Term]:
    for level in (TermLevel.CONFIRM, TermLevel.REMIND):
        for wrong, right in data[level.value].items():
            yield Term(TermKind.MISSPELLING, wrong, level, right)
    for phrase in data["right"]["phrases"]:
        yield _allowed(phrase)


def _allowed(phrase: str, origin: str = "program") -> Term:
    return Term(TermKind.ALLOWED, phrase, TermLevel.CONFIRM, origin=origin)


def _terms_of(row: dict[str, Any], kind: str) -> Iterator[Term]:
    for text in row.get("texts") or [row["text"]]:
        yield Term(
            kind=kind,
            text=text,
            level=row["level"],
            suggestion=row.get("suggestion", ""),
            only_with=tuple(row.get("only_with", ())),
            unless_with=tuple(row.get("unless_with", ())),
            reason=row.get("reason", ""),
        )
    for phrase in row.get("except_in", ()):
        yield _allowed(phrase)


def lists_in_force() -> Lists:
    """The lists for the open scope's site. One query when they are compiled already, else three."""
    tenant_id = current_tenant_id()
    platform, own = _editions()
    return _compiled(tenant_id, platform, own)


class _Edition(NamedTuple):
    """The newest edition of a list. Its moment tells it from one that was undone with its transaction."""

    number: int = 0
    made_at: datetime | None = None


def _editions() -> tuple[_Edition, _Edition]:
    """Newest edition of the platform's lists and of the site's."""
    rows = (
        ListEdition.objects.order_by()
        .values_list("tenant_id")
        .annotate(newest=Max("number"), newest_at=Max("made_at"))
    )
    platform = own = _Edition()
    for tenant_id, *newest in rows:
        if tenant_id is None:
            platform = _Edition(*newest)
        else:
            own = _Edition(*newest)
    return platform, own


def _version(platform: int, own: int) -> str:
    return f"{program_digest()}-{platform}.{own}"


@lru_cache(maxsize=_KEPT_LISTS)
def _compiled(tenant_id: int, platform: _Edition, own: _Edition) -> Lists:
    rows = ListedTerm.objects.current().order_by("tenant_id", "pk")
    listed = [term_of_row(row) for row in rows]
    listed.sort(key=lambda term: term.origin)  # platform before site
    leaders = tuple(
        LeaderEntry(row.name, split_posts(row.posts), row.rank, row.held_from, row.held_until)
        for row in Leader.objects.order_by("rank", "pk")
    )
    return Lists(
        version=_version(platform.number, own.number),
        terms=TermList([*program_terms(), *listed]),
        leaders=leaders,
    )


def term_of_row(row: ListedTerm) -> Term:
    """A row as it is looked for."""
    return Term(
        kind=row.kind,
        text=row.text,
        level=row.level,
        suggestion=row.suggestion,
        only_with=tuple(row.only_with.split()),
        unless_with=tuple(row.unless_with.split()),
        reason=row.reason,
        origin="platform" if row.tenant_id is None else "site",
    )


def split_posts(posts: str) -> tuple[str, ...]:
    """市委副书记、市长 → both."""
    parts = posts.replace("，", "、").replace(",", "、").split("、")
    return tuple(part.strip() for part in parts if part.strip())
