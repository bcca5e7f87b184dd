"""Tells what a file is by its bytes, never by its name. Pure: bytes in, a kind out.

The kinds that may be stored are recognised here by signatures of our own, since being sure of a few
is worth more than guessing hundreds. ``puremagic`` only finds the word for what is refused.
"""

import io
import re
import zipfile
from typing import IO

import puremagic

#: How much of the head is looked at.
HEAD = 4096
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: EBML, of which WebM is made.
_MATROSKA = b"\x1a\x45\xdf\xa3"
_RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
# What a browser would run as a page, whatever the name and the header say. Looked for at the start,
# behind blanks, comments and declarations.
_PAGE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>)*"
    rb"<(?:!doctype\s+html|html|head|body|script|iframe|style|title|meta|link|base|form|img|table|div|a\s|p\b|h1)",
    re.I | re.S,
)
_DRAWING = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:\s|<!--.{0,2000}?-->|<\?xml[^>]{0,200}\?>|<!DOCTYPE\s+svg[^>\[]{0,500}(?:\[.{0,2000}?\])?>)*<(?:\w+:)?svg\b",
    re.I | re.S,
)
_MAIN_PARTS = {
    "word/document.xml": "word",
    "xl/workbook.xml": "excel",
    "xl/workbook.bin": "excel",
    "ppt/presentation.xml": "powerpoint",
}
# Directory entries of an OLE file stand on multiples of 128 bytes, their names in UTF-16.
_OLE_STREAMS = (
    ("WordDocument", "old_word"),
    ("Workbook", "old_excel"),
    ("Book", "old_excel"),
    ("PowerPoint Document", "old_powerpoint"),
)
_OLE_MACROS = ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros")
_ENTRY = 128


def recognise(stream: IO[bytes]) -> str:
    """The kind of content: one that ``file_types.toml`` names, or a word for what else it is.

    ``""`` where nothing is known. The stream is left at its start.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    try:
        return _recognise(head, stream)
    finally:
        stream.seek(0)


def _recognise(head: bytes, stream: IO[bytes]) -> str:
    if not head:
        return "empty"
    if head.startswith(_RUNS):
        return "program"
    picture = _picture(head)
    if picture:
        return picture
    # Readers of PDF accept some bytes before the mark, and so do polyglots: only a file that begins
    # with it is one.
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(_MATROSKA):
        return "video"
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip(stream)
    if head.startswith(_OLE):
        return _ole(stream)
    if _DRAWING.match(head):
        return "svg"
    if _PAGE.match(head):
        return "page"
    if head.lstrip()[:5].lower() in (b"<?php", b"<?xml") or head.lstrip()[:2] == b"<%":
        return "xml" if head.lstrip()[:5].lower() == b"<?xml" else "page"
    if is_text(stream):
        return "text"
    return _guess(head)


def _picture(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        brands = head[8 : max(16, min(int.from_bytes(head[:4], "big"), 256))]
        if b"avif" in brands or b"avis" in brands:
            return "avif"
        return "heic" if re.search(rb"hei[cxms]|hev[cx]|mif1", brands) else "video"
    return ""


def _zip(stream: IO[bytes]) -> str:
    """Which office format a zip is, by its parts; the archive itself is judged in ``archives``."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError):
        # All that ``zipfile`` raises on a directory it cannot read.
        return "damaged_zip"
    if "[Content_Types].xml" in names:
        for part, kind in _MAIN_PARTS.items():
            if part in names:
                return kind
    if "OFD.xml" in names:
        return "ofd"
    if "mimetype" in names and "META-INF/manifest.xml" in names:
        return "opendocument"
    if "META-INF/MANIFEST.MF" in names or "AndroidManifest.xml" in names:
        return "program"
    return "zip"


def _ole(stream: IO[bytes]) -> str:
    found = ole_names(stream, [name for name, _kind in _OLE_STREAMS])
    for name, kind in _OLE_STREAMS:
        if name in found:
            return kind
    return "old_office"


def ole_has_macros(stream: IO[bytes]) -> bool:
    """Whether an OLE file (doc, xls, ppt, wps, et) carries macros."""
    return bool(ole_names(stream, _OLE_MACROS))


def ole_names(stream: IO[bytes], wanted: list[str] | tuple[str, ...]) -> set[str]:
    """Which of the ``wanted`` storages and streams an OLE file has."""
    marks = {name: (name + "\0").encode("utf-16-le") for name in wanted}
    found: set[str] = set()
    stream.seek(0)
    # Whole blocks, so that an entry never lies across two of them.
    while block := stream.read(_ENTRY * 8192):
        for name, mark in marks.items():
            at = block.find(mark)
            while at != -1 and name not in found:
                if at % _ENTRY == 0:
                    found.add(name)
                at = block.find(mark, at + 2)
    stream.seek(0)
    return found


def is_text(stream: IO[bytes]) -> bool:
    """Whether all of it is text in UTF-8, UTF-16 with a mark, or GB 18030."""
    stream.seek(0)
    return text_encoding(stream) is not None


def text_encoding(stream: IO[bytes]) -> str | None:
    """How a text file is encoded; ``None`` where it is none."""
    stream.seek(0)
    mark = stream.read(4)
    stream.seek(0)
    if mark.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[str, ...] = ("utf-16",)
    elif mark.startswith(b"\xef\xbb\xbf"):
        candidates = ("utf-8-sig",)
    else:
        candidates = ("utf-8", "gb18030")
    for encoding in candidates:
        stream.seek(0)
        reader = io.TextIOWrapper(io.BufferedReader(_Borrowed(stream)), encoding=encoding)
        try:
            while piece := reader.read(1 << 16):
                if re.search("[\x00-\x08\x0e-\x1a\x1c-\x1f]", piece):
                    return None
        except UnicodeError:  # not this encoding
            continue
        finally:
            reader.detach()
            stream.seek(0)
        return encoding
    return None


class _Borrowed(io.RawIOBase):
    """A view on a stream that is not closed with its reader."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _guess(head: bytes) -> str:
    try:
        found = puremagic.from_string(head)
    except (puremagic.PureError, ValueError):  # unknown, or nothing to look at
        return ""
    return f"*{found.lstrip('.').upper()}" if found else ""
