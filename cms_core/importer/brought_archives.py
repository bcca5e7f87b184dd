"""A zip archive of an old site, unpacked: nothing outside its folder, nothing that is no source, no bomb."""

from __future__ import annotations

import re
import shutil
import zipfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from cms_core.media.archives import SAID_OF_DAMAGE, ArchiveRefused, check_directory
from cms_core.media.refusals import reason_of

from .brought import IN_ARCHIVES, PAGES, folder_of, limits
from .exceptions import SourceError
from .models import MergeOrder

#: An error of the disk while unpacking is no fault of the archive.
_DAMAGE = tuple(error for error in SAID_OF_DAMAGE if error is not OSError)
#: Two entries of one name, or a file that is a folder too.
_CLASHES = (FileExistsError, NotADirectoryError, IsADirectoryError)
_PIECE = 1 << 20
_WHOLE = "pages.whole"
_UTF8 = 0x800
#: What the file systems of office machines and ours agree on; longer names are made by bombs and mistakes.
_LONGEST_NAME = 200
_APPLE = re.compile(r"(?:\A|/)(?:__MACOSX/|\._)")


def examine(path: Path, name: str) -> None:
    """Look at an archive's directory, without unpacking. :raises SourceError: why it is refused."""
    try:
        with zipfile.ZipFile(path) as archive:
            wanted(archive)
    except ArchiveRefused as refused:
        raise _refusal(refused, name) from refused
    except SAID_OF_DAMAGE as error:
        raise _refusal(ArchiveRefused("damaged"), name) from error


def wanted(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    """The entries that can be a source, with their names. :raises ArchiveRefused: a bomb, a way out of the folder."""
    infos = archive.infolist()
    check_directory(infos, limits().archive)
    found = []
    for info in infos:
        name = entry_name(info)
        parts = PurePosixPath(name).parts
        if name.startswith("/") or ".." in parts or ":" in name or "\0" in name:
            raise ArchiveRefused("path", name)
        if info.is_dir() or _APPLE.search(name):
            continue
        if PurePosixPath(name).suffix.lower() in IN_ARCHIVES:
            if any(len(part.encode()) > _LONGEST_NAME for part in parts):
                raise ArchiveRefused("path", name[:_LONGEST_NAME])
            found.append((info, name))
    return found


def entry_name(info: zipfile.ZipInfo) -> str:
    """The name of an entry; Windows of old wrote Chinese names in GBK and did not say so."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def unpacked(order: MergeOrder, path: Path) -> tuple[Path, int]:
    """The archive's pages as a folder, or its only file; and how many entries were left out.

    What was unpacked whole is not unpacked again.

    :raises SourceError: why it is refused; nothing of it stays.
    """
    target, whole = folder_of(order.folder) / PAGES, folder_of(order.folder) / _WHOLE
    if whole.exists():
        return _inside(target), int(whole.read_text() or 0)
    shutil.rmtree(target, ignore_errors=True)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = wanted(archive)
            if not entries:
                raise SourceError(
                    _(
                        "“%(name)s” holds no web pages, tables or dumps. Pack the folder of the old site, or "
                        "its dump."
                    )
                    % {"name": order.name}
                )
            left_out = sum(not info.is_dir() for info in archive.infolist()) - len(entries)
            left = limits().archive.largest_unpacked
            for info, name in entries:
                left -= _unpack(archive, info, target / name, left)
    except ArchiveRefused as refused:
        shutil.rmtree(target, ignore_errors=True)
        raise _refusal(refused, order.name) from refused
    except (*_DAMAGE, *_CLASHES) as error:
        shutil.rmtree(target, ignore_errors=True)
        raise _refusal(ArchiveRefused("damaged"), order.name) from error
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    whole.write_text(str(left_out))
    return _inside(target), left_out


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, left: int) -> int:
    """Write one entry; its size. What it holds must be what its directory claimed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with archive.open(info) as source, path.open("xb") as target:
        while piece := source.read(_PIECE):
            size += len(piece)
            if size > min(info.file_size, left):
                raise ArchiveRefused("bomb")
            target.write(piece)
    return size


def _inside(folder: Path) -> Path:
    """Past folders that hold nothing but another one; a single file stands for itself."""
    while True:
        entries = list(folder.iterdir())
        if len(entries) != 1:
            return folder
        folder = entries[0]
        if folder.is_file():
            return folder


def _refusal(refused: ArchiveRefused, name: str) -> SourceError:
    return SourceError(reason_of(refused.code) % {"name": name, "entry": refused.entry})
