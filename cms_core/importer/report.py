"""What an import did, row by row and in counts. Pure.

Every row of the source is noted exactly once with one outcome:

imported   taken as it was (looks removed, text untouched)
repaired   taken, with something mended or held back that a person should see
skipped    not taken, on purpose: unchanged, a repeat, changed here, elsewhere
lost       the source does not hold it; what there was of it was kept
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from .disk_list import DiskList
from .enums import FindingCode, Outcome, RecordKind
from .wording import field_words

#: Rows of each list that are kept with the run; ``--json`` prints all. A list is read by people, and
#: a run is one row of the database: five thousand entries are about a megabyte.
KEPT_WITH_RUN = 5_000
#: Different reasons that are counted apart; what is said of single rows is cut off before.
_MOST_REASONS = 300
_SAID_OF_ONE_ROW = re.compile(r"“[^”]*”|\d+|[:：;；].*", re.S)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the source; `difference` names the fields of a conflict.

    `is_routine`: nothing is to be said of it (unchanged since the last import, and what hangs on it).
    """

    kind: RecordKind
    source_key: str
    title: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    difference: tuple[str, ...] = ()
    is_routine: bool = False

    def as_json(self) -> dict[str, object]:
        """Plain values; empty parts are left out."""
        row: dict[str, object] = {
            "kind": self.kind.value,
            "source_key": self.source_key,
            "title": self.title,
            "reason": "; ".join(self.reasons),
        }
        if self.difference:
            row["difference"] = list(self.difference)
        return row

    def packed(self) -> list[object]:
        """All fields as JSON takes them."""
        return [
            self.kind.value,
            self.source_key,
            self.title,
            self.outcome.value,
            self.reasons,
            self.difference,
            self.is_routine,
        ]


def _unpacked(values: list[object]) -> Entry:
    kind, key, title, outcome, reasons, difference, is_routine = values
    return Entry(
        RecordKind(str(kind)),
        str(key),
        str(title),
        Outcome(str(outcome)),
        tuple(reasons),  # type: ignore[arg-type]
        tuple(difference),  # type: ignore[arg-type]
        bool(is_routine),
    )


_Rows = DiskList[dict[str, object]]


@dataclass
class Report:
    """Collects entries; rows that were simply imported are counted and not listed.

    The lists lie on disk: a dump of half a gigabyte has more of them than memory should hold.
    """

    counts: dict[RecordKind, Counter[Outcome]] = field(
        default_factory=lambda: {kind: Counter() for kind in RecordKind}
    )
    listed: DiskList[Entry] = field(default_factory=partial(DiskList, Entry.packed, _unpacked))
    reasons: Counter[tuple[RecordKind, Outcome, str]] = field(default_factory=Counter)
    findings: Counter[FindingCode] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    repeated: _Rows = field(default_factory=DiskList)
    personal_data: _Rows = field(default_factory=DiskList)

    def note(self, entry: Entry) -> None:
        """Adds one row of the source."""
        self.counts[entry.kind][entry.outcome] += 1
        if entry.outcome != Outcome.IMPORTED:
            self.listed.append(entry)
            for reason in entry.reasons:
                name = (entry.kind, entry.outcome, _SAID_OF_ONE_ROW.sub("…", reason).strip())
                if name in self.reasons or len(self.reasons) < _MOST_REASONS:
                    self.reasons[name] += 1

    def note_all(self, entries: Iterable[Entry]) -> None:
        """Adds several rows."""
        for entry in entries:
            self.note(entry)

    def counts_json(self) -> dict[str, dict[str, int]]:
        """``{columns|articles|attachments|redirects: {imported, repaired, skipped, lost}}``."""
        return {
            kind.value: {outcome.value: self.counts[kind][outcome] for outcome in Outcome}
            for kind in RecordKind
        }

    def reasons_json(self) -> list[dict[str, object]]:
        """How many rows each reason was given for, the most frequent first."""
        return [
            {"kind": kind.value, "outcome": outcome.value, "reason": reason, "rows": number}
            for (kind, outcome, reason), number in self.reasons.most_common()
        ]

    def as_json(self, limit: int | None = None) -> dict[str, object]:
        """The counts, the listed rows by outcome, and what was found on the way.

        ``written`` counts the rows of our database that changed: it is empty
        when the source holds nothing new. With a ``limit``, each list ends there, routine rows are
        counted only, and ``left_off`` says how many rows a list does not show.
        """
        whole = {
            **{
                outcome.value: [
                    entry.as_json() for entry in islice(self._of(outcome, limit), limit)
                ]
                for outcome in (Outcome.REPAIRED, Outcome.SKIPPED, Outcome.LOST)
            },
            "repeated": list(islice(self.repeated, limit)),
            "personal_data": list(islice(self.personal_data, limit)),
        }
        return {
            "counts": self.counts_json(),
            "reasons": self.reasons_json(),
            "findings": {code.value: number for code, number in sorted(self.findings.items())},
            **whole,
            "differences": [
                entry.as_json()
                for entry in islice((entry for entry in self.listed if entry.difference), limit)
            ],
            "written": dict(sorted(self.written.items())),
            "left_off": self._left_off(whole) if limit else {},
        }

    def differing(self) -> Iterable[str]:
        """A line for each row that was changed here and in the source: its page was left to its editors."""
        for entry in self.listed:
            if entry.difference:
                yield (
                    f"{entry.kind.label} {entry.source_key} “{entry.title}”: {'; '.join(entry.reasons)} "
                    f"({', '.join(field_words(entry.difference))})"
                )

    def _of(self, outcome: Outcome, limit: int | None) -> Iterable[Entry]:
        return (
            entry
            for entry in self.listed
            if entry.outcome == outcome and not (limit and entry.is_routine)
        )

    def _left_off(self, shown: dict[str, list[dict[str, object]]]) -> dict[str, int]:
        sizes = Counter(entry.outcome.value for entry in self.listed)
        sizes["repeated"], sizes["personal_data"] = len(self.repeated), len(self.personal_data)
        return {
            name: sizes[name] - len(rows) for name, rows in shown.items() if sizes[name] > len(rows)
        }
