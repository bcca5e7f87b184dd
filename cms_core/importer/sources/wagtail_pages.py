"""Pages of another Wagtail site, from the copy that ``crawl_site --wagtail`` made of its API.

Shape: a tree of pages below the root page of the old site, which is its home page. Pages with others
below them become sections, the rest articles; a page right below the home page is shown by a section
of its own. Wagtail's API gives stored text: links and pictures as numbers, made addresses here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from selectolax.lexbor import LexborHTMLParser

from cms_core.importer.crawling.wagtail_api import (
    COPY,
    DOCUMENTS,
    IMAGES,
    PAGES,
    kind_of_block,
    path_of,
    read_copy,
)
from cms_core.importer.enums import RecordKind, SectionKind
from cms_core.importer.exceptions import SourceError

from .records import LegacyArticle, LegacySection, LegacySite, SetAside
from .row_store import RowStore

SHAPE = "wagtail"
#: For times without a zone: Wagtail gives UTC, sites' own date fields mean the local day.
LEGACY_ZONE = ZoneInfo("Asia/Shanghai")
#: Fields that hold the text, the first that has any; models name theirs as they like.
_BODIES = ("body", "content", "text", "main_body", "article_body", "body_text", "page_content")
_SUMMARIES = ("introduction", "intro", "summary", "subtitle", "excerpt", "lead")
_TIMES = ("date", "date_published", "published_at", "publish_date", "publication_date")
_SOURCES = ("source", "source_name")
_AUTHORS = ("author", "author_name")
_EMBED = re.compile(r"<embed\b[^>]*>", re.I)
_ATTRIBUTE = re.compile(r"(\w+)=\"([^\"]*)\"")
_HEADINGS = ("heading", "title", "header")


class WagtailSource:
    """One copied site.

    Raises `SourceError` for a damaged copy or one without pages.
    """

    shape = SHAPE

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self._store = RowStore()
        self._tree: dict[int, int | None] = {}
        self._titles: dict[int, str] = {}
        self._urls: dict[int, str] = {}
        self._files: dict[tuple[str, int], str] = {}
        try:
            for line, (kind, entry) in enumerate(read_copy(folder), start=1):
                self._keep(kind, entry, line)
        except BaseException:
            self.close()
            raise
        if not self._tree:
            self.close()
            raise SourceError(
                _("%(path)s holds no pages. Copy the site again.") % {"path": folder / COPY}
            )
        self._parents = {parent for parent in self._tree.values() if parent is not None}

    def close(self) -> None:
        """Removes the temporary file."""
        self._store.close()

    def _keep(self, kind: str, entry: dict[str, Any], line: int) -> None:
        number, meta = entry["id"], entry.get("meta") or {}
        if kind in {IMAGES, DOCUMENTS}:
            self._files[kind, number] = str(meta.get("download_url") or "")
            return
        if kind != PAGES:
            return
        parent = meta.get("parent") or {}
        self._tree[number] = int(parent["id"]) if parent.get("id") else None
        self._titles[number] = str(entry.get("title") or "")
        self._urls[number] = str(meta.get("html_url") or "")
        self._store.put(
            PAGES, str(number), {"page": json.dumps(entry, ensure_ascii=False)}, line=line
        )

    # -- what a source offers ---------------------------------------------

    def sites(self) -> list[LegacySite]:
        """The one site, named by its home page."""
        sections = sum(1 for number in self._tree if self._is_section(number))
        homes = self._homes()
        name = self._titles[homes[0]] if homes else ""
        return [LegacySite(self._code(), name or self._code(), sections, self._article_count())]

    def _code(self) -> str:
        for url in self._urls.values():
            if urlsplit(url).hostname:
                return str(urlsplit(url).hostname)
        return self.path.name

    def _homes(self) -> list[int]:
        """Pages without a page above them in the copy."""
        return [number for number, parent in self._tree.items() if parent not in self._tree]

    def _is_home(self, number: int) -> bool:
        return self._tree[number] not in self._tree

    def _is_section(self, number: int) -> bool:
        if self._is_home(number):
            return False
        parent = self._tree[number]
        return number in self._parents or (parent is not None and self._is_home(parent))

    def _article_count(self) -> int:
        return sum(
            1 for number in self._tree if not self._is_home(number) and self._has_text(number)
        )

    def _has_text(self, number: int) -> bool:
        return not self._is_section(number) or bool(self._body(self._page(number)))

    def _page(self, number: int) -> dict[str, Any]:
        found = self._store.find(PAGES, str(number))
        page: dict[str, Any] = json.loads(found["page"])
        return page

    def sections(self, site_code: str) -> list[LegacySection]:
        """Pages with others below them, and the single pages right below the home page."""
        self._require(site_code)
        return [
            self._section(number, order)
            for order, number in enumerate(self._tree)
            if self._is_section(number)
        ]

    def _section(self, number: int, order: int) -> LegacySection:
        parent = self._tree[number]
        page = self._page(number)
        single = number not in self._parents and self._has_text(number)
        return LegacySection(
            source_key=str(number),
            parent_key=str(parent) if parent is not None and not self._is_home(parent) else "",
            name=self._titles[number],
            order=order,
            kind=SectionKind.SINGLE if single else SectionKind.LIST,
            description=str((page.get("meta") or {}).get("search_description") or ""),
            keywords="",
            link="",
            old_urls=self._old_urls(number),
            line=order + 1,
        )

    def articles(self, site_code: str) -> Iterator[LegacyArticle]:
        """Pages without others below them, and the texts that sections carry themselves."""
        self._require(site_code)
        for order, number in enumerate(self._tree, start=1):
            if not self._is_home(number) and self._has_text(number):
                yield self._article(number, order)

    def _article(self, number: int, order: int) -> LegacyArticle:
        page = self._page(number)
        meta = page.get("meta") or {}
        own = self._is_section(number)
        section = number if own else self._tree[number]
        first = _moment(meta.get("first_published_at"))
        return LegacyArticle(
            source_key=f"text-{number}" if own else str(number),
            section_key=str(section),
            title=self._titles[number],
            summary=_field(page, _SUMMARIES) or str(meta.get("search_description") or ""),
            source_name=_field(page, _SOURCES),
            author=_field(page, _AUTHORS),
            keywords=",".join(str(tag) for tag in page.get("tags") or [] if isinstance(tag, str)),
            published_at=_moment(_field(page, _TIMES)) or first,
            created_at=first,
            updated_at=None,
            body_html=self._body(page) or None,
            old_urls=() if own else self._old_urls(number),
            attachments=(),
            verified=True,
            repairs=(),
            line=order,
        )

    def _old_urls(self, number: int) -> tuple[str, ...]:
        path = path_of(self._urls[number])
        return (path,) if path not in {"", "/"} else ()

    def set_aside(self, site_code: str) -> Iterator[SetAside]:
        """The home page."""
        self._require(site_code)
        for number in self._homes():
            yield SetAside(
                RecordKind.ARTICLE,
                str(number),
                self._titles[number],
                _("it was the home page of the old site; the site has its own"),
            )

    def _require(self, site_code: str) -> None:
        if site_code != self._code():
            raise SourceError(
                _("The folder has no site “%(code)s”. It has: %(codes)s.")
                % {"code": site_code, "codes": self._code()}
            )

    # -- the text ----------------------------------------------------------

    def _body(self, page: Mapping[str, Any]) -> str:
        for name in _BODIES:
            if page.get(name):
                return self._html(page[name], name)
        return ""

    def _html(self, value: Any, block: str) -> str:
        """Markup of a field: stored text, or blocks within blocks in their order."""
        if isinstance(value, str):
            return self._text(value, block)
        if isinstance(value, bool) or value is None:
            return ""
        if isinstance(value, int):
            return self._file(kind_of_block(block), value)
        if isinstance(value, list):
            return "".join(self._html(part, block) for part in value)
        if isinstance(value, Mapping):
            if "value" in value and "type" in value:
                return self._html(value["value"], str(value["type"]))
            download = (value.get("meta") or {}).get("download_url") if "id" in value else None
            if download:
                return _link(kind_of_block(block), str(download), str(value.get("title") or ""))
            return "".join(self._html(part, str(name)) for name, part in value.items())
        return escape(str(value))

    def _text(self, text: str, block: str) -> str:
        if not text.strip():
            return ""
        if "<" not in text:
            tag = "h2" if block.lower() in _HEADINGS else "p"
            return f"<{tag}>{escape(text)}</{tag}>"
        tree = LexborHTMLParser(_EMBED.sub(self._embedded, text))
        for node in tree.css("a[linktype]"):
            kind, number = node.attributes.get("linktype"), _number(node)
            target = self._urls.get(number, "") if kind == "page" else ""
            if kind == "document":
                target = self._files.get((DOCUMENTS, number), "") or f"/documents/{number}/"
            if target:
                node.attrs["href"] = path_of(target) if kind == "page" else target  # type: ignore[index]
        return tree.body.inner_html or "" if tree.body is not None else ""

    def _embedded(self, found: re.Match[str]) -> str:
        """What an ``embed`` of the stored text shows: a picture, or a link to a film elsewhere."""
        written = dict(_ATTRIBUTE.findall(found[0]))
        if written.get("embedtype") == "image" and written.get("id", "").isdigit():
            address = self._files.get((IMAGES, int(written["id"]))) or f"/{IMAGES}/{written['id']}/"
            return f'<img src="{escape(address)}" alt="{written.get("alt", "")}">'
        url = written.get("url", "")
        return f'<a href="{url}">{url}</a>' if url else ""

    def _file(self, kind: str, number: int) -> str:
        if not kind:
            return ""
        # Without an address it stays named, so that the editor is told what is missing.
        return _link(kind, self._files.get((kind, number)) or f"/{kind}/{number}/", "")


def _link(kind: str, address: str, title: str) -> str:
    if kind == IMAGES:
        return f'<p><img src="{escape(address)}" alt="{escape(title)}"></p>'
    name = title or address.rstrip("/").rpartition("/")[2]
    return f'<p><a href="{escape(address)}">{escape(name)}</a></p>'


def _number(node: Any) -> int:
    written = node.attributes.get("id") or ""
    return int(written) if written.isdigit() else 0


def _field(page: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first of the fields that holds text, without markup."""
    for name in names:
        value = page.get(name)
        if isinstance(value, str) and value.strip():
            tree = LexborHTMLParser(value)
            return (tree.body.text() if tree.body is not None else value).strip()
    return ""


def _moment(written: Any) -> datetime | None:
    """A time of the API; a day counts from its midnight in the old site's zone."""
    if not isinstance(written, str) or not written:
        return None
    try:
        moment = parse_datetime(written)
        day = parse_date(written) if moment is None else None
    except ValueError:
        return None
    if moment is None and day is not None:
        moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone follows
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=LEGACY_ZONE)
