"""Listed terms in a text, with their context and the allowed wording around them. Pure."""

from collections.abc import Iterable, Iterator

from sites.registry.checked_content import TextSegment

from .enums import SEVERITY_OF_LEVEL, CheckCode, Severity, TermKind, TermLevel
from .found import Found
from .lists import Term, TermList
from .text import Folded, sentence_around

_CHECK_OF_KIND = {
    TermKind.SENSITIVE: CheckCode.SENSITIVE_TERM,
    TermKind.STATE: CheckCode.STATE_TERM,
    TermKind.MISSPELLING: CheckCode.MISSPELLING,
}
_PROBLEM_OF_KIND = {
    TermKind.SENSITIVE: "sensitive_term",
    TermKind.STATE: "state_term",
    TermKind.MISSPELLING: "misspelling",
}
#: Characters on each side within the sentence in which a context word counts.
CONTEXT = 60


class AllowedSpans:
    """Where allowed wording stands: what lies wholly inside is right, whatever a list says.

    A site's own allowed wording does not cover what is forbidden everywhere.
    """

    def __init__(self, matches: Iterable[tuple[Term, int, int]]) -> None:
        self._ends: dict[int, int] = {}
        self._platform_ends: dict[int, int] = {}
        self._longest = 0
        for term, start, end in matches:
            self._longest = max(self._longest, end - start)
            self._ends[start] = max(end, self._ends.get(start, 0))
            if term.origin != "site":
                self._platform_ends[start] = max(end, self._platform_ends.get(start, 0))

    def cover(self, start: int, end: int, *, is_forbidden: bool = False) -> bool:
        ends = self._platform_ends if is_forbidden else self._ends
        if not ends:
            return False
        first = max(0, end - self._longest)
        return any(ends.get(at, 0) >= end for at in range(first, start + 1))


def split_matches(
    text: Folded, terms: TermList
) -> tuple[list[tuple[Term, int, int]], AllowedSpans]:
    """What is listed in ``text``, and the allowed wording in it."""
    listed, allowed = [], []
    for match in terms.occurrences(text.text):
        (allowed if match[0].kind == TermKind.ALLOWED else listed).append(match)
    return listed, AllowedSpans(allowed)


def term_findings(
    segment: TextSegment,
    text: Folded,
    matches: list[tuple[Term, int, int]],
    allowed: AllowedSpans,
) -> Iterator[Found]:
    """Findings of the listed terms in one segment; of two, one inside the other, the longer stays."""
    ends: dict[str, int] = {}
    for term, start, end in sorted(matches, key=lambda m: (m[1], -m[2])):
        if end <= ends.get(term.kind, 0):
            continue
        if allowed.cover(start, end, is_forbidden=term.level == TermLevel.FORBID):
            continue
        if not _fits(term, text.text, start, end):
            continue
        ends[term.kind] = end
        original = text.original(start, end)
        yield Found(
            _CHECK_OF_KIND[TermKind(term.kind)],
            SEVERITY_OF_LEVEL.get(TermLevel(term.level), Severity.REMIND),
            _PROBLEM_OF_KIND[TermKind(term.kind)],
            segment.place,
            *original,
            suggestion=term.suggestion,
            params={"reason": term.reason} if term.reason else {},
        )


def _fits(term: Term, text: str, start: int, end: int) -> bool:
    """Whether the sentence around the term is one the term is listed for."""
    if not term.only_with and not term.unless_with:
        return True
    left, right = sentence_around(text, start, end, CONTEXT)
    around = text[left:start] + "\n" + text[end:right]
    if any(word in around for word in term.unless_with):
        return False
    return not term.only_with or any(word in around for word in term.only_with)
