"""The one check that every file passes before it is stored, whichever way it comes.

:func:`check_upload` is called by the forms (upload, multiple upload, chooser, programming interface),
and by the file fields themselves (:mod:`.fields`), so that nothing reaches the storage without it:
importers, services and code that forgot included. What comes back is what may be stored.
"""

import logging
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from . import archives, pdf_rules, pictures, recognition, scanning
from .exceptions import FileRefused
from .file_names import clean_file_name, extension_of, visible
from .file_types import MEGABYTE, FileType, extensions, file_types, picture_limits
from .refusals import content_label, reason_of

security_log = logging.getLogger("jiyue.security")


class CheckedFile(ContentFile):
    """A picture as :func:`check_upload` left it."""


class CheckedStream(File):
    """A file other than a picture that passed: the same bytes under a clean name."""


def check_upload(
    upload: Any, *, pictures_only: bool, name: str = ""
) -> CheckedFile | CheckedStream:
    """``upload`` (an open file with a name) as it may be stored.

    :raises FileRefused: with words that name the file, what it is, what it should be, the way out.
    """
    if isinstance(upload, CheckedFile | CheckedStream):
        return upload
    given = name or str(getattr(upload, "name", "") or "")
    shown = visible(given) or _("file without a name")
    cleaned = clean_file_name(given)
    kind = _type_of(cleaned, shown, pictures_only=pictures_only)
    stream: IO[bytes] = getattr(upload, "file", None) or upload
    _judge_size(upload, kind, shown)
    content = recognition.recognise(stream)
    if content not in kind.contents:
        raise FileRefused(_mismatch(content, kind, shown), _code_of(content))
    _judge_content(stream, content, shown)
    _scan(stream, shown)
    if kind.is_picture:
        return _remade(stream, content, cleaned, shown)
    stream.seek(0)
    checked = CheckedStream(stream, name=cleaned)
    checked.size = _size(upload)
    return checked


def _type_of(cleaned: str, shown: str, *, pictures_only: bool) -> FileType:
    kind = file_types().get(extension_of(cleaned))
    if kind is None or kind.is_picture != pictures_only:
        raise FileRefused(
            _(
                "“%(name)s” was not taken: its name ends in .%(extension)s, and here only %(known)s are "
                "taken. %(advice)s"
            )
            % {
                "name": shown,
                "extension": extension_of(cleaned) or "—",
                "known": ", ".join(extensions(pictures=pictures_only)),
                "advice": _advice(extension_of(cleaned), pictures_only=pictures_only),
            },
            "extension",
        )
    return kind


def _advice(extension: str, *, pictures_only: bool) -> str:
    """What to do with a file of this name."""
    if extension in ("svg", "svgz"):
        return _("An SVG drawing can carry a program: save it as PNG and upload that.")
    if extension in ("heic", "heif", "bmp", "tif", "tiff"):
        return _("Save the picture as JPG or PNG and upload that.")
    if extension in ("docm", "xlsm", "pptm", "dotm", "xltm", "xlsb"):
        return _("Files with macros are not taken: save it as %(plain)s, without macros.") % {
            "plain": {"d": "docx", "x": "xlsx", "p": "pptx"}[extension[0]]
        }
    if extension in ("rar", "7z", "tar", "gz"):
        return _("Pack the files as ZIP and upload that.")
    if not pictures_only and extension in extensions(pictures=True):
        return _("Pictures are uploaded under “Images”.")
    if pictures_only and extension in extensions(pictures=False):
        return _("Files to download are uploaded under “Files”.")
    return _("Save it in one of these forms and upload it again.")


def _size(upload: Any) -> int:
    size = getattr(upload, "size", None)
    if size is not None:
        return int(size)
    upload.seek(0, 2)
    size = upload.tell()
    upload.seek(0)
    return int(size)


def _judge_size(upload: Any, kind: FileType, shown: str) -> None:
    size = _size(upload)
    if size > kind.largest_bytes:
        raise FileRefused(
            _(
                "“%(name)s” is %(size)s MB; a .%(extension)s file may be %(largest)s MB at most. Make it "
                "smaller (fewer or smaller pictures in it), or split it."
            )
            % {
                "name": shown,
                "size": -(-size // MEGABYTE),
                "extension": kind.extension,
                "largest": kind.largest_bytes // MEGABYTE,
            },
            "too_large",
        )


def _mismatch(content: str, kind: FileType, shown: str) -> str:
    values = {"name": shown, "found": content_label(content), "expected": kind.extension.upper()}
    if content == "empty":
        return (
            _("“%(name)s” is empty: nothing is in it. Check the original and upload it again.")
            % values
        )
    if content == "svg":
        return (
            _(
                "“%(name)s” is an SVG drawing, which can carry a program. Save it as PNG and upload that."
            )
            % values
        )
    if content in ("program", "page"):
        return (
            _(
                "“%(name)s” is no %(expected)s file but %(found)s, and was not taken. If you did not make "
                "it yourself, do not open it, and tell your administrator."
            )
            % values
        )
    return (
        _(
            "“%(name)s” says by its name that it is %(expected)s, but it is %(found)s. Open it in its "
            "program, save it as %(expected)s, and upload that."
        )
        % values
    )


def _code_of(content: str) -> str:
    return content if content in ("empty", "svg", "program", "page") else "mismatch"


def _judge_content(stream: IO[bytes], content: str, shown: str) -> None:
    code, entry = "", ""
    try:
        if content in ("word", "excel", "powerpoint", "ofd"):
            archives.examine_office(stream)
        elif content == "zip":
            archives.examine_archive(stream)
        elif content == "pdf":
            stream.seek(0)
            pdf_rules.examine_pdf(stream.read())
        elif content.startswith("old_") and recognition.ole_has_macros(stream):
            code = "macros"
    except archives.ArchiveRefused as refusal:
        code, entry = refusal.code, refusal.entry
    except pdf_rules.PdfRefused as refusal:
        code = refusal.code
    finally:
        stream.seek(0)
    if code:
        raise FileRefused(reason_of(code) % {"name": shown, "entry": visible(entry)}, code)


def _scan(stream: IO[bytes], shown: str) -> None:
    if not scanning.is_configured():
        return
    try:
        found = scanning.find_malware(stream)
    except scanning.ScannerAway as error:
        security_log.warning("upload refused, the scanner is away: %s", error)
        raise FileRefused(reason_of("scanner_away") % {"name": shown}, "scanner_away") from error
    if found:
        security_log.warning("upload refused, the scanner found %s", found)
        raise FileRefused(reason_of("malware") % {"name": shown, "entry": found}, "malware")


def _remade(stream: IO[bytes], content: str, cleaned: str, shown: str) -> CheckedFile:
    try:
        body, extension = pictures.remake(stream, content)
    except pictures.PictureRefused as refusal:
        values = {
            "name": shown,
            "entry": "",
            "size": f"{refusal.width}×{refusal.height}" if refusal.width else "",
            "most": picture_limits().most_pixels // 1_000_000,
        }
        raise FileRefused(reason_of(refusal.code) % values, refusal.code) from None
    stem = cleaned.rpartition(".")[0]
    return CheckedFile(body, name=f"{stem}.{extension}")
