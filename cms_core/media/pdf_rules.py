"""Looks for what a PDF would do besides being read: scripts, programs, packed files. Pure.

A PDF is searched as bytes, and so are its packed object streams, since an action may stand in either.
Nothing is interpreted: a mark that is there counts, whether or not a reader would follow it.
"""

import re
import zlib
from collections.abc import Iterator

from .archives import DANGEROUS
from .file_types import PdfLimits, pdf_limits

#: Names that make a PDF act, and the code of the refusal. A name ends at a delimiter.
_END = rb"(?![A-Za-z0-9_.\-])"
_ACTIONS = (
    (re.compile(rb"/JavaScript" + _END), "pdf_script"),
    (re.compile(rb"/(?:Launch|GoToE|ImportData|RichMedia|XFA)" + _END), "pdf_action"),
)
# Three bytes stand in packed pictures by chance: looked for outside of streams only.
_SHORT_SCRIPT = re.compile(rb"/JS" + _END)
_ENCRYPTED = re.compile(rb"/Encrypt" + _END)
_EMBEDDED = re.compile(rb"/EmbeddedFiles?" + _END)
_FILE_NAME = re.compile(
    rb"/(?:U?F)\s*(?:\(((?:[^()\\]|\\.){0,400})\)|<([0-9A-Fa-f\s]{0,1600})>)", re.S
)
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FLATE = re.compile(rb"/Fl(?:ateDecode)?(?![A-Za-z])")
_PROGRAM = (b"MZ", b"\x7fELF", b"#!")


class PdfRefused(Exception):
    """Why, as a code that ``checking`` puts into words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def examine_pdf(data: bytes) -> None:
    """Refuse a PDF that acts, carries a program, or cannot be looked into.

    :raises PdfRefused: with the reason.
    """
    limits = pdf_limits()
    if b"%%EOF" not in data[-4096:]:
        raise PdfRefused("damaged")
    # Marks long enough never to stand there by chance are looked for everywhere: what passes for a
    # stream here may be none to a reader.
    _refuse_actions(data)
    bodies = [_without_streams(data)]
    heads: list[bytes] = []
    for kind, body in _streams(data, limits):
        if kind == "objects":
            bodies.append(body)
        else:
            heads.append(body)
    for body in bodies:
        text = _HEX_NAME.sub(lambda match: bytes([int(match[1], 16)]), body)
        if _ENCRYPTED.search(text):
            raise PdfRefused("pdf_locked")
        _refuse_actions(text)
        if _SHORT_SCRIPT.search(text):
            raise PdfRefused("pdf_script")
        if any(DANGEROUS.search(name) for name in _file_names(text)):
            raise PdfRefused("pdf_program")
    if any(head.startswith(_PROGRAM) for head in heads):
        raise PdfRefused("pdf_program")


def _refuse_actions(body: bytes) -> None:
    for pattern, code in _ACTIONS:
        if pattern.search(body):
            raise PdfRefused(code)


def _without_streams(data: bytes) -> bytes:
    """The file without the bytes of its streams, in which any mark may stand by chance."""
    kept, at = [], 0
    for match in _STREAM.finditer(data):
        if match.start() < at:
            continue
        kept.append(data[at : match.start()])
        end = data.find(b"endstream", match.end())
        if end == -1:
            break
        at = end
    kept.append(data[at:])
    return b"\n".join(kept)


def _streams(data: bytes, limits: PdfLimits) -> Iterator[tuple[str, bytes]]:
    """Object streams unpacked, and the heads of packed files."""
    budget = limits.largest_unpacked
    at = count = 0
    for match in _STREAM.finditer(data):
        if match.start() < at:
            continue
        end = data.find(b"endstream", match.end())
        if end == -1:
            return
        at = end
        count += 1
        if count > limits.most_streams:
            raise PdfRefused("pdf_bomb")
        dictionary = _HEX_NAME.sub(
            lambda found: bytes([int(found[1], 16)]),
            data[max(0, match.start() - 2048) : match.start()],
        ).rpartition(b" obj")[2]
        is_objects = b"/ObjStm" in dictionary
        is_file = bool(_EMBEDDED.search(dictionary))
        if not (is_objects or is_file):
            continue
        body = data[match.end() : end]
        if _FLATE.search(dictionary):
            body = _inflate(body, budget) if is_objects else _head(body)
        elif b"/Filter" in dictionary and is_objects:
            raise PdfRefused("pdf_locked")  # packed in a way that nobody uses for objects
        budget -= len(body) if is_objects else 0
        yield ("objects", body) if is_objects else ("file", body[:64])


def _inflate(body: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(body, max(1, limit))
    except zlib.error:
        raise PdfRefused("pdf_locked") from None
    if unpacker.unconsumed_tail:
        raise PdfRefused("pdf_bomb")
    return found


def _head(body: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(body, 64)
    except zlib.error:
        return b""


def _file_names(text: bytes) -> Iterator[str]:
    """Names of packed files, as written or in hexadecimal, in Latin or UTF-16."""
    for match in _FILE_NAME.finditer(text):
        if match[1] is not None:
            raw = re.sub(rb"\\(.)", rb"\1", match[1], flags=re.S)
        else:
            digits = re.sub(rb"\s", b"", match[2])
            raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        yield (
            raw[2:].decode("utf-16-be", "ignore")
            if raw.startswith(b"\xfe\xff")
            else raw.decode("latin-1")
        )
