"""A source of any system, read through a mapping file: dumps, CSV files and Excel sheets.

Rows go to a temporary file, so memory stays flat. Without a part ``[columns]``
every value of the articles' column becomes a section of that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from django.utils.translation import gettext as _

from cms_core.importer.enums import AttachmentRole, RecordKind, SectionKind
from cms_core.importer.exceptions import SourceError

from .mapping import Part, SourceMapping
from .records import LegacyArticle, LegacyAttachment, LegacySection, LegacySite, SetAside
from .row_store import Row, RowStore
from .tables import CsvTables, DumpTables, ExcelTables, TableRow, Tables

#: The one site of a source whose mapping has no part [sites].
ONLY_SITE = "main"
_MARKUP = re.compile(r"<(?:p|br|div|span|table|img|a|b|strong|h\d|ul|ol|font)\b[^>]*>", re.I)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp|tiff?)\Z", re.I)
_EARLIEST_STAMP = 631_152_000  # 1990-01-01: an earlier stamp is an empty field
_LATEST_STAMP = 4_102_444_800  # 2100-01-01
_FORMATS = ("%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y年%m月%d日",
            "%Y年%m月%d日 %H:%M", "%Y.%m.%d", "%Y%m%d%H%M%S", "%Y%m%d")  # fmt: skip


def open_tables(path: Path, mapping: SourceMapping) -> Tables:
    """The tables of the source, of the kind that the mapping names or the file's suffix tells."""
    suffix = path.suffix.lower()
    kind = mapping.source.get("kind") or (
        "excel"
        if suffix in (".xlsx", ".xlsm")
        else "csv"
        if path.is_dir() or suffix in (".csv", ".tsv")
        else "mysql"
    )
    encoding = mapping.source.get("encoding", "")
    if kind == "excel":
        return ExcelTables(path)
    if kind == "csv":
        return CsvTables(path, encoding, mapping.source.get("delimiter", ","))
    return DumpTables(path, encoding)


