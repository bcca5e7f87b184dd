"""Words of the language with their frequency, and how often two characters follow each other.

Two sorted arrays of numbers, a few megabytes, read from packed files when a text is first checked. A
word is a number of up to sixty bits: fifteen for each of its characters. ``manage.py
build_word_statistics`` makes the files; data/NOTICE.md says from what.
"""

import lzma
import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
WORDS_FILE = DATA / "words.xz"
PAIRS_FILE = DATA / "pairs.xz"
LONGEST_WORD = 4
FIRST_HAN, LAST_HAN = 0x4E00, 0x9FFF
_BITS = 15
#: Steps of a natural logarithm in the one byte that keeps a frequency.
_STEPS = 12
#: Counts above this are as good as any larger one.
_MOST = 255


def code(char: str) -> int:
    """The number of a Han character: 1 to 20992; 0 stands for no character."""
    return ord(char) - FIRST_HAN + 1


def key_of(word: str) -> int:
    """The number of a word; longer words have larger numbers."""
    key = 0
    for char in word:
        key = key << _BITS | ord(char) - FIRST_HAN + 1
    return key


class WordStatistics:
    """``words``: the numbers of all words, sorted. ``log_frequency``: of a word, ``None`` where it is none.

    ``log_pair``: how familiar two characters are side by side, 0 for never seen. ``pair_count``: how often
    official texts have them.
    """

    def __init__(self, words: bytes, pairs: bytes) -> None:
        self.words, columns = _unpack(words, "Q", 1)
        self._frequencies = columns[0]
        self._most = self._most_by_length()
        self._pairs, columns = _unpack(pairs, "I", 2)
        self._pair_logs, self._pair_counts = columns
        self.unknown = min(self._frequencies) / _STEPS - 1.0

    def log_frequency(self, key: int) -> float | None:
        words = self.words
        at = bisect_left(words, key)
        if at < len(words) and words[at] == key:
            return self._frequencies[at] / _STEPS
        return None

    def frequency_at(self, at: int) -> float:
        """Log frequency of the word ``words[at]``."""
        return self._frequencies[at] / _STEPS

    def most_of(self, length: int) -> float:
        """Log frequency of the most frequent word of ``length`` characters."""
        return self._most[length]

    def _most_by_length(self) -> list[float]:
        ends = [bisect_left(self.words, 1 << _BITS * n) for n in range(LONGEST_WORD + 1)]
        return [
            max(self._frequencies[before:end], default=0) / _STEPS
            for before, end in zip([0, *ends], ends, strict=False)
        ]

    def log_pair(self, left: str, right: str) -> float:
        at = self._pair_at(left, right)
        return self._pair_logs[at] / _STEPS if at >= 0 else 0.0

    def pair_count(self, left: str, right: str) -> int:
        at = self._pair_at(left, right)
        return self._pair_counts[at] if at >= 0 else 0

    def _pair_at(self, left: str, right: str) -> int:
        key = code(left) << _BITS | code(right)
        at = bisect_left(self._pairs, key)
        return at if at < len(self._pairs) and self._pairs[at] == key else -1


@cache
def statistics() -> WordStatistics:
    """The statistics that come with the program, loaded once in a process."""
    return WordStatistics(WORDS_FILE.read_bytes(), PAIRS_FILE.read_bytes())


def pack_words(frequencies: Mapping[str, int]) -> bytes:
    """The file of words: ``log(frequency) + 1`` in steps, so that a byte holds it."""
    rows = sorted((key_of(word), _step(count)) for word, count in frequencies.items())
    return _pack([key for key, _log in rows], "Q", [[log for _key, log in rows]])


def pack_pairs(texts: Mapping[str, int], words: Mapping[str, int], *, text_weight: int) -> bytes:
    """The file of pairs, from counts in running text and counts inside words."""
    rows = sorted(
        (
            key_of(pair),
            _step(text_weight * texts.get(pair, 0) + words.get(pair, 0)),
            min(texts.get(pair, 0), _MOST),
        )
        for pair in texts.keys() | words.keys()
    )
    columns = [[row[1] for row in rows], [row[2] for row in rows]]
    return _pack([row[0] for row in rows], "I", columns)


def _step(count: int) -> int:
    return min(round((math.log(max(count, 1)) + 1) * _STEPS), _MOST)


def _pack(keys: list[int], kind: str, columns: Iterable[Iterable[int]]) -> bytes:
    """Number of rows, then each byte of the keys as a column of its own, then the columns."""
    width = array(kind).itemsize
    raw = len(keys).to_bytes(4, "big")
    for place in range(width):
        raw += bytes(key >> 8 * place & 0xFF for key in keys)
    for column in columns:
        raw += bytes(column)
    return lzma.compress(raw, preset=9 | lzma.PRESET_EXTREME)


def _unpack(packed: bytes, kind: str, columns: int) -> "tuple[array[int], list[bytes]]":
    raw = lzma.decompress(packed)
    count, at = int.from_bytes(raw[:4], "big"), 4
    keys = array(kind)
    width = keys.itemsize
    interleaved = bytearray(count * width)
    for place in range(width):
        interleaved[place::width] = raw[at : at + count]
        at += count
    keys.frombytes(interleaved)
    return keys, [raw[at + n * count : at + (n + 1) * count] for n in range(columns)]
