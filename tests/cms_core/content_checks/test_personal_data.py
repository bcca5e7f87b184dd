"""Numbers of people: check digits by definition, groups as people write them, and what is no number of theirs."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_core.content_checks.personal_data import (
    has_luhn_digit,
    id_check_digit,
    is_bank_card,
    is_id_card,
    is_mobile,
    masked,
    personal_numbers,
)

TODAY = date(2026, 11, 28)
EXAMPLES = settings(max_examples=150, deadline=None)
BIRTHDAYS = st.dates(date(1900, 1, 1), TODAY)


def id_card(province: str, rest: str, born: date, order: str) -> str:
    body = f"{province}{rest}{born:%Y%m%d}{order}"
    return body + id_check_digit(body)


def luhn(body: str) -> str:
    return next(body + digit for digit in string.digits if has_luhn_digit(body + digit))


def kinds(text: str) -> list[str]:
    return [number.kind for number in personal_numbers(text, TODAY)]


ID_CARDS = st.builds(
    id_card,
    st.sampled_from(["11", "43", "65", "81"]),
    st.text(string.digits, min_size=4, max_size=4),
    BIRTHDAYS,
    st.text(string.digits, min_size=3, max_size=3),
)


def test_the_example_of_the_standard_is_right():
    assert id_check_digit("11010519491231002") == "X"
    assert id_check_digit("44052418800101001") == "4"


@EXAMPLES
@given(ID_CARDS, st.integers(0, 17), st.sampled_from(string.digits))
def test_one_wrong_digit_is_always_seen(number, place, digit):
    assert is_id_card(number, TODAY)
    wrong = number[:place] + digit + number[place + 1 :]
    if wrong != number:
        # MOD 11-2 sees every single error; a wrong province or birthday is refused before.
        assert not is_id_card(wrong, TODAY)


@EXAMPLES
@given(
    st.text(string.digits, min_size=11, max_size=17),
    st.integers(0, 16),
    st.sampled_from("0123456789"),
)
def test_luhn_sees_every_single_error(body, place, digit):
    number = luhn(body)
    place %= len(number)
    wrong = number[:place] + digit + number[place + 1 :]
    assert has_luhn_digit(wrong) == (wrong == number)


@EXAMPLES
@given(ID_CARDS, st.text("甲乙丙，。 （", max_size=8), st.text("甲乙丙，。 ）", max_size=8))
def test_an_identity_number_is_found_at_its_place(number, before, after):
    text = f"{before}{number}{after}"
    (found,) = personal_numbers(text, TODAY)
    assert (found.kind, text[found.start : found.end]) == ("id_card", number)


@EXAMPLES
@given(ID_CARDS)
def test_grouped_wide_and_hidden_digits_are_the_same_number(number):
    wide = number.translate({ord(d): 0xFF10 + int(d) for d in string.digits})
    parted = f"{number[:6]} {number[6:14]}\u200b{number[14:]}"
    assert kinds(wide) == kinds(parted) == ["id_card"]


@EXAMPLES
@given(st.text(string.printable + "一二三年月日\u200b\u202e０１９", max_size=200))
def test_any_text_is_read(text):
    for number in personal_numbers(text, TODAY):
        assert 0 <= number.start < number.end <= len(text)
        assert number.digits[4:-4] not in masked(number.kind, number.digits)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系人：李某，13800138000。", ["mobile"]),
        ("+86 138-0013-8000", ["mobile"]),
        ("8613800138000", ["mobile"]),
        ("2024-01-15 13800138000", ["mobile"]),
        ("账号 " + luhn("622202123456789"), ["bank_card"]),
        ("账号 6222 0212 3456 7890 " + luhn("6222021234567890123")[16:], []),
        ("身份证 110105491231002", ["id_card"]),
        ("编号 110105491231002", []),
        ("服务热线 12345、4008001234、0736-7123456", []),
        ("订单 138001380001234", []),
        ("常政发〔2024〕13号，索引号 4307000012024", []),
        ("组织机构 91430700MA4L1234X5", []),
        ("12345678901", []),
        ("4111111111111111", []),  # the test number of shops: three different digits at most
    ],
)
def test_what_counts(text, expected):
    assert kinds(text) == expected


def test_a_birthday_to_come_is_no_identity_number():
    assert not is_id_card(id_card("43", "0702", TODAY + timedelta(days=1), "001"), TODAY)


def test_masks_keep_the_length_and_hide_the_middle():
    assert masked("mobile", "13800138000") == "138****8000"
    assert masked("id_card", "11010519491231002X") == "110*************2X"
    assert is_mobile("19912345678")
    assert not is_mobile("12012345678")
    assert not is_bank_card("6222")


@pytest.mark.parametrize("called", ["身份证号", "身份证号码：", "身份证：", "居民身份证号为 "])
def test_what_the_text_calls_an_identity_number_is_one_with_a_slip_too(called):
    number = id_card("43", "0702", date(1990, 1, 1), "123")
    slip = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert kinds(slip) == []
    assert kinds(f"{called}{slip}。") == ["id_card"]
    # Another number further behind is not called so.
    assert kinds(f"{called[:3]}或信用代码{slip}") == []
