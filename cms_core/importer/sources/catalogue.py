"""Reads catalogues of government information (政府信息公开目录) as XML: a tree of columns for each body.

Shape: ``<root><column id name level>`` nested; the topmost column names the
body. One file is one body and becomes one site; a folder of files is a group
of sites. There are no articles in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from cms_core.importer.enums import RecordKind, SectionKind
from cms_core.importer.exceptions import SourceError

from .encodings import encoding_of
from .records import LegacyArticle, LegacySection, LegacySite, SetAside

SHAPE = "catalogue"
#: The largest real catalogue has 47 kB; what is far beyond is no list of columns.
LARGEST_BYTES = 8 * 1024 * 1024
_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml[^>]*\?>")
_FILE_CODE = re.compile(r"(.+?)(?:[_-]?columns?)?\Z", re.I)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One file: the body, its code and its tree."""

    code: str
    name: str
    top: Any


def catalogue_of(file: Path) -> Catalogue | None:
    """The catalogue in a file, None when it holds none.

    Raises `SourceError` for a file that begins as one and cannot be read.
    """
    if file.suffix.lower() != ".xml":
        return None
    if file.stat().st_size > LARGEST_BYTES:
        raise SourceError(
            _("%(path)s is larger than %(limit)d MB: no catalogue of columns is. Split it.")
            % {"path": file, "limit": LARGEST_BYTES // 1024 // 1024}
        )
    text = file.read_bytes().decode(encoding_of(file), "replace")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise SourceError(
            _("%(path)s defines entities of its own, which are not opened. Export it without.")
            % {"path": file}
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(_DECLARATION.sub("", text), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(
            _("%(path)s, line %(line)d, is damaged: %(why)s. Export it again.")
            % {"path": file, "line": error.lineno or 1, "why": error.msg}
        ) from error
    top = root.find("column")
    if top is None or len(root) != 1:
        return None
    match = _FILE_CODE.match(file.stem)
    return Catalogue(match[1] if match else file.stem, top.get("name", "").strip(), top)


def holds_catalogues(folder: Path) -> bool:
    """Whether a folder holds a file that begins as a catalogue does; a static site has XML of its own."""
    for file in sorted(folder.glob("*.xml")):
        with file.open("rb") as stream:
            if b"<column " in stream.read(2048):
                return True
    return False


def catalogue_rows(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Key and path of names of every column, the topmost too."""
    for column in catalogue.top.iter("column"):
        names = [column, *column.iterancestors("column")]
        title = " / ".join(name.get("name", "").strip() for name in reversed(names))
        yield f"{catalogue.code}/{column.get('id', '')}", title


class CatalogueSource:
    """One catalogue, or a folder of them. Raises `SourceError` for files that cannot be read."""

    shape = SHAPE

    def __init__(self, path: Path) -> None:
        self.path = path
        files = sorted(path.glob("*.xml")) if path.is_dir() else [path]
        self._catalogues: dict[str, Catalogue] = {}
        self._others: list[Path] = []
        for file in files:
            catalogue = catalogue_of(file)
            if catalogue is None:
                self._others.append(file)
            else:
                self._catalogues[catalogue.code] = catalogue
        if not self._catalogues:
            raise SourceError(
                _("%(path)s holds no catalogue: a single <column> below <root> is expected.")
                % {"path": path}
            )

    def close(self) -> None:
        """Nothing is kept on disk."""

    def sites(self) -> list[LegacySite]:
        """One site for each body, by code."""
        return [
            LegacySite(code, catalogue.name, sum(1 for _row in catalogue_rows(catalogue)), 0)
            for code, catalogue in sorted(self._catalogues.items())
        ]

    def sections(self, site_code: str) -> list[LegacySection]:
        """The columns below the body, in the order of the file; a repeated id keeps its first column."""
        top = self._catalogue(site_code).top
        sections: dict[str, LegacySection] = {}
        for number, column in enumerate(top.iterdescendants("column")):
            key, parent = column.get("id", ""), column.getparent()
            sections.setdefault(
                key,
                LegacySection(
                    source_key=key,
                    parent_key="" if parent is top else parent.get("id", ""),
                    name=column.get("name", ""),
                    order=number,
                    kind=SectionKind.INDEX if len(column) else SectionKind.LIST,
                    description="",
                    keywords="",
                    link="",
                    old_urls=(),
                    line=column.sourceline or 0,
                ),
            )
        return list(sections.values())

    def articles(self, site_code: str) -> Iterator[LegacyArticle]:
        """None: a catalogue lists columns only."""
        yield from ()

    def set_aside(self, site_code: str) -> Iterator[SetAside]:
        """The topmost column, which is the body itself, and columns whose id stands twice."""
        top = self._catalogue(site_code).top
        yield SetAside(
            RecordKind.COLUMN,
            top.get("id", ""),
            top.get("name", ""),
            _("it names the body; the site is the body's own"),
        )
        seen: set[str] = set()
        for column in top.iterdescendants("column"):
            key = column.get("id", "")
            if key in seen:
                reason = _("its id stands twice in the catalogue; the first column keeps it")
                yield SetAside(RecordKind.COLUMN, key, column.get("name", ""), reason)
            seen.add(key)

    def _catalogue(self, site_code: str) -> Catalogue:
        found = self._catalogues.get(site_code)
        if found is None:
            raise SourceError(
                _("The source has no site “%(code)s”. It has: %(listed)s.")
                % {"code": site_code, "listed": ", ".join(sorted(self._catalogues))}
            )
        return found
