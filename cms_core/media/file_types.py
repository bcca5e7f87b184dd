"""What may be uploaded, read from ``data/file_types.toml``. Pure; settings read it too."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024
_DATA = Path(__file__).resolve().parent / "data" / "file_types.toml"


@dataclass(frozen=True, slots=True)
class FileType:
    """One extension: the contents that may stand behind it, its size, and how it is served."""

    extension: str
    contents: tuple[str, ...]
    content_type: str
    largest_bytes: int
    is_inline: bool
    is_picture: bool


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    most_entries: int
    largest_unpacked: int
    highest_ratio: int
    ratio_from: int
    deepest: int


@dataclass(frozen=True, slots=True)
class PdfLimits:
    largest_unpacked: int
    most_streams: int


@dataclass(frozen=True, slots=True)
class PictureLimits:
    most_pixels: int
    largest_side: int
    jpeg_quality: int
    webp_quality: int
    avif_quality: int


@cache
def _data() -> dict[str, Any]:
    with _DATA.open("rb") as file:
        return tomllib.load(file)


@cache
def file_types() -> Mapping[str, FileType]:
    """Extension → type."""
    return {
        row["extension"]: FileType(
            extension=row["extension"],
            contents=tuple(row["contents"]),
            content_type=row["content_type"],
            largest_bytes=row["largest_mb"] * MEGABYTE,
            is_inline=row.get("inline", False),
            is_picture=row.get("picture", False),
        )
        for row in _data()["type"]
    }


def extensions(*, pictures: bool) -> list[str]:
    """Extensions of pictures, or of all other files."""
    return [kind.extension for kind in file_types().values() if kind.is_picture == pictures]


def content_types() -> dict[str, str]:
    """Extension → content type, as Wagtail's setting wants it."""
    return {kind.extension: kind.content_type for kind in file_types().values()}


def inline_content_types() -> list[str]:
    """Content types of files that a browser may show instead of storing."""
    return [
        kind.content_type
        for kind in file_types().values()
        if kind.is_inline and not kind.is_picture
    ]


def largest_bytes(*, pictures: bool) -> int:
    """The largest file of all types, for what must be told before the type is known."""
    return max(kind.largest_bytes for kind in file_types().values() if kind.is_picture == pictures)


@cache
def archive_limits() -> ArchiveLimits:
    row = _data()["archive"]
    return ArchiveLimits(
        most_entries=row["most_entries"],
        largest_unpacked=row["largest_unpacked_mb"] * MEGABYTE,
        highest_ratio=row["highest_ratio"],
        ratio_from=row["ratio_from_mb"] * MEGABYTE,
        deepest=row["deepest"],
    )


@cache
def pdf_limits() -> PdfLimits:
    row = _data()["pdf"]
    return PdfLimits(row["largest_unpacked_mb"] * MEGABYTE, row["most_streams"])


@cache
def picture_limits() -> PictureLimits:
    return PictureLimits(**_data()["picture"])
