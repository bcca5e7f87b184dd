"""Sources of old sites. `open_source` finds out which one a path is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from cms_core.importer.crawling.wagtail_api import COPY
from cms_core.importer.exceptions import SourceError

from .catalogue import CatalogueSource, holds_catalogues
from .county import CountySource, is_county_folder
from .gov8 import Gov8Source
from .html_pages import HtmlPagesSource
from .jspxcms import JspxcmsSource
from .mapped import MappedSource
from .mapping import read_mapping
from .mysql_dump import digest_of_file
from .records import Source
from .shapes import GOV8, JSPXCMS, XDD, refuse_unknown, shape_of, tables_in
from .wagtail_pages import WagtailSource

__all__ = ["Source", "digest_of_file", "digest_of_source", "open_source"]

_TABLES = {".csv", ".tsv", ".xlsx", ".xlsm", ".xls"}
_DUMPS: dict[str, Callable[[Path], Source]] = {
    GOV8: Gov8Source,
    JSPXCMS: JspxcmsSource,
    XDD: CountySource,
}


def open_source(path: Path, mapping: Path | None = None) -> Source:
    """Reads the source at `path`, through a mapping file where one is given; close it after use.

    Raises `SourceError` for what cannot be read, or whose shape is not known.
    """
    if mapping is not None:
        return MappedSource(path, read_mapping(mapping))
    if path.suffix.lower() in _TABLES:
        raise SourceError(
            _(
                "%(path)s is a table. Write a mapping file that says which column means what, and give it "
                "with --mapping."
            )
            % {"path": path}
        )
    if path.is_dir():
        return _open_folder(path)
    if path.suffix.lower() == ".xml":
        return CatalogueSource(path)
    tables = tables_in(path)
    reader = _DUMPS.get(shape_of(tables))
    if reader is None:
        raise refuse_unknown(path, tables)
    return reader(path)


def _open_folder(path: Path) -> Source:
    """A folder is told by what lies in it."""
    if (path / COPY).exists():
        return WagtailSource(path)
    if is_county_folder(path):
        return CountySource(path)
    if holds_catalogues(path):
        return CatalogueSource(path)
    # The files of a static site, or what `crawl_site` copied; anything else is refused there.
    return HtmlPagesSource(path)


def digest_of_source(path: Path, mapping: Path | None = None) -> str:
    """SHA-256 of the source: of the file, or of all names and files of a folder; with its mapping."""
    if not path.is_dir() and mapping is None:
        return digest_of_file(path)
    digest = hashlib.sha256()
    if mapping is not None:
        digest.update(digest_of_file(mapping).encode())
    if not path.is_dir():
        digest.update(digest_of_file(path).encode())
        return digest.hexdigest()
    for file in sorted(entry for entry in path.rglob("*") if entry.is_file()):
        digest.update(f"{file.relative_to(path)}\0{digest_of_file(file)}\n".encode())
    return digest.hexdigest()
