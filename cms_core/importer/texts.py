"""Judgements on short texts of an old site: entities, garbled characters, test entries, personal data.

Pure: values in, values out.

Entities are decoded exactly once. A text field of an old site is HTML-encoded
text; one decoding gives the text that its author typed. Old systems also
encoded their own output again on every save, so that the database holds
``&amp;amp;nbsp;`` where the author typed one space. Those surplus layers are
not text: they are first taken off and counted (`DecodedText.over_encoded`),
and then the entity is decoded once. Surplus layers are recognised only in
front of entities nobody types by hand (``nbsp``, ``ldquo``, ``middot``,
numeric ones…), never in front of ``lt``, ``gt``, ``amp`` and ``quot``: an
article about markup that shows ``&lt;b&gt;`` (stored ``&amp;lt;b&amp;gt;``)
keeps showing it, and a tag can never come to life.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html.entities import name2codepoint

from cms_core.content_checks.personal_data import personal_numbers

_MARKUP_SIGNS = {"lt", "gt", "amp", "quot"}
_MARKUP_CODES = r"(?:0*(?:34|38|60|62)|x0*(?:22|26|3c|3e))"
_NAMES = "|".join(sorted(set(name2codepoint) - _MARKUP_SIGNS, key=len, reverse=True))
_OVER_ENCODED = re.compile(
    rf"&(?:amp;)+(?=(?:{_NAMES});|#(?!{_MARKUP_CODES};)(?:\d{{1,7}}|x[0-9a-fA-F]{{1,6}});)", re.I
)
_CUT_ENTITY = re.compile(r"&(?:amp;)*(?:#x?)?[0-9a-z]{0,8}\Z")
# Fields of an old system were cut at a number of characters, sometimes inside an entity.
_SHORTEST_CUT_FIELD = 100
# So were short summaries: there only what begins like one of these, right behind a Chinese sign.
_PUNCTUATION = ("ldquo", "rdquo", "lsquo", "rsquo", "nbsp", "mdash", "ndash", "hellip", "middot")
_BEGINNINGS = "|".join(
    sorted({name[:n] for name in _PUNCTUATION for n in range(1, len(name) + 1)}, key=len)[::-1]
)
_CUT_IN_SHORT = re.compile(
    rf"(?<=[\u3400-\u9fff\u3000-\u303f\uff00-\uffef])&(?:amp;?)*(?:{_BEGINNINGS})?\Z"
)
_TAG = re.compile(r"<[/!a-zA-Z][^<>]*>")
_CONTENT_OF_SCRIPTS = re.compile(r"<(script|style)\b.*?</\1\s*>", re.I | re.S)
_BLANK = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
_HANZI = re.compile(r"[\u3400-\u9fff]")

_COLLECTOR_FIELD = re.compile(r"\[(?:db|标签|字段)[:：][^\[\]]{1,20}\]")
_REPLACEMENT = re.compile("[\ufffd\u0000-\u0008\u000e-\u001f\ue000-\uf8ff]")
_CLASSIC_GARBLE = re.compile("锟斤拷|烫烫烫|屯屯屯|鈥[淒滀檛湝]|锛[屽屼]")
_LATIN_RUN = re.compile(
    r"[\u00a0-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{3,}"
)
# UTF-8 text in Chinese begins with a byte E4 to E9 and one from 80 to BF. Read as GBK the two make
# one of 384 characters, nearly all of them rare: only behind those is it worth looking closer.
_GBK_OF_UTF8 = "".join(
    bytes([lead, trail]).decode("gbk") for lead in range(0xE4, 0xEA) for trail in range(0x80, 0xC0)
)
_HANZI_RUN = re.compile(rf"[{_GBK_OF_UTF8}][\u3400-\u9fff\ue000-\uf8ff]{{3,}}")
_LOST_SIGNS = re.compile(
    r"\A\s*\?\s*(?:\?\s*)*(?=[\u3400-\u9fff])|\?{3,}|(?<=[\u3400-\u9fff])\?(?=[(（])"
)

# GB 2312 level 1: the 3,755 characters in daily use. A text that lost one byte pairs all that follow
# wrongly and shows the others, one after the other.
_COMMON = frozenset(
    bytes([lead, trail]).decode("gb2312", "ignore")
    for lead in range(0xB0, 0xD8)
    for trail in range(0xA1, 0xFF)
)
_RARE = "".join(sign for sign in map(chr, range(0x4E00, 0x9FA6)) if sign not in _COMMON)
_RARE_SIGN = re.compile(f"[{_RARE}]")
_RARE_RUN = re.compile(rf"[\u4e00-\u9fa5]?(?:[{_RARE}][\u4e00-\u9fa5]?){{3,}}")
#: Of the characters read one byte further on, this part must be in daily use.
_MOSTLY = 0.8

_TEST_TITLE = re.compile(
    r"\A(?:测试|test|demo|asdf|qwer)(?:文章|信息|数据|标题|内容|\W|\d|\Z)", re.I
)
# What somebody writes who tries the system out, in a title or a text of a line or two.
_TRYING_OUT = re.compile("测试(?:删除|一下|如何|推送|发布)|(?:推送|发布|发)[^，。]{0,2}测试")
_LONGEST_TRIAL = 60
_ONLY_DIGITS = re.compile(r"\d{8,}")
# A number alone may be the text of these.
_NUMBERED = re.compile("电话|热线|号码|传真|邮编|代码|编号")
_MASHED = re.compile(r"\A[a-z0-9\W_]{1,40}\Z", re.I)

# A number of a person has eleven digits or more, in groups as people write them. Only there is it worth
# looking closer, with what stands before: the rules of the checks want to know what a number is called.
_DIGIT = "[0-9\uff10-\uff19]"
_MANY_DIGITS = re.compile(rf"{_DIGIT}(?:[ \-\u00a0\u200b-\u200d\u2060\ufeff]?{_DIGIT}){{10,}}[Xx]?")
_BEFORE = 24
_PERSONAL_KINDS = {
    "id_card": "identity_number",
    "bank_card": "bank_card_number",
    "mobile": "mobile_number",
}
#: Kinds that hold an article back: nothing published needs them, and who has them has somebody's name or
#: money in hand. Mobile numbers of officials are often meant to be public.
HELD_KINDS = frozenset({"identity_number", "bank_card_number"})


def _came_from_blank(sign: str) -> bool:
    """A rare GBK character with lead byte A0 that no traditional text uses either."""
    try:
        if sign.encode("gbk")[0] != 0xA0:
            return False
    except UnicodeEncodeError:
        return False
    try:
        # Level 1 of Big5 (up to C6) holds the characters in daily use, such as 狀.
        return sign.encode("big5")[0] > 0xC6
    except UnicodeEncodeError:
        return True


_FORMER_BLANK = re.compile(
    "[" + "".join(sign for sign in map(chr, range(0x7200, 0x7400)) if _came_from_blank(sign)) + "]"
)


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Plain text, and how many entities carried surplus layers of encoding."""

    text: str
    over_encoded: int


