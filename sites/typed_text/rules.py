"""Which signs may stand in typed text. Pure, idempotent.

Three sorts are told apart:

* Signs that never belong to a text: control characters (PostgreSQL refuses NUL), halves of surrogate
  pairs (no database takes them), and what turns the direction of writing (a file "report_fdp.exe" reads
  "report_exe.pdf") or shows nothing at all (a forbidden word with a zero-width space inside passes every
  list). They go, wherever they stand. Unicode Technical Report 36, "Unicode Security Considerations".
* Signs that belong to some writings: the joiners (ZWJ, ZWNJ) of Arabic, Uighur, Mongolian, Tibetan and
  Indic writing and of emoji stay behind a sign of those; the direction marks (LRM, RLM, ALM) stay in a
  text that holds right-to-left letters. Elsewhere they show nothing and go.
* Breaks: a vertical tab, form feed, NEL, U+2028 or U+2029 is a line break in a text and a blank in a line.
"""

import re
from collections.abc import Iterable

from .enums import TextKind

_BREAKS = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_BREAK = re.compile(f"[{_BREAKS}]")
#: In a line, a break or a tab becomes one blank.
_LINE_BREAK = re.compile(f"[\t\n\r{_BREAKS}]+")
_NEVER = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\u180e\u200b\u2060-\u2064\ufeff"  # zero width; a byte order mark inside a text is one
    "\u202a-\u202e\u2066-\u2069\u206a-\u206f"  # embeddings, overrides, isolates, switched-off shapes
    "\ufff9-\ufffb"  # interlinear marks
    "\U000e0000-\U000e007f"  # tags
    "\ud800-\udfff"  # halves of pairs: JSON can name them
    "\ufdd0-\ufdef\ufffe\uffff"  # no characters
    "]"
)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u061c]")
# Behind one of these a joiner says something: Hebrew to Syriac and Arabic, N'Ko, Indic to Tibetan,
# Burmese, Khmer, Mongolian, their later blocks, Arabic shapes, and emoji with their modifiers.
_JOINED = (
    "\u0590-\u061b\u061d-\u08ff\u0900-\u0fff\u1000-\u109f\u1780-\u180d\u180f-\u18af\u1a00-\u1aff"
    "\ua8e0-\ua8ff\ua9e0-\ua9ff\uaa60-\uaa7f\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
    "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
)
_STRAY_JOINERS = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]+")
_ANYTHING_TO_DO = re.compile(
    f"{_NEVER.pattern}|[\t\n\r{_BREAKS}\u200c-\u200f\u061c]"
)  # most texts hold none of them


def seen_text(text: str, kind: TextKind = TextKind.TEXT) -> str:
    """``text`` without the signs that do not belong into a field of ``kind``."""
    if kind is TextKind.PASSWORD or not _ANYTHING_TO_DO.search(text):
        return text
    if kind is TextKind.LINE:
        text = _LINE_BREAK.sub(" ", text)
    else:
        text = _BREAK.sub("\n", text)
    text = _NEVER.sub("", text)
    if not _RIGHT_TO_LEFT.search(text):
        text = _DIRECTION_MARKS.sub("", text)
    return _STRAY_JOINERS.sub("", text)


def harmless(text: str) -> str:
    """``text`` without what no database and no header takes, its breaks as they were.

    For values whose kind nobody knows yet: those of an address, a cookie, a form before it is read.
    """
    return _NEVER.sub("", text) if _NEVER.search(text) else text


def is_plain_address(path: str) -> bool:
    """Whether ``path`` holds no control character and no half of a pair: no page has such an address."""
    return not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", path)


def row_number(text: str | None) -> int | None:
    """The number of a row that an address or form names, or ``None``: no number, or beyond any row's."""
    is_number = bool(text) and str(text).isascii() and str(text).isdecimal()
    number = int(str(text)) if is_number and len(str(text)) <= 19 else -1
    return number if 0 <= number < 2**63 else None


def row_numbers(texts: Iterable[str]) -> list[int]:
    """As :func:`row_number` for many; what names no row is left out."""
    return [number for text in texts if (number := row_number(text)) is not None]
