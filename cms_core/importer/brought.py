"""Old sites that an operator brings: uploaded, or put into a folder on the server. Where they lie, what is refused.

A name that a browser sends is never a path: uploaded files get a folder with a name of ours, and a file of
the server's folder counts only where it really lies below that folder, links followed.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms_core.media.file_types import MEGABYTE, ArchiveLimits

from .exceptions import SourceError, full_disk
from .models import MergeOrder
from .sources.encodings import describe_container
from .sources.html_pages import PAGE_ENDINGS

_DATA = Path(__file__).resolve().parent / "data" / "brought.toml"
TABLES = frozenset({".csv", ".tsv", ".xlsx"})
#: What can be a source by itself; a dump often has no ending or that of its day.
DUMPS = frozenset({".sql", ".txt", ".dump", ".xml", ""})
ARCHIVE = ".zip"
#: What is taken out of an archive: pages, and tables, dumps and catalogues that stand among them.
IN_ARCHIVES = PAGE_ENDINGS | TABLES | {".sql", ".xml", ".jsonl"}
_ZIP = b"PK\x03\x04"
_MAPPING = "mapping.toml"
_SOURCE = "source"
#: Folder of an order into which an archive is unpacked.
PAGES = "pages"
_UNSAFE = re.compile(r"[^\w. ()（）-]+")
#: Room for the longest name that office machines write, in bytes of a file system.
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class BroughtLimits:
    """The numbers of ``data/brought.toml``."""

    largest_upload: int
    largest_mapping: int
    archive: ArchiveLimits
    kept_days: int
    forgotten_at_once: int
    most_server_entries: int


@cache
def limits() -> BroughtLimits:
    """Read once; the file says why each number is what it is."""
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    archive = rows["archive"]
    return BroughtLimits(
        largest_upload=rows["upload"]["largest_mb"] * MEGABYTE,
        largest_mapping=rows["upload"]["largest_mapping_kb"] * 1024,
        archive=ArchiveLimits(
            most_entries=archive["most_entries"],
            largest_unpacked=archive["largest_unpacked_mb"] * MEGABYTE,
            highest_ratio=archive["highest_ratio"],
            ratio_from=archive["ratio_from_mb"] * MEGABYTE,
            deepest=archive["deepest"],
        ),
        kept_days=rows["kept"]["days"],
        forgotten_at_once=rows["kept"]["forgotten_at_once"],
        most_server_entries=rows["server_folder"]["most_entries"],
    )


# -- uploaded ---------------------------------------------------------------


def check_upload(name: str, size: int, stream: IO[bytes]) -> None:
    """Refuse what cannot be an old site, by its size, its name and its first bytes.

    :raises ValidationError: what it is, and the way out.
    """
    most = limits().largest_upload
    if size > most:
        raise ValidationError(
            _(
                "The file has %(size)d MB; %(most)d MB can be sent through the browser. Let it be put into the "
                "folder for old sites on the server and choose it there."
            )
            % {"size": -(-size // MEGABYTE), "most": most // MEGABYTE}
        )
    if not size:
        raise ValidationError(_("The file is empty. Export it again."))
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    check_kind(name, head)


def check_kind(name: str, head: bytes) -> None:
    """Refuse a file by its ending and first bytes. :raises ValidationError: see :func:`check_upload`."""
    ending = Path(name).suffix.lower()
    if ending in {ARCHIVE, ".xlsx"}:
        if not head.startswith(_ZIP):
            raise ValidationError(
                _("“%(name)s” is not what its ending says, or it is damaged. Save it again.")
                % {"name": name}
            )
        return
    if ending in {".xls", ".xlsm"}:
        raise ValidationError(
            _("“%(name)s” is an old Excel file or one with macros. Save it as xlsx.")
            % {"name": name}
        )
    container = describe_container(head)
    if container:
        raise ValidationError(
            _("“%(name)s”: %(why)s Web pages come as zip, dumps as text.")
            % {"name": name, "why": container}
        )
    if ending in PAGE_ENDINGS:
        raise ValidationError(
            _("“%(name)s” is one page. Pack the folder of the old site into a zip archive.")
            % {"name": name}
        )


def is_table(name: str) -> bool:
    """Whether the file says nothing by itself and needs a mapping."""
    return Path(name).suffix.lower() in TABLES


def new_folder() -> str:
    """An empty folder for one order, readable by the platform alone; its name."""
    name = uuid4().hex
    Path(settings.OLD_SITES_KEPT).mkdir(parents=True, exist_ok=True, mode=0o700)
    (Path(settings.OLD_SITES_KEPT) / name).mkdir(mode=0o700)
    return name


def folder_of(folder: str) -> Path:
    """The folder of an order."""
    return Path(settings.OLD_SITES_KEPT) / folder


def keep_file(folder: str, file: Any) -> None:
    """Keep an uploaded file. :raises ValidationError: the disk is full."""
    place = folder_of(folder) / _SOURCE
    place.mkdir()
    try:
        with (place / plain_name(file.name)).open("wb") as kept:
            for piece in file.chunks():
                kept.write(piece)
    except OSError as error:
        shutil.rmtree(folder_of(folder), ignore_errors=True)
        if full_disk(error) is None:
            raise
        raise ValidationError(
            _("The disk of the server is full. Nothing was kept; let its operator make room.")
        ) from error


def plain_name(name: str) -> str:
    """A name for an uploaded file on disk. A table is called like its file, so it stays as far as it can."""
    path = Path(_UNSAFE.sub("_", name).lstrip("."))
    stem = path.stem.encode()[: _LONGEST_NAME - 20].decode(errors="ignore")
    return f"{stem or _SOURCE}{path.suffix[:10]}"


def keep_mapping(folder: str, content: bytes) -> Path:
    """Keep a mapping file; where it lies."""
    path = folder_of(folder) / _MAPPING
    path.write_bytes(content)
    return path


def forget(folder: str) -> None:
    """Remove everything that was kept for an order."""
    shutil.rmtree(folder_of(folder), ignore_errors=True)


# -- on the server ----------------------------------------------------------


def server_files() -> list[str]:
    """Names below the server's folder for old sites that can be chosen, sorted."""
    root = Path(settings.OLD_SITES_DIR)
    found = []
    if root.is_dir():
        for name in _names(root, root):
            found.append(name)
            if len(found) >= limits().most_server_entries:
                break
    return found


