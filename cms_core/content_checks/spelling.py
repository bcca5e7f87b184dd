"""Misspellings that no list names: a word of one wrong character, found by its frequent neighbour.

Where a run of Han characters falls apart into single characters, words of two to four characters that
differ by one character of the same sound or shape are tried. The most likely division into words and
corrected words wins (a path through the lattice of all of them); the pairs of characters around the
correction must then be more familiar than those that are written. Pure; linear in the text.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from . import confusions
from .word_statistics import FIRST_HAN, LAST_HAN, LONGEST_WORD, WordStatistics, key_of, statistics

_RUN = re.compile(f"[{chr(FIRST_HAN)}-{chr(LAST_HAN)}]{{2,}}")
_BITS = 15
#: What a correction costs, in natural logarithms: same sound and tone, same sound, similar shape. Set on
#: one half of a public set of corrected sentences, reported on the other (bench_content_checks).
COST_SAME_TONE, COST_OTHER_TONE, COST_SHAPE = 2.5, 3.5, 4.5
#: A pair that official texts have this often is no mistake.
KNOWN_PAIR = 3
#: Rarer words than this are not suggested.
RAREST_SUGGESTED = 5
#: Words of two characters have many neighbours: the pairs around must speak for the correction.
LEAST_GAIN_OF_TWO = 2.0
#: Gains from which a correction is more than a reminder: about three of four such are mistakes
#: (``bench/bench_content_checks.py``).
CERTAIN_GAIN = 8.0
#: A word that the text uses this often is a name or a term of its own.
A_TERM_OF_ITS_OWN = 3
#: Characters of one text that are divided into words; listed misspellings are found in all of it.
MOST_CHARACTERS = 50_000
#: Pieces whose division is remembered in a process, about a kilobyte each at most: a text is checked again at
#: each stage of its review, mostly with the same sentences.
_KEPT_PIECES = 4_096
#: Longest piece divided at once: a run without punctuation longer than this is no sentence.
_LONGEST_RUN = 400


@dataclass(frozen=True, slots=True)
class SpellingProblem:
    """``word``: what is written, ``suggestion``: the word meant; ``start``, ``end``: where."""

    start: int
    end: int
    word: str
    suggestion: str
    is_certain: bool
    code: str = "spelling"


@dataclass(frozen=True, slots=True)
class _Correction:
    at: int
    start: int
    right: str
    word: str


def spelling_problems(text: str, *, whole: str = "") -> Iterator[SpellingProblem]:
    """Probable misspellings in ``text``. ``whole``: all texts of the object, to know its own terms."""
    known = statistics()
    whole = whole or text
    uses: dict[str, int] = {}
    for match in _RUN.finditer(text, 0, MOST_CHARACTERS):
        run = match[0]
        for begin in range(0, len(run), _LONGEST_RUN):
            piece = run[begin : begin + _LONGEST_RUN]
            offset = match.start() + begin
            for found in _corrections(piece):
                gain = _gain(piece, found, known)
                written = piece[found.start : found.start + len(found.word)]
                least = LEAST_GAIN_OF_TWO if len(found.word) == 2 else 0.0
                if gain < least:
                    continue
                if written not in uses:
                    uses[written] = whole.count(written)
                if uses[written] >= A_TERM_OF_ITS_OWN:
                    continue
                yield SpellingProblem(
                    start=offset + found.start,
                    end=offset + found.start + len(found.word),
                    word=written,
                    suggestion=found.word,
                    is_certain=gain >= CERTAIN_GAIN or len(found.word) > 2,
                )


@cache
def _candidates() -> dict[str, tuple[tuple[float, tuple[tuple[int, str], ...]], ...]]:
    """Character → what may have been meant, by cost, the cheapest first: (cost, ((number, character), …))."""
    sound, shape = confusions.similar_sound(), confusions.similar_shape()
    found = {}
    for char in sound.keys() | shape.keys():
        same, other = sound.get(char, ("", ""))
        costs = dict.fromkeys(shape.get(char, ""), COST_SHAPE)
        costs |= dict.fromkeys(other, COST_OTHER_TONE)
        costs |= dict.fromkeys(same, COST_SAME_TONE)
        costs.pop(char, None)
        by_cost: dict[float, list[tuple[int, str]]] = {}
        for c, cost in costs.items():
            if FIRST_HAN <= ord(c) <= LAST_HAN:
                by_cost.setdefault(cost, []).append((key_of(c), c))
        found[char] = tuple((cost, tuple(by_cost[cost])) for cost in sorted(by_cost))
    return found


@lru_cache(maxsize=_KEPT_PIECES)
def _corrections(run: str) -> tuple[_Correction, ...]:
    """The corrections on the most likely path through ``run``."""
    known = statistics()
    total = _log_total()
    words = _words_in(run, known)
    singles = _single_characters(run, words, total)
    if not any(singles):
        return ()
    length = len(run)
    best = [0.0] * (length + 1)
    back: list[tuple[int, _Correction | None]] = [(0, None)] * (length + 1)
    for end in range(1, length + 1):
        score = best[end - 1] + words[end - 1, end] - total
        choice: tuple[int, _Correction | None] = (1, None)
        for size in range(2, min(LONGEST_WORD, end) + 1):
            start = end - size
            frequency = words.get((start, end))
            if frequency is not None:
                if best[start] + frequency - total > score:
                    score, choice = best[start] + frequency - total, (size, None)
                continue
            if True not in singles[start:end]:
                continue
            meant = _meant(run[start:end], score - best[start] + total, known)
            if meant is not None:
                value, place, word = meant
                score = best[start] + value - total
                choice = (size, _Correction(start + place, start, word[place], word))
        best[end], back[end] = score, choice
    found = []
    end = length
    while end:
        size, correction = back[end]
        if correction is not None:
            found.append(correction)
        end -= size
    return tuple(found[::-1])


def _meant(written: str, least: float, known: WordStatistics) -> tuple[float, int, str] | None:
    """The likeliest word that differs from ``written`` by one character: (value, place, word).

    ``None``: none is worth more than ``least``. Value: log frequency less the cost of the correction.
    Most of the time of a check is spent here, so what cannot win is not looked up.
    """
    words, frequency_at, most = known.words, known.frequency_at, known.most_of(len(written))
    rarest = _log(RAREST_SUGGESTED)
    candidates = _candidates()
    key = key_of(written)
    found = None
    for place, char in enumerate(written):
        shift = _BITS * (len(written) - 1 - place)
        rest = key - (key_of(char) << shift)
        for cost, meant in candidates.get(char, ()):
            if most - cost <= least:
                break
            for number, right in meant:
                wanted = rest + (number << shift)
                at = bisect_left(words, wanted)
                if at == len(words) or words[at] != wanted:
                    continue
                frequency = frequency_at(at)
                if frequency >= rarest and frequency - cost > least:
                    least = frequency - cost
                    found = least, place, written[:place] + right + written[place + 1 :]
    return found


def _words_in(run: str, known: WordStatistics) -> dict[tuple[int, int], float]:
    """(start, end) → log frequency of every word in ``run``; single characters always have one."""
    found = {}
    for start in range(len(run)):
        key = 0
        for end in range(start + 1, min(start + LONGEST_WORD, len(run)) + 1):
            key = key << _BITS | key_of(run[end - 1])
            frequency = known.log_frequency(key)
            if frequency is not None:
                found[start, end] = frequency
            elif end == start + 1:
                found[start, end] = known.unknown
    return found


def _single_characters(run: str, words: dict[tuple[int, int], float], total: float) -> list[bool]:
    """Which characters stand alone when ``run`` is divided into words as it is."""
    length = len(run)
    best, back = [0.0] * (length + 1), [0] * (length + 1)
    for end in range(1, length + 1):
        score, size = best[end - 1] + words[end - 1, end] - total, 1
        for longer in range(2, min(LONGEST_WORD, end) + 1):
            frequency = words.get((end - longer, end))
            if frequency is not None and best[end - longer] + frequency - total > score:
                score, size = best[end - longer] + frequency - total, longer
        best[end], back[end] = score, size
    singles = [False] * length
    end = length
    while end:
        singles[end - 1] = back[end] == 1
        end -= back[end]
    return singles


def _gain(run: str, found: _Correction, known: WordStatistics) -> float:
    """How much more familiar the pairs around the correction are; below 0 for one that is none."""
    left = run[found.at - 1] if found.at else ""
    right = run[found.at + 1] if found.at + 1 < len(run) else ""
    written = run[found.at]
    gain, rarest = 0.0, KNOWN_PAIR
    for before, after, old in ((left, found.right, True), (found.right, right, False)):
        if not before or not after:
            continue
        was = (left, written) if old else (written, right)
        gain += known.log_pair(before, after) - known.log_pair(*was)
        rarest = min(rarest, known.pair_count(*was))
    return -1.0 if rarest >= KNOWN_PAIR else gain


def _log(count: int) -> float:
    """As the statistics keep a frequency."""
    return math.log(count) + 1


@cache
def _log_total() -> float:
    """What dividing by the number of all words takes off a frequency: about sixty million of them."""
    return _log(60_000_000)
