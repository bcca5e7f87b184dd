"""Reads the dumps of Jspxcms: columns ``cms_node``, articles ``cms_info`` with ``_detail`` and ``_clob``.

Shape: each column and each article is spread over several tables with one id.
Texts are pairs of key and value in ``cms_info_clob``; ``text`` is the article
itself. What a model adds (price, salary, place of work) stands as pairs in
``cms_info_custom``, and its label in ``cms_model_field``. The topmost column is
the home page of the old site: the tenant has its own.

The dump is read once. Rows go to a temporary file, so memory stays flat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from cms_core.importer.enums import AttachmentRole, RecordKind, SectionKind
from cms_core.importer.exceptions import SourceError

from .mysql_dump import DumpRow, MysqlDump, Value
from .records import LegacyArticle, LegacyAttachment, LegacySection, LegacySite, SetAside
from .row_store import Row, RowStore
from .shapes import JSPXCMS

LEGACY_ZONE = ZoneInfo("Asia/Shanghai")
PUBLISHED = "A"
RECYCLED = "X"
MAIN_TEXT = "text"
#: Not published, and why: column comment of cms_info.f_status in the system's own definition.
_STATES = {
    "B": "草稿",
    "C": "投稿",
    "D": "退稿",
    "E": "采集",
    "F": "待发布",
    "G": "已过期",
    "Z": "归档",
}
_PAGE_BREAK = re.compile(r"\[PageBreak\](.*?)\[/PageBreak\]", re.S)
#: What the editor of the old system noted for itself.
_EDITORS_OWN = frozenset({"text_editor_type"})
_HEADINGS = {
    "introduce": "介绍",
    "specification": "规格参数",
    "packingList": "包装清单",
    "services": "售后服务",
}
#: Table → column that names its row, column that names its family. None: a row is named by its place.
_TABLES: dict[str, tuple[str | None, str | None]] = {
    "cms_site": ("f_site_id", None),
    "cms_node": ("f_node_id", "f_site_id"),
    "cms_node_detail": ("f_node_id", None),
    "cms_node_clob": (None, "f_node_id"),
    "cms_model": ("f_model_id", None),
    "cms_model_field": (None, "f_model_id"),
    "cms_info": ("f_info_id", "f_site_id"),
    "cms_info_detail": ("f_info_id", None),
    "cms_info_clob": (None, "f_info_id"),
    "cms_info_custom": (None, "f_info_id"),
    "cms_info_node": (None, "f_info_id"),
    "cms_info_image": (None, "f_info_id"),
    "cms_info_file": (None, "f_info_id"),
    "cms_info_tag": (None, "f_info_id"),
    "cms_tag": ("f_tag_id", None),
    "cms_info_attribute": (None, "f_info_id"),
    "cms_special": ("f_special_id", "f_site_id"),
    "cms_info_special": (None, "f_special_id"),
}
#: Table → column that orders the rows of a family.
_ORDERS = {
    "cms_info_image": "f_index",
    "cms_info_file": "f_index",
    "cms_info_tag": "f_tag_index",
    "cms_info_node": "f_node_index",
    "cms_node": "f_tree_number",
    "cms_info": "f_node_id",
}


class JspxcmsSource:
    """One dump of this system, read completely on construction.

    Raises `SourceError` for a row without an id and `DumpError` for a dump that
    cannot be read. Call `close` to give back the temporary file.
    """

    shape = JSPXCMS

    def __init__(self, path: Path) -> None:
        self.path = path
        self._store = RowStore()
        try:
            for row in MysqlDump(path).rows():
                self._keep(row)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Removes the temporary file."""
        self._store.close()

    def _keep(self, row: DumpRow) -> None:
        table = row.table.lower()
        if table not in _TABLES:
            return
        key_column, family_column = _TABLES[table]
        values = {name.lower(): _text(value) for name, value in row.values.items()}
        name = str(row.number) if key_column is None else values.get(key_column, "")
        if key_column is not None and not name.isdigit():
            raise SourceError(
                _(
                    "Line %(line)d, table %(table)s, row %(row)d has no usable id. Correct the row in the dump."
                )
                % {"line": row.line, "table": row.table, "row": row.number}
            )
        order = values.get(_ORDERS.get(table, ""), "")
        self._store.put(
            table,
            name,
            values,
            line=row.line,
            family=values.get(family_column, "") if family_column else "",
            place=order.zfill(12) if order.isdigit() else order,
        )

    # -- what a source offers ---------------------------------------------

    def sites(self) -> list[LegacySite]:
        """The sites of the dump by id; one that has rows and no entry of its own is named by its id."""
        columns, articles = self._store.families("cms_node"), self._store.families("cms_info")
        found = []
        for code in sorted({*columns, *articles}, key=lambda code: (len(code), code)):
            site = self._store.find("cms_site", code)
            name = site.get("f_full_name") or site.get("f_name") or code
            found.append(LegacySite(code, name, columns.get(code, 0), articles.get(code, 0)))
        return found

    def sections(self, site_code: str) -> list[LegacySection]:
        """The columns of a site but its home page, in the order of the old tree."""
        self._require(site_code)
        homes = self._homes(site_code)
        rows = list(self._store.rows("cms_node", site_code))
        parents = {row.get("f_parent_id", "") for _key, _line, row in rows}
        sections = []
        for number, (key, line, row) in enumerate(rows):
            if key in homes:
                continue
            parent = row.get("f_parent_id", "")
            detail = self._store.find("cms_node_detail", key)
            link = detail.get("f_link", "")
            sections.append(
                LegacySection(
                    source_key=key,
                    parent_key="" if parent in homes else parent,
                    name=row.get("f_name", ""),
                    order=number,
                    kind=self._kind(key, link, has_children=key in parents),
                    description=detail.get("f_meta_description", ""),
                    keywords=detail.get("f_meta_keywords", ""),
                    link=link,
                    old_urls=_old_urls("node", key, detail.get("f_html", "")),
                    line=line,
                )
            )
        return sections

    def articles(self, site_code: str) -> Iterator[LegacyArticle]:
        """The articles of a site, column by column, then the texts that columns carry themselves."""
        self._require(site_code)
        for key in self._store.names("cms_info", site_code):
            line, row = self._store.get("cms_info", key) or (0, {})
            if row.get("f_status") != RECYCLED:
                yield self._article(key, line, row)
        homes = self._homes(site_code)
        for key in self._store.names("cms_node", site_code):
            text = self._column_text(key)
            if text and key not in homes:
                yield self._column_article(key, text)

    def set_aside(self, site_code: str) -> Iterator[SetAside]:
        """The home page, what lay in the recycle bin, and topics."""
        for key in self._homes(site_code):
            yield SetAside(
                RecordKind.COLUMN,
                key,
                self._store.find("cms_node", key).get("f_name", ""),
                _("it was the home page of the old site; the site has its own"),
            )
        for key in self._store.names("cms_info", site_code):
            if self._store.find("cms_info", key).get("f_status") == RECYCLED:
                title = self._store.find("cms_info_detail", key).get("f_title", "")
                reason = _("it lay in the recycle bin of the old site")
                yield SetAside(RecordKind.ARTICLE, key, title, reason)
        for key in self._store.names("cms_special", site_code):
            row = self._store.find("cms_special", key)
            members = [
                member.get("f_info_id", "")
                for _name, _line, member in self._store.rows("cms_info_special", key)
            ]
            reason = (
                _("it was a topic with the articles %(articles)s; make it a topical event page")
                % {"articles": ", ".join(members)}
                if members
                else _(
                    "it was a topic without articles; make it a topical event page if it is needed"
                )
            )
            yield SetAside(RecordKind.COLUMN, f"special-{key}", row.get("f_title", ""), reason)

    # -- columns ----------------------------------------------------------

    def _require(self, site_code: str) -> None:
        codes = [site.code for site in self.sites()]
        if site_code not in codes:
            raise SourceError(
                _("The dump has no site “%(code)s”. It has: %(codes)s.")
                % {"code": site_code, "codes": ", ".join(codes)}
            )

    def _homes(self, site_code: str) -> set[str]:
        """Columns of the model “home page” at the top of the tree."""
        return {
            key
            for key, _line, row in self._store.rows("cms_node", site_code)
            if not row.get("f_parent_id")
            and (
                self._store.find("cms_model", row.get("f_node_model_id", "")).get("f_type")
                == "node_home"
                or row.get("f_number") == "index"
            )
        }

    def _kind(self, key: str, link: str, *, has_children: bool) -> SectionKind:
        if link:
            return SectionKind.LINK
        if self._column_text(key):
            return SectionKind.SINGLE
        return SectionKind.INDEX if has_children else SectionKind.LIST

    def _column_text(self, key: str) -> str:
        """The text a column carries itself (a page “about us”)."""
        for _name, _line, row in self._store.rows("cms_node_clob", key):
            if row.get("f_key") == MAIN_TEXT:
                return row.get("f_value", "").strip()
        return ""

    def _column_article(self, key: str, text: str) -> LegacyArticle:
        line, row = self._store.get("cms_node", key) or (0, {})
        detail = self._store.find("cms_node_detail", key)
        created = moment(row.get("f_creation_date", ""))
        return LegacyArticle(
            source_key=f"node-{key}",
            section_key=key,
            title=row.get("f_name", ""),
            summary=detail.get("f_meta_description", ""),
            source_name="",
            author="",
            keywords=detail.get("f_meta_keywords", ""),
            published_at=created,
            created_at=created,
            updated_at=None,
            body_html=text,
            old_urls=(),
            attachments=(),
            verified=True,
            repairs=(),
            line=line,
        )

    # -- articles ---------------------------------------------------------

    def _article(self, key: str, line: int, row: Row) -> LegacyArticle:
        detail = self._store.find("cms_info_detail", key)
        published = moment(row.get("f_publish_date", ""))
        return LegacyArticle(
            source_key=key,
            section_key=row.get("f_node_id", ""),
            title=detail.get("f_full_title") or detail.get("f_title", ""),
            summary=detail.get("f_meta_description", ""),
            source_name=detail.get("f_source", ""),
            author=detail.get("f_author", ""),
            keywords=self._tags(key),
            published_at=published,
            created_at=published,
            updated_at=None,
            body_html=self._body(key, row, detail),
            old_urls=self._article_urls(key, detail),
            attachments=tuple(self._files(key, detail)),
            verified=row.get("f_status", PUBLISHED) == PUBLISHED,
            repairs=tuple(self._repairs(key, row, detail)),
            line=line,
        )

    def _repairs(self, key: str, row: Row, detail: Row) -> Iterator[str]:
        if not detail:
            yield _("the row in the table cms_info_detail is missing")
        status = row.get("f_status", PUBLISHED)
        if status != PUBLISHED:
            yield _("its state in the old site was %(state)s; kept as a draft") % {
                "state": _STATES.get(status, _("in review"))
            }
        others = [
            other.get("f_node_id", "")
            for _name, _line, other in self._store.rows("cms_info_node", key)
            if other.get("f_node_id") != row.get("f_node_id")
        ]
        if others:
            yield _("it also stood in the columns %(columns)s; add them as further sections") % {
                "columns": ", ".join(others)
            }

    def _tags(self, key: str) -> str:
        tags = (
            self._store.find("cms_tag", row.get("f_tag_id", "")).get("f_name", "")
            for _name, _line, row in self._store.rows("cms_info_tag", key)
        )
        return ",".join(tag for tag in tags if tag)

    def _body(self, key: str, row: Row, detail: Row) -> str | None:
        """Subtitle, texts, pictures with their words, fields of the model, in this order."""
        parts = []
        if detail.get("f_subtitle"):
            parts.append(f"<p><b>{escape(detail['f_subtitle'])}</b></p>")
        texts = {
            text.get("f_key", ""): text.get("f_value", "")
            for _name, _line, text in self._store.rows("cms_info_clob", key)
        }
        for name in sorted(texts, key=lambda name: (name != MAIN_TEXT, name)):
            if texts[name].strip():
                heading = self._label(row, name) if name != MAIN_TEXT else ""
                parts.append((f"<h3>{escape(heading)}</h3>" if heading else "") + texts[name])
        for _name, _line, picture in self._store.rows("cms_info_image", key):
            address, words = (
                picture.get("f_image", ""),
                picture.get("f_text") or picture.get("f_name", ""),
            )
            parts.append(
                f'<p><img src="{escape(address)}" alt="{escape(picture.get("f_name", ""))}"></p>'
            )
            if words:
                parts.append(f"<p>{escape(words)}</p>")
        fields = [
            (self._label(row, field.get("f_key", "")), field.get("f_value", ""))
            for _name, _line, field in self._store.rows("cms_info_custom", key)
            if field.get("f_key") not in _EDITORS_OWN and field.get("f_value")
        ]
        if fields:
            cells = "".join(
                f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
                for name, value in fields
            )
            parts.append(f"<table><tr><th>项目</th><th>内容</th></tr>{cells}</table>")
        if detail.get("f_link"):
            link = escape(detail["f_link"])
            parts.append(f'<p><a href="{link}">{link}</a></p>')
        body = "\n".join(parts)
        # The heading of a page may stand between the two marks.
        body = _PAGE_BREAK.sub(lambda mark: f"<h3>{mark[1]}</h3>" if mark[1].strip() else "", body)
        # An article without texts had none; without its detail row it lost them.
        return body if body or detail else None

    def _article_urls(self, key: str, detail: Row) -> tuple[str, ...]:
        """The addresses of the article and, as ``43_2``, of its further pages."""
        pages = 1 + sum(
            text.get("f_value", "").count("[/PageBreak]")
            for _name, _line, text in self._store.rows("cms_info_clob", key)
        )
        urls = _old_urls("info", key, detail.get("f_html", ""))
        for page in range(2, pages + 1):
            urls += _old_urls("info", f"{key}_{page}", "")
        return urls

    def _label(self, row: Row, name: str) -> str:
        """The label the model of the article's column gives a field; the field's own name without one."""
        node = self._store.find("cms_node", row.get("f_node_id", ""))
        for _name, _line, field in self._store.rows(
            "cms_model_field", node.get("f_info_model_id", "")
        ):
            if field.get("f_name") == name:
                return field.get("f_label") or name
        return _HEADINGS.get(name, name)

    def _files(self, key: str, detail: Row) -> Iterator[LegacyAttachment]:
        """Cover, video, download, document and the attached files; each address once."""
        seen: set[str] = set()

        def once(address: str, name: str, role: AttachmentRole) -> Iterator[LegacyAttachment]:
            path = address.strip() if "://" in address else address.strip().lstrip("/")
            if path and path not in seen:
                seen.add(path)
                yield LegacyAttachment(
                    f"{key}:{path}", key, path, name or path.rsplit("/", 1)[-1], role
                )

        pictures = [detail.get("f_large_image", ""), detail.get("f_small_image", "")]
        for _name, _line, place in self._store.rows("cms_info_attribute", key):
            pictures.append(place.get("f_image", ""))
        # One cover: the others are the same picture at other sizes.
        yield from once(next(filter(None, pictures), ""), "", AttachmentRole.COVER)
        for column in ("f_video", "f_file", "f_doc"):
            name = detail.get(f"{column}_name", "")
            yield from once(detail.get(column, ""), name, AttachmentRole.FILE)
        for _name, _line, file in self._store.rows("cms_info_file", key):
            yield from once(file.get("f_file", ""), file.get("f_name", ""), AttachmentRole.FILE)


def moment(text: str) -> datetime | None:
    """A stamp such as ``2014-12-17 11:09:02``, in the time zone of the old system."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=LEGACY_ZONE)
    except ValueError:
        return None


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _old_urls(kind: str, key: str, static_page: str) -> tuple[str, ...]:
    """Addresses of the dynamic page with and without suffix, and of the generated file."""
    urls = [f"/{kind}/{key}", f"/{kind}/{key}.jspx"]
    if static_page:
        urls.append("/" + static_page.lstrip("/"))
    return tuple(urls)