def strip_surplus_encoding(markup: str) -> tuple[str, int]:
    """Takes surplus ``amp;`` layers off; returns the text, still encoded once, and their number."""
    if "&amp;" not in markup and "&AMP;" not in markup:
        return markup, 0
    return _OVER_ENCODED.subn("&", markup)


def decode_text(raw: str) -> DecodedText:
    """One line of plain text from a text field: tags dropped, entities decoded once, blanks collapsed."""
    if len(raw) >= _SHORTEST_CUT_FIELD:
        raw = _CUT_ENTITY.sub("", raw)
    raw = _CUT_IN_SHORT.sub("", raw)
    once, surplus = strip_surplus_encoding(raw)
    if "<" in once:
        once = _TAG.sub(" ", once)
    return DecodedText(_BLANK.sub(" ", html.unescape(once)).strip(), surplus)


def plain_words(markup: str) -> str:
    """Rough plain text of any markup, quick, for comparing: not for showing."""
    text = _TAG.sub(" ", _CONTENT_OF_SCRIPTS.sub(" ", strip_surplus_encoding(markup)[0]))
    return _BLANK.sub(" ", html.unescape(text)).strip()


def drop_collector_fields(text: str) -> str:
    """Without fields a collecting tool failed to fill, such as ``[db:作者]``."""
    return _COLLECTOR_FIELD.sub("", text).strip()


