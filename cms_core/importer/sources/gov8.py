"""Reads the dumps of the 国微 CMS family: sub-sites (``sites_*`` tables) and main portal (``cms_*``).

Shape: ``…category`` holds the columns of all sites, ``…item`` one row for each
article, ``…item_<model>_`` the same row once more with source and keywords,
``…item_<model>_addon`` the text, one row a page, and ``…attachment`` the
uploads. Sub-sites share these tables and differ by the column ``site``; the
portal has no such column and is offered as the site ``main``.

The dump is read once. Rows go to a temporary database, so memory depends neither on
their number nor on their length.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cms_core.importer.enums import AttachmentRole, SectionKind
from cms_core.importer.exceptions import SourceError

from .mysql_dump import DumpRow, MysqlDump, Value
from .records import LegacyArticle, LegacyAttachment, LegacySection, LegacySite, SetAside
from .spool import RowSpool

SHAPE = "gov8"
PORTAL_CODE = "main"
LEGACY_ZONE = ZoneInfo("Asia/Shanghai")
UPLOAD_MARK = "<!--#p8_attach#-->"

_TABLE = re.compile(
    r"(?P<prefix>\w*?)(?P<system>sites|cms)_"
    r"(?:(?P<plain>category|item|attachment)|item_(?P<model>\w+?)_(?P<addon>addon)?)\Z"
)
_KINDS = {
    "1": SectionKind.INDEX,
    "2": SectionKind.LIST,
    "3": SectionKind.LINK,
    "4": SectionKind.SINGLE,
}
_THUMBNAIL = re.compile(r"\.c?thumb\.\w+\Z")
#: What stands in the field of an upload where there is none.
_NOWHERE = frozenset({"", "#"})
_SUFFIXES = (".shtml", ".html", "")
# 1990-01-01: before it no government site existed, so an earlier stamp is an empty field.
_EARLIEST_STAMP = 631_152_000

Row = dict[str, object]


class Gov8Source:
    """One dump of this family, read completely on construction.

    Raises `SourceError` for a dump of another shape and `DumpError` for a
    dump that cannot be read. Call `close` (or use ``with``) to give back the
    temporary file.
    """

    shape = SHAPE

    def __init__(self, path: Path) -> None:
        self.path = path
        self._spool = RowSpool()
        self._categories: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._items: Counter[tuple[str, str]] = Counter()
        self._uploads = 0
        try:
            self._read()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Gov8Source:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Removes the temporary file."""
        self._spool.close()

    # -- reading ----------------------------------------------------------

    def _read(self) -> None:
        dump = MysqlDump(self.path)
        for row in dump.rows():
            match = _TABLE.match(row.table)
            if match:
                self._keep(match, row)
        known = [name for name in dump.columns if _TABLE.match(name)]
        if not any(name.endswith(("sites_category", "cms_category")) for name in known):
            raise SourceError(
                _(
                    "%(path)s has another shape than the dumps known here: there is no table “…sites_category” or "
                    "“…cms_category”. Tables found: %(tables)s."
                )
                % {"path": self.path, "tables": ", ".join(sorted(dump.columns)[:12]) or _("none")}
            )

    def _keep(self, match: re.Match[str], row: DumpRow) -> None:
        system, plain, model = match["system"], match["plain"], match["model"]
        values = row.values
        identity = _text(values.get("id"))
        if not identity.isdigit():
            raise SourceError(
                _(
                    "Line %(line)d, table %(table)s, row %(row)d has no usable id. Correct the row in the dump."
                )
                % {"line": row.line, "table": row.table, "row": row.number}
            )
        stored: Row = {name: _text(value) for name, value in values.items()}
        stored["#line"] = row.line
        if plain == "category":
            replaced = self._spool.put(("category", system, identity), stored)
            if not replaced:
                self._categories[system, self._site(system, stored)].append(identity)
        elif plain == "attachment":
            if not self._spool.put(("attachment", system, identity), stored):
                self._uploads += 1
                self._spool.enlist(
                    ("uploads", system, str(stored.get("item_id", ""))), identity, self._uploads
                )
        elif match["addon"]:
            # REPLACE keeps the last row of an id, so a page is found by its own id.
            pages = ("pages", system, model, str(stored.get("iid", "")))
            if not self._spool.put(("addon", system, model, identity), stored):
                self._spool.enlist(pages, identity, _number(stored.get("page")), int(identity))
        else:
            table = "item" if plain == "item" else f"model:{model}"
            self._spool.put((table, system, identity), stored)
            self._place(system, identity, plain == "item", model or "", stored)

    def _place(self, system: str, identity: str, is_item: bool, model: str, stored: Row) -> None:
        """Notes the site, the column and the model of an article.

        A row that stands in both tables belongs to the site its item row names.
        """
        name = ("place", system, identity)
        place = self._spool.get(name)
        if place is None or is_item:
            site, column = self._site(system, stored), _number(stored.get("cid"))
            if place is not None:
                former = str(place["site"])
                self._items[system, former] -= 1
                self._spool.strike(
                    ("items", system, former), identity, _number(place["column"]), int(identity)
                )
            self._items[system, site] += 1
            self._spool.enlist(("items", system, site), identity, column, int(identity))
            model = model or (str(place["model"]) if place else "") or str(stored.get("model", ""))
            place = {"site": site, "column": column, "model": model}
        elif model and model != place["model"]:
            place["model"] = model
        else:
            return
        self._spool.put(name, place)

    @staticmethod
    def _site(system: str, stored: Row) -> str:
        return str(stored.get("site", "")) if system == "sites" else PORTAL_CODE

    # -- what a source offers ---------------------------------------------

    def sites(self) -> list[LegacySite]:
        """All sites with at least one column or article, by code."""
        keys = {*self._categories, *self._items}
        found = [
            LegacySite(
                code,
                code,
                len(self._categories.get((system, code), ())),
                self._items[system, code],
                folder=f"/s.php/{code}" if system == "sites" else "",
            )
            for system, code in keys
            if self._categories.get((system, code)) or self._items[system, code]
        ]
        return sorted(found, key=lambda site: site.code)

    def sections(self, site_code: str) -> list[LegacySection]:
        """The columns of one site, by id; higher `display_order` stood first in the old site."""
        system = self._system_of(site_code)
        sections = []
        for identity in sorted(self._categories.get((system, site_code), ()), key=int):
            row = self._spool["category", system, identity]
            parent = str(row["parent"])
            sections.append(
                LegacySection(
                    source_key=identity,
                    parent_key="" if parent in ("", "0") else parent,
                    name=str(row["name"]),
                    order=-_number(row.get("display_order")),
                    kind=_KINDS.get(str(row.get("type")), SectionKind.LIST),
                    description=str(row.get("seo_description", "")),
                    keywords=str(row.get("seo_keywords", "")),
                    link=str(row.get("url", "")),
                    old_urls=_old_urls(system, site_code, f"item-list-category-{identity}"),
                    line=_number(row["#line"]),
                )
            )
        return sections

    def articles(self, site_code: str) -> Iterator[LegacyArticle]:
        """The articles of one site, one at a time, column by column, by id.

        Pages of one section are made together: that is what makes a batch quick.
        """
        system = self._system_of(site_code)
        for identity in self._spool.members(("items", system, site_code)):
            yield self._article(system, site_code, identity)

    def set_aside(self, site_code: str) -> list[SetAside]:
        """None: every row of this family becomes a page or is judged by the plan."""
        return []

    def _system_of(self, site_code: str) -> str:
        for system in ("sites", "cms"):
            if (system, site_code) in self._categories or self._items[system, site_code]:
                return system
        raise SourceError(
            _("The dump has no site “%(code)s”. It has: %(codes)s.")
            % {"code": site_code, "codes": ", ".join(site.code for site in self.sites())}
        )

    def _article(self, system: str, site_code: str, identity: str) -> LegacyArticle:
        repairs = []
        item = self._spool.get(("item", system, identity))
        if item is None:
            repairs.append(
                _("the row in the item table is missing; its copy in the model table was used")
            )
        model, copy = self._model_row(system, identity, item)
        row: Row = {**(copy or {}), **(item or {})}
        if copy is not None and item is not None:
            for name in ("title", "summary"):
                row[name] = _longer(str(item.get(name, "")), str(copy.get(name, "")))
        elif item is not None and model != "page":
            repairs.append(
                _("the row in the table of model “%(model)s” is missing") % {"model": model}
            )
        pages = self._page_rows(system, model, identity)
        body = "\n".join(str(page["content"]) for page in pages) if pages else None
        created = _moment(row.get("create_time"))
        updated = _moment(row.get("update_time"))
        published = _moment(row.get("timestamp")) or created or updated
        return LegacyArticle(
            source_key=identity,
            section_key=str(row.get("cid", "")),
            title=str(row.get("title", "")),
            summary=str(row.get("summary", "")),
            source_name=str(row.get("source", "")).split("|", 1)[0],
            author=str(row.get("author", "")),
            keywords=str(row.get("keywords") or row.get("seo_keywords") or ""),
            published_at=published,
            created_at=created,
            updated_at=updated,
            body_html=body,
            old_urls=_article_urls(system, site_code, identity, len(pages)),
            attachments=tuple(self._attachments(system, identity, row, pages)),
            verified=str(row.get("verified", "1")) == "1",
            repairs=tuple(repairs),
            line=_number(row["#line"]),
        )

    def _model_row(self, system: str, identity: str, item: Row | None) -> tuple[str, Row | None]:
        model = str(item.get("model", "")) if item else ""
        if not model:
            model = str(self._spool["place", system, identity]["model"])
        return model, self._spool.get((f"model:{model}", system, identity))

    def _page_rows(self, system: str, model: str, identity: str) -> list[Row]:
        """Pages of the text in order; a page stored twice with the same text counts once."""
        rows: list[Row] = []
        for addon in self._spool.members(("pages", system, model, identity)):
            row = self._spool["addon", system, model, addon]
            if not rows or rows[-1]["content"] != row["content"]:
                rows.append(row)
        return rows

    def _attachments(
        self, system: str, identity: str, row: Row, pages: list[Row]
    ) -> Iterator[LegacyAttachment]:
        seen = set()

        def once(path: str, name: str, role: AttachmentRole) -> Iterator[LegacyAttachment]:
            clean = _THUMBNAIL.sub("", path.replace(UPLOAD_MARK, "").strip())
            clean = clean if "://" in clean else clean.lstrip("/")
            if clean not in _NOWHERE and clean not in seen:
                seen.add(clean)
                yield LegacyAttachment(
                    f"{identity}:{clean}", identity, clean, name or clean.rsplit("/", 1)[-1], role
                )

        yield from once(str(row.get("frame", "")), "", AttachmentRole.COVER)
        uploads = self._spool.members(("uploads", system, identity)) if self._uploads else ()
        for upload in uploads:
            stored = self._spool.get(("attachment", system, upload))
            if stored is not None:
                picture = str(stored.get("type", "")).startswith("image/")
                role = AttachmentRole.IMAGE if picture else AttachmentRole.FILE
                yield from once(str(stored.get("path", "")), str(stored.get("filename", "")), role)
        for page in pages:
            # A download is stored as name BEL address BEL, repeated.
            parts = str(page.get("softurl", "")).split("\x07")
            for name, address in zip(parts[::2], parts[1::2], strict=False):
                yield from once(address, name, AttachmentRole.FILE)


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _number(value: object) -> int:
    text = str(value or "0").strip()
    return int(text) if text.lstrip("-").isdigit() else 0


def _moment(value: object) -> datetime | None:
    stamp = _number(value)
    if stamp < _EARLIEST_STAMP or stamp > 4_102_444_800:  # up to the year 2100
        return None
    return datetime.fromtimestamp(stamp, UTC).astimezone(LEGACY_ZONE)


def _longer(one: str, other: str) -> str:
    """The item table and the model table cut texts at different lengths: the uncut one wins."""
    return other if len(other) > len(one) and other.startswith(one) else one


def _old_urls(system: str, site_code: str, action: str) -> tuple[str, ...]:
    """Public addresses of one action; the old router took any of the three suffixes."""
    root = "/index.php/cms" if system == "cms" else f"/s.php/{site_code}"
    return tuple(f"{root}/{action}{suffix}" for suffix in _SUFFIXES)


def _article_urls(system: str, site_code: str, identity: str, pages: int) -> tuple[str, ...]:
    urls = list(_old_urls(system, site_code, f"item-view-id-{identity}"))
    for page in range(2, pages + 1):
        urls.extend(_old_urls(system, site_code, f"item-view-id-{identity}-page-{page}"))
    return tuple(urls)
