"""Turns the bytes of an old page into text: what it says of itself, and what it is."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .encodings import common_chinese

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.I)
#: HTML's own prescan looks this far (WHATWG, "prescan a byte stream"); old pages put scripts first.
_HEAD_BYTES = 4096
#: What browsers read under these names (WHATWG Encoding): the larger set that holds the smaller.
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "latin1": "cp1252"}
#: Tried in this order where the page says nothing or something that does not hold.
_LIKELY = ("utf-8", "gb18030")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class PageText:
    """Text of a page; ``repair``: in words, what had to be done to read it, "" for nothing."""

    text: str
    encoding: str
    repair: str


def read_text(body: bytes, content_type: str = "") -> PageText:
    """The text of a page. ``content_type``: header of the answer, where there was one.

    An encoding counts only when the whole page holds in it. Where none does, unreadable signs become
    U+FFFD, which the import flags.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return PageText(body.decode(name, "replace"), name, "")
    named = _named(content_type.encode("latin-1", "replace")) or _named(body[:_HEAD_BYTES])
    texts: dict[str, str] = {}
    for encoding in dict.fromkeys((*((named,) if named else ()), *_LIKELY)):
        try:
            texts[encoding] = body.decode(encoding)
        except UnicodeDecodeError:
            continue
    if not texts:
        best = named or _LIKELY[0]
        return PageText(
            body.decode(best, "replace"),
            best,
            _("some signs of the page cannot be read in any encoding"),
        )
    # Chinese in GBK may hold as UTF-8 and the other way round; what reads as common Chinese is right.
    # The first of equals: what the page says of itself.
    best = max(texts, key=lambda encoding: common_chinese(texts[encoding]))
    wrong = bool(named) and best != named and texts[best] != texts.get(named)
    repair = _("the page calls itself %(named)s and is %(found)s") if wrong else ""
    return PageText(texts[best], best, repair % {"named": named, "found": best} if wrong else "")


def _named(sample: bytes) -> str:
    found = _CHARSET.search(sample)
    if found is None:
        return ""
    name = found[1].decode("ascii").lower()
    try:
        codec = codecs.lookup(_LARGER.get(name, name))
    except LookupError:
        return ""
    # "charset=rot13" or "hex" is nobody's page.
    return codec.name if getattr(codec, "_is_text_encoding", True) else ""
