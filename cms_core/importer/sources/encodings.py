"""Says what bytes look like when they are not the UTF-8 text that was expected."""

from __future__ import annotations

import codecs
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

_BLOCK = 1024 * 1024
#: Enough to tell one encoding from another; a page may have a million.
SAMPLE_SIGNS = 4_000
_CONTAINERS = (
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"(\xb5/\xfd", "zstd"),
    (b"SQLite format 3\x00", "SQLite"),
)
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def encoding_of(path: Path) -> str:
    """``utf-8``, else ``gb18030`` where the whole file reads as that; ``utf-8`` where nothing fits.

    GB18030 holds GBK and GB2312. Text in UTF-8 rarely reads as anything else, so it is tried first.
    """
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"


def describe_container(head: bytes) -> str:
    """Names a compressed file, a database file or UTF-16 text by its first bytes; "" for plain text."""
    for mark, name in _CONTAINERS:
        if head.startswith(mark):
            return _(
                "This is a %(kind)s file, not dump text. Unpack or export it first; archives are not opened here."
            ) % {"kind": name}
    for mark, name in _WIDE_MARKS:
        if head.startswith(mark):
            return _convert(name)
    if b"\0" in head[:64]:
        return (
            _convert("UTF-16")
            if head[:64].count(b"\0") > 16
            else _("This is a binary file, not dump text.")
        )
    return ""


def describe_bytes(sample: bytes) -> str:
    """Guesses the encoding of `sample`, which failed to decode as UTF-8, and says how to convert it."""
    looks_chinese = _chinese_share(sample, "gb18030")
    looks_big5 = _chinese_share(sample, "big5")
    if looks_chinese >= 0.3 and looks_chinese >= looks_big5:
        return _convert("GBK (GB18030)", "GB18030")
    if looks_big5 >= 0.3:
        return _convert("Big5", "BIG5")
    return _(
        "It is in no encoding known here, or damaged. Binary columns must be exported in hexadecimal "
        "(mysqldump --hex-blob); text must be exported with --default-character-set=utf8mb4."
    )


def _convert(name: str, iconv_name: str = "") -> str:
    return _(
        "It looks like %(name)s. Convert it first: iconv -f %(iconv)s -t UTF-8 OLD > NEW, "
        "or export it with --default-character-set=utf8mb4."
    ) % {"name": name, "iconv": iconv_name or name}


def _chinese_share(sample: bytes, encoding: str) -> float:
    """`common_chinese` of what decodes."""
    return common_chinese(sample.decode(encoding, errors="ignore"))


def common_chinese(text: str) -> float:
    """Share of common Chinese characters among the non-ASCII characters of a text, 0 to 1.

    Level 1 of GB 2312 (rows 16 to 55) holds the 3,755 common characters; text in
    another encoding that happens to decode lands mostly outside it. The first
    `SAMPLE_SIGNS` of a long text answer for it.
    """
    foreign = list(islice((sign for sign in text if ord(sign) > 127), SAMPLE_SIGNS))
    if not foreign:
        return 0.0
    common = 0
    for sign in foreign:
        try:
            lead = sign.encode("gb2312")[0]
        except UnicodeEncodeError:
            continue
        common += 0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3
    return common / len(foreign)
