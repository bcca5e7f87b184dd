"""All checks over one content. Reads the database for links and pictures only; writes nothing."""

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from sites.registry.checked_content import CheckedContent, Place, TextSegment

from . import confusions
from .dates import date_problems
from .enums import CheckCode, Severity
from .figures import figure_problems
from .found import Found
from .leaders import leader_problems
from .links import link_findings, picture_findings
from .lists import Lists
from .personal_data import PersonalNumber, masked, personal_numbers
from .spelling import spelling_problems
from .terms import split_matches, term_findings
from .text import INVISIBLE, excerpt, folded

#: Findings kept of one check of one text. Whoever has more corrects these first; the rest is counted.
MOST_FINDINGS = 200
#: Characters shown on each side of what was found.
_AROUND = 18
#: Characters on each side that belong to the place: the same word in another sentence is another finding.
_KEY_CONTEXT = 2
_KEY_SALT = "cms_core.content_checks.finding"


@dataclass(frozen=True, slots=True)
class Located:
    """A finding with what is shown of its place and the key that tells it from others."""

    found: Found
    before: str
    text: str
    behind: str
    key: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """``left_out``: findings past the limit. ``digest``: equal for equal outcomes."""

    findings: tuple[Located, ...]
    left_out: int
    characters: int
    digest: str


def check_content(content: CheckedContent, lists: Lists, today: date) -> Outcome:
    """Everything that the checks find in ``content``, graver things first within a check."""
    located: list[Located] = []
    seen: Counter[tuple[Any, ...]] = Counter()
    whole = "\n".join(segment.text for segment in content.segments)
    for segment in content.segments:
        shown, found = _segment_findings(segment, lists, today, content, whole)
        for one in sorted(found, key=lambda f: (f.start, f.end)):
            located.append(_locate(one, segment.text, shown, seen))
    for one in _other_findings(content):
        located.append(_locate(one, "", "", seen))
    order = list(CheckCode)
    grave = list(Severity)
    located.sort(key=lambda f: (order.index(f.found.check), grave.index(f.found.severity)))
    kept = tuple(located[:MOST_FINDINGS])
    digest = hashlib.sha256()
    for kept_one in kept:
        found_one = kept_one.found
        digest.update(f"{kept_one.key}{found_one.severity}{found_one.suggestion}".encode())
    return Outcome(
        findings=kept,
        left_out=len(located) - len(kept),
        characters=sum(len(segment.text) for segment in content.segments),
        digest=digest.hexdigest(),
    )


def _segment_findings(
    segment: TextSegment, lists: Lists, today: date, content: CheckedContent, whole: str
) -> tuple[str, list[Found]]:
    """The text as it may be shown, with personal numbers masked, and what was found in it."""
    text = folded(segment.text)
    matches, allowed = split_matches(text, lists.terms)
    found = list(term_findings(segment, text, matches, allowed))
    numbers = []
    for number in personal_numbers(segment.text, today):
        numbers.append(number)
        if not allowed.cover(*_folded_place(text.places, number.start, number.end)):
            found.append(_personal(number, segment.place))
    for problem in date_problems(segment.text, today):
        found.append(_plain(CheckCode.DATE, problem, segment.place))
    for figure in figure_problems(segment.text):
        found.append(_plain(CheckCode.NUMBER, figure, segment.place))
    on = content.moments.get("publish")
    day = timezone.localtime(on).date() if on is not None else today
    for leader in leader_problems(segment.text, lists.leaders, day, confusions.similar()):
        found.append(_plain(CheckCode.LEADER, leader, segment.place))
    found.extend(_invisible(segment))
    taken = {at for one in found for at in range(one.start, one.end)}
    for word in spelling_problems(segment.text, whole=whole):
        place = _folded_place(text.places, word.start, word.end)
        if not allowed.cover(*place) and taken.isdisjoint(range(word.start, word.end)):
            found.append(_plain(CheckCode.MISSPELLING, word, segment.place))
    return _masked(segment.text, numbers), found


