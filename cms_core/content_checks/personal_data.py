"""Numbers of people: identity card, mobile phone, bank card. Pure, and linear in the text.

Identity card: GB 11643-1999 (eighteen places, check digit by ISO 7064 MOD 11-2). Bank card: the check
digit of ISO/IEC 7812-1 (Luhn) and the first digits of the networks that issue in China. Landlines and
service numbers (12345, 400…) are no personal data and match nothing here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .text import plain_digits

#: First two digits of a division code (GB/T 2260): provinces, and 81 to 83 for residence permits.
_PROVINCE_CODES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
PROVINCES = frozenset(
    str(code) for first, last in _PROVINCE_CODES for code in range(first, last + 1)
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
#: Digits in groups, as people write them: one space, hyphen or invisible character between two.
_RUN = re.compile(r"[0-9](?:[ \-\u00a0\u200b-\u200d\u2060\ufeff]?[0-9])*[Xx]?")
_GROUP = re.compile(r"[0-9]+[Xx]?")
#: How numbers are written in groups; whatever else stands in groups is no single number.
_ID_GROUPS = {(18,), (6, 8, 4), (6, 4, 4, 4), (17, 1)}
_MOBILE_GROUPS = {(11,), (3, 4, 4), (13,), (2, 11), (2, 3, 4, 4)}
_CARD_GROUPS = {
    *((length,) for length in range(16, 20)),
    *((4, 4, 4, 4, *rest) for rest in ((), (1,), (2,), (3,))),
    (6, 10),
    (6, 13),
}
_MOST_GROUPS = 5
#: The fifteen-digit card went out of use in 2013; taken for one only where the text says so.
_SAYS_ID = "身份证"
_SAYS_ID_WITHIN = 16
#: Where the text itself calls eighteen places an identity number, a slip in one of them changes nothing.
_CALLS_IT_ID = re.compile(r"身份证(?:件)?(?:号码|编号|号)?[\s:：为是（(]{0,3}$")


@dataclass(frozen=True, slots=True)
class PersonalNumber:
    """``kind``: ``id_card``, ``mobile`` or ``bank_card``. ``digits``: without separators."""

    kind: str
    start: int
    end: int
    digits: str


def id_check_digit(first_seventeen: str) -> str:
    """The eighteenth place of an identity number."""
    total = sum(int(d) * w for d, w in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def is_id_card(digits: str, today: date) -> bool:
    """Whether eighteen places are an identity number of somebody born by ``today``."""
    return (
        len(digits) == 18
        and digits[:17].isdigit()
        and digits[:2] in PROVINCES
        and _is_birthday(digits[6:10], digits[10:12], digits[12:14], today)
        and id_check_digit(digits[:17]) == digits[17].upper()
    )


def is_old_id_card(digits: str, today: date) -> bool:
    """Whether fifteen digits can be an identity number of the first generation (born 1900 to 1999)."""
    return (
        len(digits) == 15
        and digits[:2] in PROVINCES
        and _is_birthday("19" + digits[6:8], digits[8:10], digits[10:12], today)
    )


def _is_birthday(year: str, month: str, day: str, today: date) -> bool:
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        return False
    return born.year >= 1900 and born <= today


def is_mobile(digits: str) -> bool:
    """Eleven digits of a mobile number of mainland China, with or without 86 before them."""
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    return len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789"


def has_luhn_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_bank_card(digits: str) -> bool:
    """UnionPay (62, 16 to 19 digits), or 16 digits of Visa, MasterCard or JCB, with a right check digit."""
    if not digits.isdigit() or not 16 <= len(digits) <= 19 or len(set(digits)) < 4:
        return False
    is_known = digits.startswith("62") or (
        len(digits) == 16 and (digits[0] == "4" or "51" <= digits[:2] <= "55" or digits[:2] == "35")
    )
    return is_known and has_luhn_digit(digits)


def personal_numbers(text: str, today: date) -> Iterator[PersonalNumber]:
    """Numbers of people in ``text``, in order."""
    plain = plain_digits(text)
    for run in _RUN.finditer(plain):
        groups = [(m.start() + run.start(), m.end() + run.start()) for m in _GROUP.finditer(run[0])]
        at = 0
        while at < len(groups):
            found, used = _number_at(plain, groups, at, today)
            if found is not None:
                yield found
            at += used


def _number_at(
    plain: str, groups: list[tuple[int, int]], at: int, today: date
) -> tuple[PersonalNumber | None, int]:
    """The longest number that starts with group ``at``, and how many groups it took."""
    for count in range(min(_MOST_GROUPS, len(groups) - at), 0, -1):
        taken = groups[at : at + count]
        lengths = tuple(end - start for start, end in taken)
        start, end = taken[0][0], taken[-1][1]
        digits = "".join(plain[a:b] for a, b in taken)
        kind = _kind(digits, lengths, today, plain[max(0, start - _SAYS_ID_WITHIN) : start])
        if kind:
            return PersonalNumber(kind, start, end, digits.upper()), count
    return None, 1


def _kind(digits: str, lengths: tuple[int, ...], today: date, before: str) -> str:
    if lengths in _ID_GROUPS and is_id_card(digits, today):
        return "id_card"
    if lengths in _ID_GROUPS and len(digits) == 18 and _CALLS_IT_ID.search(before):
        return "id_card"
    if lengths == (15,) and _SAYS_ID in before and is_old_id_card(digits, today):
        return "id_card"
    # A letter X behind other digits is text of its own (13800138000X型).
    bare = digits.rstrip("Xx")
    lengths = (*lengths[:-1], lengths[-1] - (len(digits) - len(bare)))
    if lengths in _MOBILE_GROUPS and is_mobile(bare):
        return "mobile"
    if lengths in _CARD_GROUPS and is_bank_card(bare):
        return "bank_card"
    return ""


def masked(kind: str, digits: str) -> str:
    """The number as it may be shown: enough to find it in the text, not to use it."""
    first, last = {"id_card": (3, 2), "mobile": (3, 4), "bank_card": (4, 3)}[kind]
    return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]
