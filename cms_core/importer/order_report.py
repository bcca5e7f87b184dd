"""The lists of an order's reports, row by row, in files of its folder: a file for each site, whole or not there.

A dry run has no run to keep its report with, and an operator wants all rows, however many. Rows that are
merely unchanged are counted and not listed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from .brought import folder_of
from .enums import Outcome, RecordKind
from .models import MergeOrder
from .report import Report
from .texts import is_held
from .wording import personal_words

#: The lists, those that need somebody first. The names are those of a report's JSON.
LISTS = (Outcome.LOST, Outcome.REPAIRED, Outcome.SKIPPED)
#: Articles that may hold personal data: a list beside those, since most of them are brought in as they are.
PERSONAL = "personal_data"
LOOK, MERGE = "look", "merge"

Row = Mapping[str, Any]


def phase_of(order: MergeOrder) -> str:
    """Whose lists are shown: those of the merge once it was ordered."""
    return MERGE if order.begun_at else LOOK


def write_report(order: MergeOrder, code: str, report: Report) -> dict[str, int]:
    """Keep the lists of one site; rows by list."""
    rows = (
        {"list": entry.outcome.value, **entry.as_json()}
        for entry in report.listed
        if entry.outcome in LISTS and not entry.is_routine
    )
    return _write(order, code, chain(_personal(report.personal_data), rows))


def write_kept(order: MergeOrder, code: str, report: Mapping[str, Any]) -> dict[str, int]:
    """As :func:`write_report`, from what a run of the site kept in its row."""
    rows = ({"list": name.value, **row} for name in LISTS for row in report.get(name.value, ()))
    return _write(order, code, chain(_personal(report.get(PERSONAL, ())), rows))


def _personal(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield {
            "list": PERSONAL,
            "kind": RecordKind.ARTICLE.value,
            "source_key": row["source_key"],
            "title": row["title"],
            "reason": (
                _("may hold: %(what)s")
                if row.get("is_public", True)
                else _("kept as a draft; may hold: %(what)s")
            )
            % {"what": "、".join(personal_words(row["kinds"]))},
        }


def held_back(rows: Iterable[Row]) -> dict[str, int]:
    """Of the articles with personal data: how many come in as drafts, and how many of them for their numbers."""
    drafts = [row["kinds"] for row in rows if not row.get("is_public", True)]
    return {"drafts": len(drafts), "held": sum(is_held(kinds) for kinds in drafts)}


def has_report(order: MergeOrder, code: str) -> bool:
    """Whether the lists of a site are there."""
    return _file(order, code).exists()


def _write(order: MergeOrder, code: str, rows: Iterable[Row]) -> dict[str, int]:
    file = _file(order, code)
    file.parent.mkdir(exist_ok=True)
    sizes: Counter[str] = Counter()
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8") as lines:
        for row in rows:
            sizes[str(row["list"])] += 1
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
    part.replace(file)
    return dict(sizes)


def read_rows(order: MergeOrder, code: str, name: str = "") -> Iterator[dict[str, Any]]:
    """The rows of one site, of one list or of all."""
    try:
        with _file(order, code).open(encoding="utf-8") as lines:
            for line in lines:
                row: dict[str, Any] = json.loads(line)
                if not name or row["list"] == name:
                    yield row
    except FileNotFoundError:
        return


def _file(order: MergeOrder, code: str) -> Path:
    # Codes are small letters, digits and hyphens: they were checked before a site could be opened.
    return folder_of(order.folder) / phase_of(order) / f"{Path(code).name}.jsonl"
