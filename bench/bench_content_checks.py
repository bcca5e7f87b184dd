"""The spelling check against a plain confusion-set baseline, and what the checks cost.

Sentences: the research pairs of ../shared/data/typos, where they lie beside the repository (they may not
be shipped). Thresholds were set on the even lines; the odd ones are reported. The baseline takes the same
confusion sets and the same dictionary: a pair of characters that is no word, and is one after one
exchange, is a mistake. False alarms on right text: State Council documents none of which the word
statistics were counted from. The ratio is ours to the baseline in F1 of detection.
"""

import html
import json
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SHARED = ROOT.parent / "shared" / "data"
HAN = re.compile(r"[\u4e00-\u9fff]+")

Answer = dict[int, str]


def main() -> None:
    sentences = _sentences()
    if not sentences:
        print(f"no sentences at {SHARED / 'typos'}: nothing measured")
        print("ratio nan")
        return
    os.environ.setdefault("JIYUE_ENV", "test")
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="jiyue-bench-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "cms_core.settings"
    import django

    django.setup()
    from cms_core.content_checks import spelling

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    list(spelling.spelling_problems("按照规定办理"))
    print(
        f"first use: {(time.perf_counter() - started) * 1000:.0f} ms, "
        f"{(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.0f} MB more at its peak"
    )
    held_out = sentences[1::2]
    errors = sum(len(_differences(*pair)) for pair in held_out)
    print(
        f"{len(held_out)} sentences, {errors} wrong characters (odd lines; thresholds from even ones)"
    )
    baseline = _report("plain confusion sets", _baseline(), held_out)
    ours = _report("ours", _ours(), held_out)
    _report("ours, certain ones only", _ours(certain=True), held_out)
    _clean()
    print(f"ratio {ours / baseline:.2f}")


def _sentences() -> list[tuple[str, str]]:
    path = SHARED / "typos" / "train.tsv"
    if not path.exists():
        return []
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [(row[0], row[1]) for row in rows if len(row) == 2 and len(row[0]) == len(row[1])]


def _differences(wrong: str, right: str) -> Answer:
    return {at: b for at, (a, b) in enumerate(zip(wrong, right, strict=True)) if a != b}


def _report(name: str, method: Callable[[str], Answer], pairs: list[tuple[str, str]]) -> float:
    hits = alarms = missed = corrected = 0
    for wrong, right in pairs:
        errors, found = _differences(wrong, right), method(wrong)
        for at, char in found.items():
            if at in errors:
                hits += 1
                corrected += char == errors[at]
            else:
                alarms += 1
        missed += sum(at not in found for at in errors)
    precision, recall = hits / max(1, hits + alarms), hits / (hits + missed)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(
        f"{name}: hits {hits}, false alarms {alarms}, missed {missed}; precision {precision:.3f}, "
        f"recall {recall:.3f}, F1 {f1:.3f}; right suggestion {corrected / max(1, hits):.3f} of hits"
    )
    return f1


def _ours(*, certain: bool = False) -> Callable[[str], Answer]:
    """The whole check of misspellings: listed ones and the lattice."""
    from cms_core.content_checks.enums import TermKind
    from cms_core.content_checks.lists import TermList, program_terms
    from cms_core.content_checks.spelling import spelling_problems

    listed = TermList(t for t in program_terms() if t.kind != TermKind.ALLOWED)

    def method(text: str) -> Answer:
        found: Answer = {}
        places = [(start, term.suggestion) for term, start, _end in listed.occurrences(text)]
        places += [
            (problem.start, problem.suggestion)
            for problem in spelling_problems(text)
            if problem.is_certain or not certain
        ]
        for start, right in places:
            for at, char in enumerate(right, start):
                if at < len(text) and text[at] != char:
                    found.setdefault(at, char)
        return found

    return method


def _baseline() -> Callable[[str], Answer]:
    from cms_core.content_checks.confusions import similar
    from cms_core.content_checks.word_statistics import key_of, statistics

    sets, known = similar(), statistics()

    def frequency(word: str) -> float | None:
        return known.log_frequency(key_of(word)) if HAN.fullmatch(word) else None

    def method(text: str) -> Answer:
        found: Answer = {}
        for run in HAN.finditer(text):
            for at in range(run.start(), run.end() - 1):
                first, second = text[at], text[at + 1]
                if frequency(first + second) is not None:
                    continue
                tried = [(frequency(c + second), at, c) for c in sets.get(first, "")]
                tried += [(frequency(first + c), at + 1, c) for c in sets.get(second, "")]
                words = [(value, place, char) for value, place, char in tried if value is not None]
                if words:
                    _value, place, char = max(words)
                    found.setdefault(place, char)
        return found

    return method


def _clean_texts() -> Iterator[str]:
    path = SHARED / "govcn_policies" / "policies.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        longest = max((v for v in json.loads(line).values() if isinstance(v, str)), key=len)
        text = html.unescape(re.sub(r"<[^>]+>", "\n", longest))
        yield re.sub(r"\n\s*\n+", "\n", text)


def _clean() -> None:
    """False alarms and time of all checks of text, on right official text."""
    from datetime import date

    from cms_core.content_checks.checking import check_content
    from cms_core.content_checks.lists import Lists, TermList, program_terms
    from sites.registry.checked_content import CheckedContent, Place, TextSegment

    lists = Lists("bench", TermList(program_terms()), ())
    counts: dict[tuple[str, str], int] = {}
    characters, seconds = 0, 0.0
    for text in _clean_texts():
        content = CheckedContent(segments=(TextSegment(Place("body", "text"), text),))
        started = time.process_time()
        outcome = check_content(content, lists, date(2026, 11, 28))
        seconds += time.process_time() - started
        characters += len(text)
        for located in outcome.findings:
            key = (located.found.problem, located.found.severity)
            counts[key] = counts.get(key, 0) + 1
    if not characters:
        return
    total = sum(counts.values())
    held = sum(count for (_problem, severity), count in counts.items() if severity != "remind")
    print(
        f"right official text, {characters} characters: {total} findings "
        f"({total / characters * 1000:.2f} in 1,000), {held} of them more than a reminder "
        f"({held / characters * 1000:.2f}); {seconds / characters * 1e7:.0f} ms of processor time for 10,000 characters"
    )
    for (problem, severity), count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"    {problem} ({severity}): {count}")


if __name__ == "__main__":
    main()