def _folded_place(places: tuple[int, ...] | None, start: int, end: int) -> tuple[int, int]:
    """A place of the text in the folded one."""
    if places is None:
        return start, end
    return bisect_left(places, start), bisect_left(places, end)


def _plain(check: CheckCode, problem: Any, place: Place) -> Found:
    """A problem of a pure rule as a finding."""
    detail = getattr(problem, "detail", "")
    return Found(
        check,
        Severity.MUST_RESOLVE if problem.is_certain else Severity.REMIND,
        problem.code,
        place,
        problem.start,
        problem.end,
        suggestion=getattr(problem, "suggestion", ""),
        params={"detail": detail} if detail else {},
    )


def _personal(number: PersonalNumber, place: Place) -> Found:
    # Nothing published needs an identity number; a telephone or an account may be meant to be public.
    is_id = number.kind == "id_card"
    return Found(
        CheckCode.PERSONAL_DATA,
        Severity.MUST_CORRECT if is_id else Severity.MUST_RESOLVE,
        f"personal_{number.kind}",
        place,
        number.start,
        number.end,
        suggestion=masked(number.kind, number.digits),
        is_private=True,
    )


def _masked(text: str, numbers: Iterable[PersonalNumber]) -> str:
    """``text`` with stars over personal numbers, every place kept."""
    parts, at = [], 0
    for number in numbers:
        shown = masked(number.kind, number.digits)
        width = number.end - number.start
        parts += [text[at : number.start], (shown + "*" * width)[:width]]
        at = number.end
    parts.append(text[at:])
    return "".join(parts)


def _invisible(segment: TextSegment) -> Iterator[Found]:
    """Direction marks and control characters turn a text around for readers; the first one is named."""
    for match in INVISIBLE.finditer(segment.text):
        if match[0] not in "\u00ad\ufeff\u200b\u2060":  # harmless leavings of pasting
            yield Found(
                CheckCode.MISSPELLING,
                Severity.MUST_RESOLVE,
                "invisible_character",
                segment.place,
                match.start(),
                match.end(),
                params={"detail": f"U+{ord(match[0]):04X}"},
            )
            return


def _other_findings(content: CheckedContent) -> Iterator[Found]:
    yield from link_findings(content.links)
    yield from picture_findings(content.pictures)
    for name in content.missing_labels:
        place = Place(_FIELD_OF_LABEL.get(name, ""), name)
        yield Found(
            CheckCode.LABEL, Severity.MUST_RESOLVE, "label_missing", place, params={"detail": name}
        )
    publish, expire = content.moments.get("publish"), content.moments.get("expire")
    start = content.moments.get("go_live")
    for first in (publish, start):
        if first is not None and expire is not None and expire <= first:
            place = Place("expire_at", "expire_at")
            yield Found(CheckCode.DATE, Severity.MUST_RESOLVE, "expires_before_publishing", place)
            return


#: Fields in which editors write the labels that a page prints.
_FIELD_OF_LABEL = {
    "ContentSource": "source_name",
    "PubDate": "published_at",
    "ArticleTitle": "title",
    "ColumnName": "title",
    "ColumnType": "column_type",
}


def _locate(found: Found, text: str, shown: str, seen: Counter[tuple[Any, ...]]) -> Located:
    before, at, behind = excerpt(shown, found.start, found.end, around=_AROUND)
    clear = text[max(0, found.start - _KEY_CONTEXT) : found.end + _KEY_CONTEXT]
    what = (
        found.check,
        found.problem,
        found.place.field,
        found.place.block_id,
        clear,
        text[found.start : found.end],
        found.params.get("target", "") or found.params.get("text", ""),
        found.params.get("detail", ""),
    )
    seen[what] += 1
    digest = salted_hmac(_KEY_SALT, "\x1f".join(map(str, (*what, seen[what]))), algorithm="sha256")
    return Located(found, before[:60], at[:120], behind[:60], digest.hexdigest())
