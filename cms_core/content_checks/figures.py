"""Numbers out of place: amounts in words that differ from those in digits, shares above a hundred. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .text import plain_digits

_DIGITS = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")} | {"贰": 2, "两": 2}
_UNITS = {"拾": 10, "佰": 100, "仟": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
#: An amount in words as receipts write it (财务大写): it ends in a unit of money.
_IN_WORDS = re.compile(
    r"[壹贰叁肆伍陆柒捌玖拾][零壹贰叁肆伍陆柒捌玖拾佰仟万亿]{0,30}[元圆](?:[零壹贰叁肆伍陆柒捌玖角分整正]{0,8})"
)
_IN_DIGITS = re.compile(
    r"(?P<amount>[0-9]{1,3}(?:,[0-9]{3}){1,5}(?:\.[0-9]{1,2})?|[0-9]{1,15}(?:\.[0-9]{1,6})?) ?(?P<unit>亿元|万元|元)?"
)
#: The digits stand beside the words: 大写：…（小写：￥…元）.
_BESIDE = re.compile(r"[ 　]?[（(，,:：]?[ 　]?(?:即|小写|人民币|计|RMB)?[ 　:：]{0,2}[¥￥]?[ 　]?")
_BESIDE_BEFORE = re.compile(
    r"[ 　]?[（(，,]?[ 　]?(?:即|大写|人民币|计)?[ 　:：]{0,2}(?:人民币)?[ 　]?"
)
_FACTOR = {
    "亿元": Decimal(100_000_000),
    "万元": Decimal(10_000),
    "元": Decimal(1),
    None: Decimal(1),
}
#: 分别占30%、40%、50%: two to twelve shares of one whole.
_SHARES = re.compile(
    r"分别占(?P<of>[^0-9。；！？\n]{0,16})(?P<list>[0-9]{1,3}(?:\.[0-9]{1,4})?[%％](?:(?:、|，|,|和|及|以及)[0-9]{1,3}(?:\.[0-9]{1,4})?[%％]){1,11})"
)
_PERCENT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?")
#: What rounding to whole percents can add, a half for each share.
_ROUNDING = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class FigureProblem:
    code: str
    start: int
    end: int
    is_certain: bool = True
    detail: str = ""


def amount_in_words(words: str) -> Decimal | None:
    """The value of 壹万贰仟元伍角整; ``None`` where the words are no amount."""
    whole, separator, rest = words.replace("圆", "元").partition("元")
    if not separator:
        return None
    total = section = digit = 0
    for char in whole:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            section += (digit or (1 if char == "拾" and not section else 0)) * _UNITS[char]
            digit = 0
        else:
            section += digit
            total = (total + section) * _MYRIADS[char] if char == "亿" else total + section * 10_000
            section = digit = 0
    value = Decimal(total + section + digit)
    for match in re.finditer(r"([零壹贰叁肆伍陆柒捌玖])([角分])", rest):
        value += _DIGITS[match[1]] * Decimal("0.1" if match[2] == "角" else "0.01")
    return value


def figure_problems(text: str) -> Iterator[FigureProblem]:
    """What is out of place in the numbers of ``text``."""
    plain = plain_digits(text)
    yield from _amounts(plain)
    yield from _shares(plain)


def _amounts(plain: str) -> Iterator[FigureProblem]:
    digits = list(_IN_DIGITS.finditer(plain)) if _IN_WORDS.search(plain) else []
    starts = {match.start(): match for match in digits}
    ends = {match.end(): match for match in digits}
    for words in _IN_WORDS.finditer(plain):
        value = amount_in_words(words[0])
        beside = _BESIDE.match(plain, words.end())
        other = starts.get(beside.end()) if beside else None
        if other is None:  # ￥12,000元（大写：壹万贰仟元整）
            for back in range(min(14, words.start())):
                candidate = ends.get(words.start() - back)
                if candidate and _BESIDE_BEFORE.fullmatch(plain, candidate.end(), words.start()):
                    other = candidate
                    break
        if value is None or other is None:
            continue
        written = Decimal(other["amount"].replace(",", "")) * _FACTOR[other["unit"]]
        if written != value:
            start, end = sorted((words.start(), other.start())), sorted((words.end(), other.end()))
            yield FigureProblem("amounts_differ", start[0], end[1], detail=f"{value:f}")


def _shares(plain: str) -> Iterator[FigureProblem]:
    for match in _SHARES.finditer(plain):
        shares = [Decimal(found) for found in _PERCENT.findall(match["list"])]
        if sum(shares) > 100 + _ROUNDING * len(shares):
            yield FigureProblem(
                "shares_above_hundred",
                *match.span("list"),
                is_certain=False,
                detail=f"{sum(shares):f}",
            )
