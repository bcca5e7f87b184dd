"""What an import remembers on disk."""

from datetime import UTC, datetime

import pytest

from cms_core.importer.disk_list import DiskList
from cms_core.importer.enums import Outcome, RecordKind
from cms_core.importer.exceptions import SourceError
from cms_core.importer.ledger import Ledger, Repeat
from cms_core.importer.report import Entry, Report
from cms_core.importer.rules import Fingerprint
from cms_core.importer.temporary import TemporaryTables


def test_equal_articles_are_grouped_under_the_first_published():
    ledger = Ledger()
    days = {"1": 3, "2": 1, "3": 2}
    for key, day in days.items():
        ledger.add_article(
            Fingerprint(key, "5", datetime(2020, 1, day, tzinfo=UTC), "same"), f"title {key}"
        )
    ledger.add_article(Fingerprint("4", "5", None, ""), "no text")
    ledger.add_article(Fingerprint("5", "5", None, ""), "no text")
    ((group, title),) = ledger.group()

    assert (group.owner, group.copies, title) == ("2", ("3", "1"), "title 2")
    assert ledger.repeats_of(["1", "2", "3", "4"]) == {"1": "2", "3": "2"}
    assert ledger.digests_of(["1", "4"]) == {"1": "same", "4": ""}
    assert ledger.articles == 5


def test_a_repeat_is_kept_whole():
    ledger = Ledger()
    repeat = Repeat("7", "题", "d" * 64, ("/a", "/b"), "3")
    ledger.postpone(repeat)

    assert list(ledger.postponed()) == [repeat]


def test_a_list_on_disk_is_read_by_two_at_once():
    rows = DiskList()
    for number in range(5):
        rows.append({"number": number, "text": "字" * 100_000})  # more than stays in memory

    pairs = [(a["number"], b["number"]) for a, b in zip(rows, rows, strict=True)]
    assert pairs == [(n, n) for n in range(5)]
    assert len(rows) == 5


def test_a_report_that_is_kept_ends_somewhere_and_says_so():
    report = Report()
    for number in range(6):
        report.note(
            Entry(RecordKind.ARTICLE, str(number), "题", Outcome.SKIPPED, ("unchanged",),
                  is_routine=number < 2)
        )  # fmt: skip
    kept = report.as_json(3)

    assert [row["source_key"] for row in kept["skipped"]] == ["2", "3", "4"]
    assert kept["left_off"] == {"skipped": 3}
    assert len(report.as_json()["skipped"]) == 6
    assert report.as_json()["left_off"] == {}


def test_reasons_are_counted_without_what_is_said_of_one_row():
    report = Report()
    for key, word in (("1", "甲"), ("2", "乙")):
        report.note(
            Entry(RecordKind.ARTICLE, key, "题", Outcome.REPAIRED,
                  (f"garbled characters in the title: “{word}”", f"column {key} is lost"))
        )  # fmt: skip

    assert {row["reason"]: row["rows"] for row in report.as_json()["reasons"]} == {
        "garbled characters in the title…": 2,
        "column … is lost": 2,
    }


def test_a_full_temporary_folder_is_told():
    tables = TemporaryTables("CREATE TABLE kept (content TEXT)")
    tables._base.execute("PRAGMA max_page_count = 3")

    def fill():
        for _number in range(10):
            tables.run("INSERT INTO kept VALUES (?)", ("x" * 4000,))

    with pytest.raises(SourceError, match="TMPDIR"):
        fill()
