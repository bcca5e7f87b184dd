"""Deadlines, order and figures of the desk."""

from datetime import UTC, date, datetime, timedelta

from cms_core.desk.rules import (
    SectionState,
    Task,
    counts,
    in_order,
    is_found,
    is_shown,
    keepers_of,
    newest_below,
    places_of,
)

TODAY = date(2026, 11, 28)
NOON = datetime(2026, 11, 28, 4, tzinfo=UTC)


def task(title: str, **values: object) -> Task:
    return Task(kind=str(values.pop("kind", "promise")), title=title, url="", **values)


def test_earliest_deadline_first_then_the_longest_waiting():
    tasks = [
        task("nothing"),
        task("waits an hour", since=NOON - timedelta(hours=1)),
        task("due tomorrow", due_on=TODAY + timedelta(days=1)),
        task("waits a day", since=NOON - timedelta(days=1)),
        task("late", due_on=TODAY - timedelta(days=3)),
    ]

    assert [item.title for item in in_order(tasks)] == [
        "late",
        "due tomorrow",
        "waits a day",
        "waits an hour",
        "nothing",
    ]


def test_the_four_figures():
    tasks = [
        task("late", due_on=TODAY - timedelta(days=1)),
        task("today", due_on=TODAY),
        task("later", due_on=TODAY + timedelta(days=1)),
        task("review", kind="review", since=NOON),
        task("returned", kind="returned", since=NOON),
        task("returned too", kind="returned", since=NOON),
    ]

    found = counts(tasks, TODAY, review_kind="review", returned_kind="returned")

    assert (found.late, found.due_today, found.to_review, found.returned) == (1, 1, 1, 2)


def test_a_promise_is_shown_when_it_is_broken_or_nearly():
    def state(days_ago: int, interval: int) -> SectionState:
        return SectionState(1, "", "", interval, TODAY - timedelta(days=days_ago))

    assert is_shown(state(31, 30), TODAY)
    assert is_shown(state(23, 30), TODAY)
    assert not is_shown(state(22, 30), TODAY)
    # A weekly promise is not shown the day after it was kept.
    assert not is_shown(state(1, 7), TODAY)
    assert is_shown(state(5, 7), TODAY)


def test_an_article_counts_for_every_section_above_it():
    old, new = NOON - timedelta(days=9), NOON

    found = newest_below({"000100020003": old, "00010002": new, "00010009": old}, 4)

    assert found == {
        "0001": new,
        "00010002": new,
        "000100020003": old,
        "00010009": old,
    }


def test_who_keeps_a_section():
    limited = [("Li", "00010002"), ("Wang", "00010003")]

    assert keepers_of("000100020001", limited, ["Zhao"]) == ("Li",)
    assert keepers_of("00010004", limited, ["Zhao", "Zhao"]) == ("Zhao",)
    assert keepers_of("00010004", limited, []) == ()


def test_sections_are_named_with_those_they_lie_in():
    rows = [(1, "新闻", 0), (2, "通知", 1), (3, "公告", 2), (4, "公开", 0), (5, "Files", 2)]

    places = places_of(rows)

    assert [place.path for place in places] == [
        "新闻", "新闻 › 通知", "新闻 › 通知 › 公告", "公开", "公开 › Files",
    ]  # fmt: skip
    assert [place.pk for place in places if is_found(place.path, "公开 FILES")] == [5]
    assert [place.pk for place in places if is_found(place.path, "通知")] == [2, 3]
    assert len([place for place in places if is_found(place.path, "  ")]) == 5
