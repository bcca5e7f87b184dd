"""Text as the checks read it: invisible characters out, wide characters narrow, places kept. Pure."""

import re
from dataclasses import dataclass

#: Characters that nobody sees and that part a word: zero width, direction marks, soft hyphen, controls.
_INVISIBLE = (
    {*range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xAD, 0x61C, 0xFEFF}
    | set(range(0x200B, 0x2010))
    | set(range(0x202A, 0x202F))
    | set(range(0x2060, 0x2070))
)
INVISIBLE = re.compile("[" + "".join(re.escape(chr(code)) for code in sorted(_INVISIBLE)) + "]")
#: Full-width letters, digits and signs, each with the narrow one of the same meaning.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_NARROW_DIGITS = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}
#: Where a sentence ends; findings look no farther for their context.
SENTENCE_END = re.compile(r"[。！？!?；;\n\r]")


def plain_digits(text: str) -> str:
    """``text`` with full-width digits narrow; every place stays what it was."""
    return text.translate(_NARROW_DIGITS)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without what nobody sees, in lower case. ``places``: where each character stood; ``None``
    while nothing was left out."""

    text: str
    places: tuple[int, ...] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Start and end in the text before folding."""
        if self.places is None:
            return start, end
        last = self.places[end - 1] + 1 if end > start else self.places[start]
        return self.places[start], last


def folded(text: str) -> Folded:
    """``text`` folded for matching words."""
    places = None
    kept = text
    if INVISIBLE.search(text):
        places = tuple(at for at, char in enumerate(text) if not INVISIBLE.match(char))
        kept = "".join(text[at] for at in places)
    # Lower case keeps the number of characters for all letters a term may hold; İ would add one.
    lowered = kept.translate(_NARROW)
    lower = lowered.lower()
    if len(lower) != len(kept):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in lowered)
    return Folded(lower, places)


def fold_term(term: str) -> str:
    """A listed term as it is looked for."""
    return folded(term.strip()).text


def sentence_around(text: str, start: int, end: int, most: int) -> tuple[int, int]:
    """Bounds of the sentence that holds ``start`` to ``end``, at most ``most`` characters on each side."""
    left = max(0, start - most)
    for match in SENTENCE_END.finditer(text, left, start):
        left = match.end()
    right = min(len(text), end + most)
    match_after = SENTENCE_END.search(text, end, right)
    return left, match_after.start() if match_after else right


def excerpt(text: str, start: int, end: int, *, around: int) -> tuple[str, str, str]:
    """What stands before, at and behind the place, shortened, on one line, without invisible characters."""
    before = text[max(0, start - around) : start]
    behind = text[end : end + around]
    parts = (
        ("…" if start > around else "") + before,
        text[start:end],
        behind + ("…" if end + around < len(text) else ""),
    )
    shown = [" ".join(INVISIBLE.sub("", part).split()) for part in parts]
    return shown[0], shown[1], shown[2]
