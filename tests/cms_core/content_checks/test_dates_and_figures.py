"""Dates and numbers out of place, and the right ones that stay silent."""

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_core.content_checks.dates import date_problems
from cms_core.content_checks.figures import amount_in_words, figure_problems

TODAY = date(2026, 11, 28)
EXAMPLES = settings(max_examples=150, deadline=None)
WEEKDAYS = "一二三四五六日"
DIGITS = "零壹贰叁肆伍陆柒捌玖"


def codes(text: str) -> list[str]:
    return [problem.code for problem in date_problems(text, TODAY)]


@EXAMPLES
@given(st.integers(1950, 2060), st.integers(0, 40), st.integers(0, 40))
def test_a_day_is_wrong_exactly_when_the_calendar_has_none(year, month, day):
    exists = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    for text in (f"{year}年{month}月{day}日", f"于{year}-{month}-{day}起"):
        assert codes(text) == ([] if exists else ["date_impossible"])


@EXAMPLES
@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(0, 6))
def test_weekdays_agree_with_the_calendar(day, weekday):
    text = f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[weekday]}）"
    problems = list(date_problems(text, TODAY))
    if day.weekday() == weekday:
        assert problems == []
    else:
        assert [p.suggestion for p in problems] == [WEEKDAYS[day.weekday()]]
        assert text[problems[0].start : problems[0].end] == WEEKDAYS[weekday]


@EXAMPLES
@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(-900, 900))
def test_periods_end_after_they_start(start, days):
    end = start + timedelta(days=days)
    text = f"{start.year}年{start.month}月{start.day}日至{end.year}年{end.month}月{end.day}日"
    assert codes(text) == (["period_backward"] if days < 0 else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2月30日", ["date_impossible"]),
        ("2月29日", []),
        ("2023年2月29日", ["date_impossible"]),
        ("11月31日前", ["date_impossible"]),
        ("２０２４年２月３０日", ["date_impossible"]),
        ("2024年11月15日至3月15日", ["period_year_missing"]),
        ("11月15日至次年3月15日", []),
        ("到2035年，展望2060年", []),
        ("2204年建成", ["year_far_off"]),
        ("25时30分", ["clock_impossible"]),
        ("用时25时30分钟", []),
        ("版本2024.2.30.1", []),
        ("2024年第一季度", []),
        ("3月5日周年纪念", []),
        ("5月1日周期", []),
    ],
)
def test_dates(text, expected):
    assert codes(text) == expected


def in_words(value: int) -> str:
    """The amount as receipts write it, built from the definition of the places."""
    parts, groups = [], []
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    for number in range(len(groups) - 1, -1, -1):
        group, text = groups[number], ""
        for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
            digit = group // unit % 10
            text += f"{DIGITS[digit]}{name}" if digit else "零"
        while "零零" in text:
            text = text.replace("零零", "零")
        text = text.rstrip("零")
        parts.append(text + ("", "万", "亿")[number] if text else "")
    return "".join(parts).lstrip("零") + "元整"


@EXAMPLES
@given(st.integers(1, 999_999_999_999))
def test_amounts_in_words_have_their_value(value):
    assert amount_in_words(in_words(value)) == Decimal(value)


@EXAMPLES
@given(st.integers(10, 99_999_999), st.integers(-3, 3))
def test_words_and_digits_must_agree(value, difference):
    other = value + difference
    for text in (
        f"合同金额：{in_words(value)}（￥{other:,}元）",
        f"￥{other}元（大写：{in_words(value)}）",
    ):
        found = [problem.code for problem in figure_problems(text)]
        assert found == ([] if difference == 0 else ["amounts_differ"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三项分别占30%、40%和50%", ["shares_above_hundred"]),
        ("三项分别占33.3%、33.3%、33.4%", []),
        ("分别占收入和支出的80%、70%", ["shares_above_hundred"]),
        ("增长分别为80%、70%", []),
        ("壹万贰仟元", []),
        ("伍角（￥0.5元）", []),
        ("壹万元伍角（￥10,000.50元）", []),
    ],
)
def test_figures(text, expected):
    assert [problem.code for problem in figure_problems(text)] == expected
