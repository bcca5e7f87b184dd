"""Judges zip files, and the office files that are zips, without unpacking them to disk. Pure.

Every entry is read through once in small pieces and thrown away: what a file claims about itself is
compared with what it holds, and it never takes more memory than one piece.
"""

import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from .file_types import ArchiveLimits, archive_limits

_PIECE = 1 << 16
#: What ``zipfile`` and its methods of packing raise on bytes that are no whole archive.
SAID_OF_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
)
#: Largest part that is looked into for references; a relationship part is a few kilobytes.
_LARGEST_LOOKED_INTO = 4 * 1024 * 1024
_ARCHIVES = re.compile(r"\.(?:zip|rar|7z|gz|tgz|bz2|xz|tar|cab|iso|jar|zst|lz)\Z", re.I)
#: Office files inside an archive, which are looked into in their turn.
OFFICE = re.compile(r"\.(?:docx|xlsx|pptx|ofd|wps|et|dps)\Z", re.I)
#: What runs, or what a browser or office program opens as if it did.
DANGEROUS = re.compile(
    r"\.(?:exe|com|scr|pif|bat|cmd|ps1|psm1|vbs|vbe|js|jse|jar|wsf|wsh|hta|msi|msp|dll|cpl|lnk|reg|"
    r"inf|scf|url|chm|hlp|docm|dotm|xlsm|xltm|xlam|xlsb|pptm|potm|ppam|ppsm|html?|xhtml|shtml|mht|"
    r"mhtml|svgz?|swf|apk|app|sh|php\d?|aspx?|jspx?|cgi|py|pl)\Z",
    re.I,
)
_MACRO_PART = re.compile(r"(?:\A|/)(?:vbaProject\w*\.bin|vbaData\.xml|macros?/)", re.I)
_MACRO_TYPE = re.compile(rb"macroEnabled|vbaProject|ms-word\.attachedToolbars", re.I)
_ACTIVE_PART = re.compile(r"(?:\A|/)activeX/", re.I)
# Declarations of a document type carry entities, which can grow without end or fetch files. Office
# programs write none; also in UTF-16, where every letter has a zero beside it.
_DECLARATION = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.I)
#: A packaged file of any kind inside a document ("Ole10Native").
_PACKAGED = "\x01Ole10Native"
_FETCHED = re.compile(
    r"/(?:attachedTemplate|oleObject|frame|subDocument|externalLink|package)\Z", re.I
)
_REMOTE = re.compile(r"\A(?:https?:|ftp:|\\\\|//|file:/*\\\\|file:////|mhtml:|ms-\w+:)", re.I)


class ArchiveRefused(Exception):
    """Why, as one of the codes that ``checking`` puts into words, and the entry."""

    def __init__(self, code: str, entry: str = "") -> None:
        super().__init__(code, entry)
        self.code = code
        self.entry = entry


@dataclass
class _Account:
    """What was read so far, over all levels."""

    limits: ArchiveLimits
    unpacked: int = 0
    entries: int = 0
    inner: list[tuple[str, bytes]] = field(default_factory=list)


def examine_archive(stream: IO[bytes]) -> None:
    """A zip of attachments: no bomb, no archive in it, nothing that runs, no office file with macros.

    :raises ArchiveRefused: with the reason.
    """
    _examine(stream, _Account(archive_limits()), is_office=False, depth=0)


def examine_office(stream: IO[bytes]) -> None:
    """An office file that is a zip: no bomb, no macros, no packaged program, nothing fetched on opening.

    :raises ArchiveRefused: with the reason.
    """
    _examine(stream, _Account(archive_limits()), is_office=True, depth=0)


def check_directory(infos: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    """What an archive's directory alone tells, for whoever unpacks it under limits of their own.

    :raises ArchiveRefused: it is a bomb, or locked by a password.
    """
    _shape(infos, _Account(limits))


def _examine(stream: IO[bytes], account: _Account, *, is_office: bool, depth: int) -> None:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
            _shape(infos, account)
            for info in infos:
                _entry(archive, info, account, is_office=is_office, depth=depth)
    except SAID_OF_DAMAGE:
        raise ArchiveRefused("damaged") from None
    finally:
        stream.seek(0)


def _shape(infos: list[zipfile.ZipInfo], account: _Account) -> None:
    """What the directory alone tells: too many entries, too much, entries that share their bytes."""
    limits = account.limits
    account.entries += len(infos)
    if account.entries > limits.most_entries:
        raise ArchiveRefused("bomb")
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos)
    if unpacked > limits.largest_unpacked or _is_dense(unpacked, packed, limits):
        raise ArchiveRefused("bomb")
    # Entries that lie over each other let a few bytes unpack a thousand times.
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise ArchiveRefused("bomb")
        encoding = "utf-8" if info.flag_bits & 0x800 else "cp437"
        name_size = len(info.orig_filename.encode(encoding, "replace"))
        end = info.header_offset + 30 + name_size + info.compress_size
    if any(info.flag_bits & 0x1 for info in infos):
        raise ArchiveRefused("encrypted")