def find_mojibake(text: str) -> str:
    """The first garbled stretch of `text` (at most 20 characters), "" when it reads well.

    Found are: replacement and control characters, private-use characters,
    UTF-8 that was read as Latin-1 or as GBK, GBK that was read one byte too
    early or too late, no-break spaces that became the GBK characters with lead
    byte A0, and question marks in place of lost characters.
    """
    for pattern in (_REPLACEMENT, _CLASSIC_GARBLE, *((_LOST_SIGNS,) if "?" in text else ())):
        match = pattern.search(text)
        if match:
            return text[match.start() : match.start() + 20]
    for match in _LATIN_RUN.finditer(text):
        if _reads_as_utf8(match.group(), "cp1252"):
            return match.group()[:20]
    for match in _HANZI_RUN.finditer(text):
        if _reads_as_utf8(match.group(), "gb18030"):
            return match.group()[:20]
    rare = _RARE_SIGN.search(text)  # found ten times as fast as a run of them
    for match in _RARE_RUN.finditer(text, max(0, rare.start() - 1)) if rare else ():
        if _reads_shifted(match.group()):
            return match.group()[:20]
    match = _FORMER_BLANK.search(text)
    return text[match.start() : match.start() + 20] if match else ""


def _reads_as_utf8(run: str, encoding: str) -> bool:
    """Whether the bytes of `run` are UTF-8 text with Chinese characters."""
    try:
        # Not final: the run may end inside a character whose last byte was lost.
        decoded = codecs.getincrementaldecoder("utf-8")().decode(run.encode(encoding))
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False
    return bool(_HANZI.search(decoded)) and len(decoded) < len(run)


def _reads_shifted(run: str) -> bool:
    """Whether the GBK bytes of `run`, paired from the second one on, are everyday Chinese."""
    try:
        decoded = run.encode("gbk")[1:-1].decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return False
    return len(decoded) > 1 and sum(s in _COMMON for s in decoded) >= _MOSTLY * len(decoded)


def looks_like_test(title: str, text: str) -> bool:
    """A title and text that an administrator typed to try the system out."""
    if _TEST_TITLE.match(title) and len(text) < 200:
        return True
    if len(text) < _LONGEST_TRIAL and _TRYING_OUT.search(f"{title} {text}"):
        return True
    if _ONLY_DIGITS.fullmatch(title):
        return True
    if len(text) >= 3 and text.isdecimal() and not _NUMBERED.search(title):
        return True
    return bool(_MASHED.match(title)) and not _HANZI.search(text) and len(text) < 200


def find_personal_data(text: str) -> tuple[str, ...]:
    """Kinds of personal data in `text`: ``identity_number``, ``bank_card_number``, ``mobile_number``.

    The rules are those of the content checks: what a review would not let pass is found here too.
    """
    found = set()
    for run in _MANY_DIGITS.finditer(text):
        around = text[max(0, run.start() - _BEFORE) : run.end()]
        found.update(number.kind for number in personal_numbers(around, _latest_birthday()))
    return tuple(name for kind, name in _PERSONAL_KINDS.items() if kind in found)


def is_held(kinds: Iterable[str]) -> bool:
    """Whether an article with these kinds is held back."""
    return not HELD_KINDS.isdisjoint(kinds)


def _latest_birthday() -> date:
    # A number that holds a day to come is nobody's; the zone of the clock does not matter for that.
    return datetime.now(UTC).date()
