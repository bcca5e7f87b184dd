"""Pure rules for titles, names and telephone numbers: where words end, what a number dials."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_PLACE = re.compile(
    r"[^和与及]{2,10}?自治[区州县旗]|[^和与及]{1,4}?(?:[省市区县州旗镇]|街道|(?<!城)乡)"
)
"""A place name at the start of a site's name, shortest first (云澧市, 湘西土家族苗族自治州, 柳林镇)."""

_NO_PLACE = ("场", "政", "民", "级", "直", "容", "划", "域")
"""What follows 市 or 区 in a word that is no place: 市场, 市政, 区级."""

_SHORTEST_PLACE = 2
_JOINTS = re.compile(r"(?=和|与|及|人民政府|门户网站)|(?<=局|委|办|厅)(?=（)|(?=（)")
"""Where the rest of a name may break: before a conjunction, a fixed word or a bracket."""


def name_phrases(name: str) -> tuple[str, ...]:
    """Split the name of a site where it may break: after places, before 和 and 人民政府.

    ``"".join(name_phrases(n)) == n.strip()`` always holds; an empty name gives ``()``.
    """
    rest = name.strip()
    phrases: list[str] = []
    while (match := _PLACE.match(rest)) and _SHORTEST_PLACE <= match.end() < len(rest):
        end = match.end()
        if rest[end:].startswith(_NO_PLACE):
            break
        if rest[end] in "市县区" and not rest[end + 1 :].startswith(_NO_PLACE):
            end += 1  # 津市市, 安乡县: the place's own name ends in such a character
        phrases.append(rest[:end])
        rest = rest[end:]
    if rest:
        phrases += [piece for piece in _JOINTS.split(rest) if piece]
    return tuple(phrases)


_NUMBER = re.compile(r"\+?\d[\d\- ()（）]{3,}\d")
_SHORT_NUMBER = re.compile(r"(?<!\d)\d{3,5}(?!\d)")


def phone_url(text: str) -> str:
    """Return the ``tel:`` address of the first telephone number in ``text``, or ``""``.

    Short numbers such as 12345 count when there is no long one.
    """
    match = _NUMBER.search(text) or _SHORT_NUMBER.search(text)
    return "tel:" + re.sub(r"[^\d+]", "", match.group()) if match else ""


_WORDS_FILE = Path(__file__).resolve().parent / "data" / "title_words.txt"
_PIECES = re.compile(r"[A-Za-z0-9.%—–-]+[年月日时分号个项批次条件万亿元]?|\s+|.", re.DOTALL)
_NEVER_FIRST = "，：；。！？、》〉）)”’」』】〕]…—"
_NEVER_LAST = "《〈（(“‘「『【〔["
_JOINS_NEXT = "和与及拟对在向为于从至"


@cache
def _known_words() -> tuple[frozenset[str], int]:
    """Return the words of the list and the length of the longest."""
    lines = _WORDS_FILE.read_text(encoding="utf-8").splitlines()
    words = frozenset(
        word for line in lines if not line.startswith("#") for word in line.split() if len(word) > 1
    )
    return words, max(map(len, words))


def title_words(phrase: str) -> tuple[str, ...]:
    """Split a phrase of a title where a line may break without breaking a word.

    The longest listed word wins; what is between listed words stays whole; a single character
    joins its neighbour, punctuation the side on which it may stand.
    ``"".join(title_words(p)) == p`` always holds.
    """
    words, longest = _known_words()
    parts: list[str] = []
    known = False  # whether the last part is a listed word, after which a line may break
    position = 0
    while position < len(phrase):
        word = next(
            (
                phrase[position : position + size]
                for size in range(longest, 1, -1)
                if phrase[position : position + size] in words
            ),
            "",
        )
        match = _PIECES.match(phrase, position)
        piece = word or (match.group() if match else phrase[position])
        opens = bool(parts) and not known and parts[-1][-1] in _NEVER_LAST
        lone = bool(parts) and not known and len(parts[-1]) == 1 and parts[-1] in _JOINS_NEXT
        if parts and (
            opens or (lone and word) or piece[0] in _NEVER_FIRST or (not word and not known)
        ):
            parts[-1] += piece
        else:
            parts.append(piece)
        known = bool(word) or piece[-1] in _NEVER_FIRST
        position += len(piece)
    return _lone_joined(parts)


def _lone_joined(parts: list[str]) -> tuple[str, ...]:
    """Join a single character to the part before it, or after it where it begins a sense."""
    joined: list[str] = []
    carried = ""
    for part in parts:
        if len(part) == 1 and part in _JOINS_NEXT + _NEVER_LAST:
            carried += part
        elif len(part) == 1 and joined and not carried:
            joined[-1] += part
        else:
            joined.append(carried + part)
            carried = ""
    if carried:
        joined.append(carried)
    return tuple(joined)