class MappedSource:
    """Checked against its mapping, then read completely, on construction.

    Raises `MappingError` when the mapping names what is not there, and
    `SourceError` for rows without a key and files that cannot be read.
    """

    def __init__(self, path: Path, mapping: SourceMapping) -> None:
        self.path = path
        self.shape = mapping.name
        self._mapping = mapping
        tables = open_tables(path, mapping)
        mapping.check_tables(tables.columns())
        self._store = RowStore()
        self._parts: dict[str, list[tuple[str, Part]]] = {}
        for name, part in mapping.parts.items():
            self._parts.setdefault(part.table, []).append((name, part))
        try:
            for row in tables.rows(self._parts.keys()):
                for name, part in self._parts[row.table]:
                    self._keep(name, part, row)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Removes the temporary file."""
        self._store.close()

    def _keep(self, name: str, part: Part, row: TableRow) -> None:
        if name in ("bodies", "attachments"):
            key, family = str(row.number), part.cell(row.cells, "article")
            place = _sortable(part.cell(row.cells, "order"))
        else:
            key, family = part.cell(row.cells, "key"), part.cell(row.cells, "site") or ONLY_SITE
            place = _sortable(part.cell(row.cells, "column" if name == "articles" else "order"))
        if not key:
            raise SourceError(
                _(
                    "Line %(line)d, table %(table)s, row %(row)d: “%(column)s”, which the mapping names as key, is "
                    "empty. Fill it in the source, or name another column as key."
                )
                % {
                    "line": row.line,
                    "table": row.table,
                    "row": row.number,
                    "column": part.columns.get("key", ""),
                }
            )
        self._store.put(name, key, row.cells, line=row.line, family=family, place=place)

    # -- what a source offers ---------------------------------------------

    def sites(self) -> list[LegacySite]:
        """The sites that have rows, by code; their names from the part [sites]."""
        columns, articles = self._store.families("columns"), self._store.families("articles")
        part = self._mapping.parts.get("sites")
        found = []
        for code in sorted({*columns, *articles}, key=_sortable):
            name = part.cell(self._store.find("sites", code), "name") if part else ""
            number = columns.get(code, 0) or len(self._named_columns(code))
            found.append(LegacySite(code, name or code, number, articles.get(code, 0)))
        return found

    def sections(self, site_code: str) -> list[LegacySection]:
        """The columns of one site: rows of their table, or the values of the articles' column."""
        self._require(site_code)
        part = self._mapping.parts.get("columns")
        if part is None:
            return [
                _section(name, "", name, number, SectionKind.LIST)
                for number, name in enumerate(self._named_columns(site_code))
            ]
        rows = list(self._store.rows("columns", site_code))
        top = self._mapping.top
        parents = {part.cell(row, "parent") for _key, _line, row in rows}
        sections = []
        for number, (key, line, row) in enumerate(rows):
            parent, link = part.cell(row, "parent"), part.cell(row, "link")
            is_own = parent == key
            kind = (
                SectionKind.LINK
                if link.startswith(("http://", "https://"))
                else SectionKind.INDEX
                if key in parents and not is_own
                else SectionKind.LIST
            )
            sections.append(
                LegacySection(
                    source_key=key,
                    parent_key="" if parent in top or is_own else parent,
                    name=part.cell(row, "name"),
                    order=number,
                    kind=kind,
                    description=part.cell(row, "description"),
                    keywords=part.cell(row, "keywords"),
                    link=link if kind == SectionKind.LINK else "",
                    old_urls=_old_urls(part, row),
                    line=line,
                    repairs=(_("it was its own parent; placed at the top"),) if is_own else (),
                )
            )
        return sections

    def articles(self, site_code: str) -> Iterator[LegacyArticle]:
        """The articles of one site, column by column."""
        self._require(site_code)
        for key, line, row in self._store.rows("articles", site_code):
            if not self._is_skipped(row):
                yield self._article(key, line, row)

    def set_aside(self, site_code: str) -> Iterator[SetAside]:
        """Articles with a status that the mapping lists as skipped."""
        for key, _line, row in self._store.rows("articles", site_code):
            if self._is_skipped(row):
                part = self._mapping.parts["articles"]
                reason = _("its status is “%(status)s”, which the mapping skips") % {
                    "status": part.cell(row, "status")
                }
                yield SetAside(RecordKind.ARTICLE, key, part.cell(row, "title"), reason)

    def _require(self, site_code: str) -> None:
        codes = [site.code for site in self.sites()]
        if site_code not in codes:
            raise SourceError(
                _("The source has no site “%(code)s”. It has: %(listed)s.")
                % {"code": site_code, "listed": ", ".join(codes)}
            )

    def _named_columns(self, site_code: str) -> list[str]:
        """Values of the articles' column in the order they first stand, where no table lists columns."""
        part = self._mapping.parts.get("articles")
        if part is None or "columns" in self._mapping.parts:
            return []
        names: dict[str, None] = {}
        for _key, _line, row in self._store.rows("articles", site_code):
            if part.cell(row, "column"):
                names[part.cell(row, "column")] = None
        return list(names)

    def _is_skipped(self, row: Row) -> bool:
        part = self._mapping.parts["articles"]
        skipped = {str(value) for value in part.values.get("skipped", ())}
        return "status" in part.columns and part.cell(row, "status") in skipped

    # -- articles ---------------------------------------------------------

    def _article(self, key: str, line: int, row: Row) -> LegacyArticle:
        part = self._mapping.parts["articles"]
        live = {str(value) for value in part.values.get("live", ())}
        created, updated = self._moment(row, "created"), self._moment(row, "updated")
        repairs = []
        for name in ("published", "created", "updated"):
            if part.cell(row, name) not in ("", "0") and self._moment(row, name) is None:
                repairs.append(
                    _("the time “%(text)s” in “%(column)s” is not understood")
                    % {"text": part.cell(row, name)[:30], "column": part.columns[name]}
                )
        return LegacyArticle(
            source_key=key,
            section_key=part.cell(row, "column"),
            title=part.cell(row, "title"),
            summary=part.cell(row, "summary"),
            source_name=part.cell(row, "source"),
            author=part.cell(row, "author"),
            keywords=part.cell(row, "keywords"),
            published_at=self._moment(row, "published") or created or updated,
            created_at=created,
            updated_at=updated,
            body_html=self._body(key, row),
            old_urls=_old_urls(part, row),
            attachments=tuple(self._files(key, row)),
            verified=not live or part.cell(row, "status") in live,
            repairs=tuple(repairs),
            line=line,
        )

    def _body(self, key: str, row: Row) -> str | None:
        """The text; None when the table of texts has no row for the article."""
        part = self._mapping.parts.get("bodies")
        if part is None:
            body = self._mapping.parts["articles"].cell(row, "body")
            return self._markup(body)
        texts = [part.cell(text, "text") for _name, _line, text in self._store.rows("bodies", key)]
        return "\n".join(map(self._markup, texts)) if texts else None

    def _markup(self, text: str) -> str:
        """Plain text as paragraphs; markup as it is."""
        form = self._mapping.source.get("body_format", "auto")
        if form == "html" or (form == "auto" and _MARKUP.search(text)):
            return text
        return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())

    def _files(self, key: str, row: Row) -> Iterator[LegacyAttachment]:
        seen = set()
        cover = self._mapping.parts["articles"].cell(row, "cover")
        found = [(cover, "", AttachmentRole.COVER)] if cover else []
        part = self._mapping.parts.get("attachments")
        if part is not None:
            for _name, _line, file in self._store.rows("attachments", key):
                path = part.cell(file, "path")
                role = AttachmentRole.IMAGE if _PICTURE.search(path) else AttachmentRole.FILE
                found.append((path, part.cell(file, "name"), role))
        for address, name, role in found:
            path = address if "://" in address else address.lstrip("/")
            if path and path not in seen:
                seen.add(path)
                yield LegacyAttachment(
                    f"{key}:{path}", key, path, name or path.rsplit("/", 1)[-1], role
                )

    def _moment(self, row: Row, name: str) -> datetime | None:
        text = self._mapping.parts["articles"].cell(row, name)
        return moment(text, self._mapping)