def _names(folder: Path, root: Path) -> Iterator[str]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or not _is_below(entry, root):
            continue
        yield entry.relative_to(root).as_posix()
        if entry.is_dir() and folder == root:
            yield from _names(entry, root)


def _is_below(path: Path, root: Path) -> bool:
    """Whether a path leads below the folder once its links are followed."""
    try:
        return path.resolve(strict=True).is_relative_to(root.resolve())
    except OSError:  # a link that leads nowhere, or in a circle
        return False


def server_path(name: str) -> Path:
    """The file or folder called ``name`` in the server's folder.

    :raises SourceError: there is none, or it lies elsewhere.
    """
    root = Path(settings.OLD_SITES_DIR)
    path = root / name
    if not name or "\0" in name or not _is_below(path, root) or path.resolve() == root.resolve():
        raise SourceError(
            _("There is no “%(name)s” in the folder for old sites on the server. Choose another.")
            % {"name": name}
        )
    return path.resolve()


# -- as a source ------------------------------------------------------------


def brought_path(order: MergeOrder) -> Path:
    """The file or folder as it was brought. :raises SourceError: it is gone."""
    if order.server_name:
        return server_path(order.server_name)
    for path in (folder_of(order.folder) / _SOURCE).glob("*"):
        return path
    raise SourceError(_("The uploaded file is not there any more. Bring it again."))


def mapping_path(order: MergeOrder) -> Path | None:
    """The order's mapping file, if it has one."""
    return folder_of(order.folder) / _MAPPING if order.mapping_name else None


def in_plain_words(text: str, order: MergeOrder) -> str:
    """An error without the places of files on the server, which say nothing to who brought them."""
    mapping = folder_of(order.folder) / _MAPPING
    text = text.replace(str(mapping), order.mapping_name)
    folder = folder_of(order.folder)
    for place in (_SOURCE, PAGES):
        text = text.replace(f"{folder / place}/", "").replace(str(folder / place), order.name)
    text = text.replace(f"{folder}/", "")
    return text.replace(f"{Path(settings.OLD_SITES_DIR).resolve()}/", "")
