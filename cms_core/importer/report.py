"""What an import did, row by row and in counts. Pure.

Every row of the source is noted exactly once with one outcome:

imported   taken as it was (looks removed, text untouched)
repaired   taken, with something mended or held back that a person should see
skipped    not taken, on purpose: unchanged, a repeat, changed here, elsewhere
lost       the source does not hold it; what there was of it was kept
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from .enums import FindingCode, Outcome, RecordKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the source; `difference` names the fields of a conflict."""

    kind: RecordKind
    source_key: str
    title: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    difference: tuple[str, ...] = ()

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


@dataclass
class Report:
    """Collects entries; rows that were simply imported are counted and not listed."""

    counts: dict[RecordKind, Counter[Outcome]] = field(
        default_factory=lambda: {kind: Counter() for kind in RecordKind}
    )
    listed: list[Entry] = field(default_factory=list)
    findings: Counter[FindingCode] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    repeated: list[dict[str, object]] = field(default_factory=list)
    personal_data: list[dict[str, object]] = field(default_factory=list)

    def note(self, entry: Entry) -> None:
        """Adds one row of the source."""
        self.counts[entry.kind][entry.outcome] += 1
        if entry.outcome != Outcome.IMPORTED:
            self.listed.append(entry)

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

    def as_json(self) -> dict[str, object]:
        """The counts, the listed rows by outcome, and what was found on the way.

        ``written`` counts the rows of our database that changed: it is empty
        when the source holds nothing new.
        """
        return {
            "counts": self.counts_json(),
            **{
                outcome.value: [
                    entry.as_json() for entry in self.listed if entry.outcome == outcome
                ]
                for outcome in (Outcome.REPAIRED, Outcome.SKIPPED, Outcome.LOST)
            },
            "findings": {code.value: number for code, number in sorted(self.findings.items())},
            "repeated": self.repeated,
            "personal_data": self.personal_data,
            "written": dict(sorted(self.written.items())),
        }
