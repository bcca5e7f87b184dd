"""Reads the files of a county portal of 2009 to 2014: column tree, list of bodies, in GBK or UTF-8.

Shape: ``XDD_INFO_GROUP`` holds the columns (`PARENT_ID` is ``ROOT`` at the top),
``XDD_ORG`` the bodies (type B departments, X townships). They come as two or
more SQL files of an Oracle database, alone or in a folder with the catalogues
of other bodies (XML) and pages of the old system. Articles were never in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from cms_core.importer.enums import RecordKind, SectionKind
from cms_core.importer.exceptions import SourceError

from .catalogue import catalogue_of, catalogue_rows
from .encodings import encoding_of
from .mysql_dump import DumpRow, MysqlDump
from .records import LegacyArticle, LegacyOrganization, LegacySection, LegacySite, SetAside
from .shapes import XDD, shape_of, tables_in

SITE_CODE = "county"
_COLUMNS = "xdd_info_group"
_BODIES = "xdd_org"
_TOP = "ROOT"
#: The column where the old portal showed its bodies and what they do (机构职能).
_BODIES_COLUMN = "机构职能"
_HOME_COLUMN = "首页"
_PAGES = {".html", ".htm", ".aspx", ".jsp"}
_BLANKS = re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000]+(?=[\u4e00-\u9fff])")


class CountySource:
    """One SQL file or a folder of such files, read completely on construction.

    Raises `SourceError` for a folder without the column table and `DumpError`
    for a file that cannot be read.
    """

    shape = XDD

    def __init__(self, path: Path) -> None:
        self.path = path
        self._columns: dict[str, DumpRow] = {}
        self._bodies: dict[str, DumpRow] = {}
        self._other_files: list[Path] = []
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and not self._read(file):
                self._other_files.append(file)
        if not self._columns:
            raise SourceError(
                _("%(path)s holds no row of the table XDD_INFO_GROUP. Export it again.")
                % {"path": path}
            )

    def close(self) -> None:
        """Nothing is kept on disk."""

    def _read(self, file: Path) -> bool:
        """Keeps the rows of a dump; False for a file without any."""
        if file.suffix.lower() != ".sql" or not is_county_dump(file):
            return False
        found = False
        for row in MysqlDump(file, encoding=encoding_of(file)).rows():
            table = row.table.lower()
            if table not in (_COLUMNS, _BODIES):
                continue
            key = str(row.values.get("ID") or "").strip()
            if not key:
                raise SourceError(
                    _(
                        "Line %(line)d, table %(table)s, row %(row)d has no usable id. Correct the row in the dump."
                    )
                    % {"line": row.line, "table": row.table, "row": row.number}
                )
            (self._columns if table == _COLUMNS else self._bodies)[key] = row
            found = True
        return found

    # -- what a source offers ---------------------------------------------

    def sites(self) -> list[LegacySite]:
        """The one site; the files do not tell its name."""
        return [LegacySite(SITE_CODE, SITE_CODE, len(self._columns), 0)]

    def sections(self, site_code: str) -> list[LegacySection]:
        """The columns but the home page, in the order of their ids."""
        parents = {
            parent
            for key, row in self._columns.items()
            if (parent := _cell(row, "PARENT_ID")) != key
        }
        return [
            self._section(key, row, has_children=key in parents)
            for key, row in self._columns.items()
            if not self._is_home(row)
        ]

    def articles(self, site_code: str) -> Iterator[LegacyArticle]:
        """None: the files hold no articles."""
        yield from ()

    def organizations(self, site_code: str) -> Iterator[LegacyOrganization]:
        """The bodies, departments before townships, each by id."""
        section = next(
            (key for key, row in self._columns.items() if _cell(row, "NAME") == _BODIES_COLUMN), ""
        )
        ordered = sorted(
            self._bodies.items(), key=lambda item: (_cell(item[1], "TYPE"), _order(item[0]))
        )
        for place, (key, row) in enumerate(ordered, start=1):
            name = _cell(row, "NAME")
            whole = _BLANKS.sub("", name)
            repairs = (
                (_("blanks inside the name “%(name)s” were removed") % {"name": name},)
                if whole != name
                else ()
            )
            yield LegacyOrganization(key, section, whole, place, row.line, repairs)

    def set_aside(self, site_code: str) -> Iterator[SetAside]:
        """The home page, the catalogues of other bodies, and files that hold no rows of this site."""
        for key, row in self._columns.items():
            if self._is_home(row):
                reason = _("it was the home page of the old site; the site has its own")
                yield SetAside(RecordKind.COLUMN, key, _cell(row, "NAME"), reason)
        for file in self._other_files:
            catalogue = catalogue_of(file)
            if catalogue is not None:
                reason = _(
                    "it belongs to the catalogue of “%(body)s”, another body; merge %(file)s into that body's own site"
                ) % {"body": catalogue.name, "file": file.name}
                for row_key, title in catalogue_rows(catalogue):
                    yield SetAside(RecordKind.COLUMN, row_key, title, reason)
                continue
            is_page = file.suffix.lower() in _PAGES
            yield SetAside(
                RecordKind.ARTICLE if is_page else RecordKind.ATTACHMENT,
                str(file.relative_to(self.path)) if self.path.is_dir() else file.name,
                file.name,
                _("a page beside the tables; merge its folder by itself")
                if is_page
                else _("a file beside the tables; nothing refers to it"),
            )

    def _is_home(self, row: DumpRow) -> bool:
        return _cell(row, "NAME") == _HOME_COLUMN and _cell(row, "PARENT_ID") == _TOP

    def _section(self, key: str, row: DumpRow, *, has_children: bool) -> LegacySection:
        parent, link = _cell(row, "PARENT_ID"), _cell(row, "LINK")
        repairs = []
        if parent == key:
            repairs.append(_("it was its own parent; placed at the top"))
        if parent in (_TOP, key):
            parent = ""
        name = _cell(row, "NAME")
        elsewhere = link if link.startswith(("http://", "https://")) else ""
        if name == _BODIES_COLUMN:
            kind = SectionKind.BODIES
        elif elsewhere:
            kind = SectionKind.LINK
        else:
            kind = SectionKind.INDEX if has_children else SectionKind.LIST
        return LegacySection(
            source_key=key,
            parent_key=parent,
            name=name,
            order=_order(key),
            kind=kind,
            description="",
            keywords="",
            link=elsewhere,
            # A link of the old system itself was the address of its own list.
            old_urls=(link,) if link.startswith("/") else (),
            line=row.line,
            repairs=tuple(repairs),
        )


def is_county_dump(file: Path) -> bool:
    """Whether a dump holds rows of this system; its list of bodies may stand in a file of its own."""
    tables = tables_in(file)
    return shape_of(tables) == XDD or any(table.lower() == _BODIES for table in tables)


def is_county_folder(path: Path) -> bool:
    """Whether a folder holds the column table of this system."""
    return any(shape_of(tables_in(file)) == XDD for file in sorted(path.glob("*.sql")))


def _cell(row: DumpRow, name: str) -> str:
    value = row.values.get(name)
    return "" if value is None else str(value).strip()


def _order(key: str) -> int:
    """Ids with letters (S_1) stand behind the numbers, in their own order."""
    digits = re.sub(r"\D", "", key)
    return int(digits or 0) + (0 if key.isdigit() else 1_000_000)
