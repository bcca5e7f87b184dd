"""Make the word statistics of the spelling check anew from a dictionary and official texts."""

import re
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from ahocorasick_rs import AhoCorasick
from django.core.management.base import BaseCommand

from cms_core.content_checks.enums import TermKind, TermLevel
from cms_core.content_checks.lists import program_terms
from cms_core.content_checks.word_statistics import (
    LONGEST_WORD,
    PAIRS_FILE,
    WORDS_FILE,
    pack_pairs,
    pack_words,
)

_HAN = re.compile(r"[\u4e00-\u9fff]+")
#: Rarer entries are mostly names and fragments.
_RAREST_WORD = 3
#: Running official text says more about what editors write than a general dictionary does.
_TEXT_WEIGHT = 20
#: Pairs seen less often than this, all counted, say nothing.
_RAREST_PAIR = 3


class Command(BaseCommand):
    """Counts only are kept: no text goes into the files."""

    help = "Build words.xz and pairs.xz from a dictionary (word, frequency a line) and texts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dictionary", type=Path)
        parser.add_argument("texts", type=Path, nargs="+", help="files of running text")

    def handle(self, *args: Any, **options: Any) -> None:
        words = self._words(options["dictionary"])
        inside: Counter[str] = Counter()
        for word, count in words.items():
            for at in range(len(word) - 1):
                inside[word[at : at + 2]] += count
        texts: Counter[str] = Counter()
        for path in options["texts"]:
            for run in _HAN.findall(path.read_text(encoding="utf-8", errors="ignore")):
                texts.update(run[at : at + 2] for at in range(len(run) - 1))
        kept = {
            pair
            for pair in texts.keys() | inside.keys()
            if _TEXT_WEIGHT * texts[pair] + inside[pair] >= _RAREST_PAIR
        }
        WORDS_FILE.write_bytes(pack_words(words))
        PAIRS_FILE.write_bytes(
            pack_pairs(
                {pair: texts[pair] for pair in kept if texts[pair] > 1},
                {pair: inside[pair] for pair in kept},
                text_weight=_TEXT_WEIGHT,
            )
        )
        self.stdout.write(f"{len(words)} words, {len(kept)} pairs")

    def _words(self, path: Path) -> dict[str, int]:
        """Words of the dictionary without those that hold a listed misspelling."""
        listed = [
            term.text
            for term in program_terms()
            if term.kind == TermKind.MISSPELLING and term.level == TermLevel.CONFIRM
        ]
        automaton = AhoCorasick(listed)
        found = {}
        for line in path.read_text(encoding="utf-8").splitlines():
            word, count, *_rest = line.split()
            if len(word) > LONGEST_WORD or not _HAN.fullmatch(word):
                continue
            if len(word) > 1 and (
                int(count) < _RAREST_WORD or automaton.find_matches_as_indexes(word)
            ):
                continue
            found[word] = max(int(count), 1)
        return found