def moment(text: str, mapping: SourceMapping) -> datetime | None:
    """A time as old systems write it: seconds since 1970, ISO, with slashes, in Chinese; else None."""
    wanted = mapping.source.get("time_format")
    if wanted:
        return _parsed(text, wanted, mapping)
    if text.isdigit() and len(text) in (9, 10, 13):
        stamp = int(text[:10]) if len(text) == 13 else int(text)
        if _EARLIEST_STAMP <= stamp <= _LATEST_STAMP:
            return datetime.fromtimestamp(stamp, UTC).astimezone(mapping.zone)
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        for form in _FORMATS:
            parsed = _parsed(text, form, mapping)
            if parsed is not None:
                return parsed
        return None
    return found if found.tzinfo else found.replace(tzinfo=mapping.zone)


def _parsed(text: str, form: str, mapping: SourceMapping) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=mapping.zone)
    except ValueError:
        return None


def _section(key: str, parent: str, name: str, order: int, kind: SectionKind) -> LegacySection:
    return LegacySection(key, parent, name, order, kind, "", "", "", (), 0)


def _old_urls(part: Part, row: Mapping[str, str]) -> tuple[str, ...]:
    """The address patterns of the mapping filled with the row; one that an empty cell spoils is left out."""
    urls = []
    for pattern in part.values.get("old_urls", ()):
        try:
            url = str(pattern).format_map({name: value.strip() for name, value in row.items()})
        except (KeyError, IndexError, ValueError):
            continue
        if "//" not in url.removeprefix("/") and url.strip("/"):
            urls.append("/" + url.lstrip("/"))
    return tuple(urls)


def _sortable(text: str) -> str:
    """Numbers in the order of their size when sorted as text."""
    return text.zfill(12) if text.isdigit() else text
