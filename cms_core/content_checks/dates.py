"""Dates out of place: days that do not exist, wrong weekdays, ends before their start. Pure.

Every pattern has bounded repetition, so the time grows with the text and nothing else.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .text import plain_digits

_DATE = re.compile(
    r"(?<![0-9])(?:(?P<year>[0-9]{4}) ?年 ?)?(?P<month>[0-9]{1,2}) ?月 ?(?P<day>[0-9]{1,2}) ?[日号]"
    r"(?P<weekday> ?[（(]? ?(?:星期|周|礼拜)(?P<wd>[一二三四五六日天])(?![年期]))?"
)
_NUMERIC = re.compile(
    r"(?<![0-9.\-/])(?P<year>(?:19|20)[0-9]{2})(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})"
    r"(?![0-9]|[-/.][0-9])"
)
_YEAR = re.compile(r"(?<![0-9])(?P<year>[0-9]{4}) ?年(?!代)")
_CLOCK = re.compile(r"(?<![0-9])(?P<hour>[0-9]{1,2}) ?时 ?(?P<minute>[0-9]{1,2}) ?分(?!钟)")
#: What joins the first and the last day of a period; a bracket with the weekday may stand before it.
_UNTIL = re.compile(r" ?[）)]? ?(?:起?至|到|—{1,2}|–|－|~|～|-) ?")
_WEEKDAYS = "一二三四五六日"
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
#: Plans reach decades ahead (2035, 2050, 2060); farther years are nearly always two digits exchanged.
MOST_YEARS_AHEAD = 50


@dataclass(frozen=True, slots=True)
class DateProblem:
    """``code``: name of the problem. ``is_certain``: no reading of the text makes it right."""

    code: str
    start: int
    end: int
    is_certain: bool = True
    suggestion: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Written:
    start: int
    end: int
    year: int | None
    value: date | None


def date_problems(text: str, today: date) -> Iterator[DateProblem]:
    """What is out of place in the dates of ``text``."""
    plain = plain_digits(text)
    written: list[_Written] = []
    for pattern in (_DATE, _NUMERIC):
        for match in pattern.finditer(plain):
            year = int(match["year"]) if match["year"] else None
            problem, value = _read(match, year)
            if problem is not None:
                yield problem
            written.append(_Written(match.start(), match.end(), year, value))
    written.sort(key=lambda item: item.start)
    yield from _backward_periods(plain, written)
    yield from _far_years(plain, today)
    for match in _CLOCK.finditer(plain):
        if int(match["hour"]) > 24 or int(match["minute"]) > 59:
            yield DateProblem("clock_impossible", match.start(), match.end())


def _read(match: re.Match[str], year: int | None) -> tuple[DateProblem | None, date | None]:
    month, day = int(match["month"]), int(match["day"])
    start, end = match.start("year" if match["year"] else "month"), match.end()
    is_day = 1 <= month <= 12 and 1 <= day <= _LONGEST_MONTHS[month - 1]
    if not is_day:
        return DateProblem("date_impossible", start, end, detail=match[0].strip()), None
    if year is None:
        return None, None
    try:
        value = date(year, month, day)
    except ValueError:
        return DateProblem("date_impossible", start, end, detail=match[0].strip()), None
    weekday = match.groupdict().get("wd")
    right = _WEEKDAYS[value.weekday()]
    if weekday and weekday.replace("天", "日") != right:
        place = match.span("wd")
        return DateProblem("weekday_wrong", *place, suggestion=right, detail=match[0]), value
    return None, value


def _backward_periods(plain: str, written: list[_Written]) -> Iterator[DateProblem]:
    """Two dates joined by 至, the second before the first."""
    for first, last in itertools.pairwise(written):
        joined = _UNTIL.fullmatch(plain, first.end, last.start)
        if joined is None or first.value is None:
            continue
        if last.value is not None and last.value < first.value:
            yield DateProblem("period_backward", first.start, last.end)
        elif last.year is None and last.value is None:
            found = _DATE.match(plain, last.start)
            if found is None:
                continue
            month, day = int(found["month"]), int(found["day"])
            if (month, day) < (first.value.month, first.value.day):
                # 2024年11月15日至3月15日 means the next year and should say so.
                yield DateProblem("period_year_missing", first.start, last.end, is_certain=False)


def _far_years(plain: str, today: date) -> Iterator[DateProblem]:
    for match in _YEAR.finditer(plain):
        if int(match["year"]) > today.year + MOST_YEARS_AHEAD:
            yield DateProblem(
                "year_far_off", match.start(), match.end(), is_certain=False, detail=match["year"]
            )