def _is_dense(unpacked: int, packed: int, limits: ArchiveLimits) -> bool:
    return unpacked > limits.ratio_from and unpacked > packed * limits.highest_ratio


def _entry(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    account: _Account,
    *,
    is_office: bool,
    depth: int,
) -> None:
    name = info.filename
    if not name:  # ``is_dir`` of older Pythons falls over it
        raise ArchiveRefused("damaged")
    if is_office:
        if _MACRO_PART.search(name):
            raise ArchiveRefused("macros")
        if _ACTIVE_PART.search(name):
            raise ArchiveRefused("active")
    elif not info.is_dir():
        _outer_name(name)
    is_looked_into = info.file_size <= _LARGEST_LOOKED_INTO and _is_of_interest(name, is_office)
    is_inner = not is_office and bool(OFFICE.search(name))
    body = _read(archive, info, account, keep=is_looked_into or is_inner)
    if is_office:
        _part(name, body)
    else:
        _member(name, body)
        if is_inner and body[:2] == b"PK":
            if depth >= account.limits.deepest:
                raise ArchiveRefused("nested", name)
            _examine(io.BytesIO(body), account, is_office=True, depth=depth + 1)


def _outer_name(name: str) -> None:
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name[:3]:
        raise ArchiveRefused("path", name)
    if _ARCHIVES.search(name):
        raise ArchiveRefused("nested", name)
    if DANGEROUS.search(name):
        raise ArchiveRefused("dangerous", name)


def _read(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, account: _Account, *, keep: bool
) -> bytes:
    """Read the entry to its end. What it holds must be what it claims; the head is always returned."""
    kept: list[bytes] = []
    total = 0
    with archive.open(info) as source:
        while piece := source.read(_PIECE):
            if keep or not total:
                kept.append(piece)
            total += len(piece)
            account.unpacked += len(piece)
            if account.unpacked > account.limits.largest_unpacked or total > info.file_size:
                raise ArchiveRefused("bomb")
    if total != info.file_size:
        raise ArchiveRefused("damaged")
    return b"".join(kept)


def _is_of_interest(name: str, is_office: bool) -> bool:
    return is_office and (
        name == "[Content_Types].xml" or name.endswith(".rels") or "/embeddings/" in name
    )


def _part(name: str, body: bytes) -> None:
    """One part of an office file."""
    if name.endswith((".xml", ".rels")) and _DECLARATION.search(body[:_PIECE]):
        raise ArchiveRefused("entities")
    if name == "[Content_Types].xml":
        if _MACRO_TYPE.search(body):
            raise ArchiveRefused("macros")
    elif name.endswith(".rels"):
        _relationships(body)
    elif "/embeddings/" in name:
        if body[:2] == b"MZ" or DANGEROUS.search(name):
            raise ArchiveRefused("packaged", name)
        if (_PACKAGED + "\0").encode("utf-16-le") in body:
            raise ArchiveRefused("packaged", name)


def _relationships(body: bytes) -> None:
    """Templates and objects that would be fetched from elsewhere when the file is opened."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        raise ArchiveRefused("damaged") from None
    for relation in root.iter("{*}Relationship"):
        if (
            relation.get("TargetMode") == "External"
            and _FETCHED.search(relation.get("Type") or "")
            and _REMOTE.match(relation.get("Target") or "")
        ):
            raise ArchiveRefused("fetched")


def _member(name: str, body: bytes) -> None:
    """The head of a file inside a zip of attachments: what runs is refused under any name."""
    if body.startswith((b"MZ", b"\x7fELF", b"#!", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise ArchiveRefused("dangerous", name)
    if body.startswith(b"PK\x03\x04") and not OFFICE.search(name):
        raise ArchiveRefused("nested", name)
