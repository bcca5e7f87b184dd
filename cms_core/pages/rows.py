"""Plain values from which many pages are made at once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .enums import SectionKind


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section (栏目) to make. ``key`` is the caller's own; the result maps it to the page.

    ``parent_key`` names another row of the same call, ``parent_id`` an existing page; one of them.
    """

    key: str
    title: str
    slug: str
    parent_key: str = ""
    parent_id: int | None = None
    section_kind: str = SectionKind.ARTICLE_LIST
    column_type: str = ""
    description: str = ""
    keywords: str = ""
    update_interval_days: int | None = None
    external_url: str = ""
    is_notice: bool = False
    is_listed_when_empty: bool = False
    show_in_menus: bool = True


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article (稿件) to make below the page ``parent_id``.

    ``body`` is a list of ``(block type, value)`` as ``ArticleBody`` takes it: ``("paragraph", html)``,
    ``("html", html)``, ``("missing_attachment", {"title": …, "source_reference": …})``.
    """

    key: str
    parent_id: int
    title: str
    slug: str
    body: list[tuple[str, Any]] = field(default_factory=list)
    summary: str = ""
    source_name: str = ""
    author_name: str = ""
    editor_name: str = ""
    keywords: str = ""
    published_at: datetime | None = None
    live: bool = True
