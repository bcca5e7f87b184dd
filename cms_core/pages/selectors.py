"""Reads of pages for the public side. Every list ends its ordering with the primary key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.db.models.functions import Left, Length
from django.http import Http404
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction

from sites.tenancy.scope import require_scope

from .models import ArticleAttachment, ArticlePage, BasePage, SectionPage

P = TypeVar("P", bound=BasePage)
#: Entries on one list page: three screens of a phone, one and a half of a desk.
PAGE_SIZE = 20
#: Treebeard's path of a home: the root's step and its own.
HOME_PATH_LENGTH = 2 * BasePage.steplen
#: Seconds until a section that got its first article is shown in menus.
FILLED_SECONDS = 30
_PRIVATE = "private_paths"


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """What a list shows of an article. ``parent_path``: tree path of its section."""

    pk: int
    title: str
    url_path: str
    parent_path: str
    published_at: datetime | None
    source_name: str
    summary: str


@dataclass(frozen=True, slots=True)
class FramePage:
    """What the frame around a page says of another one; the last four are a section's alone."""

    pk: int
    title: str
    path: str
    depth: int
    url_path: str
    show_in_menus: bool
    is_listed_when_empty: bool | None
    column_type: str | None
    description: str | None
    keywords: str | None


@dataclass(frozen=True, slots=True)
class FramePages:
    """The pages around a page: those above it from the home down, and the home's menu sections."""

    above: tuple[FramePage, ...]
    menu: tuple[FramePage, ...]


def page_by_path(home: BasePage, path: str) -> BasePage | None:
    """The live page at ``path`` below ``home``, as its own type; ``None`` where there is none.

    One query for an article, two for a section, three for another type.
    """
    url_path = home.url_path + "".join(f"{part}/" for part in path.split("/") if part)
    if url_path == home.url_path:
        return home.specific
    for model in (ArticlePage, SectionPage, BasePage):
        # At most one: a slug stands once below a page. Django's ordering costs a fifth of a query.
        found = list(model.objects.filter(url_path=url_path, live=True).order_by()[:1])
        if found:
            page: BasePage = found[0].specific
            return page
    return None


def frame_pages(page: BasePage) -> FramePages:
    """What stands above ``page``, and the menu. One query, plain values: every page asks for it."""
    step = BasePage.steplen
    above = [page.path[:length] for length in range(HOME_PATH_LENGTH, len(page.path), step)]
    first, last = BasePage._get_children_path_interval(page.path[:HOME_PATH_LENGTH])
    menu = Q(path__range=(first, last), depth=3, show_in_menus=True)
    rows = [
        FramePage(*row)
        for row in BasePage.objects.filter(Q(path__in=above) | menu, live=True)
        .order_by()
        .values_list(
            "pk",
            "title",
            "path",
            "depth",
            "url_path",
            "show_in_menus",
            "sectionpage__is_listed_when_empty",
            "sectionpage__column_type",
            "sectionpage__description",
            "sectionpage__keywords",
        )
    ]
    rows.sort(key=lambda row: row.path)
    hidden = private_paths()
    return FramePages(
        above=tuple(row for row in rows if row.path in above),
        menu=tuple(
            row
            for row in rows
            if row.depth == 3 and row.show_in_menus and not row.path.startswith(hidden)
        ),
    )


def private_paths() -> tuple[str, ...]:
    """Tree paths below which a page asks who reads it (Wagtail's privacy). One query a scope.

    What lies there is named in no list and in no published resource.
    """
    scope = require_scope()
    if _PRIVATE not in scope.memo:
        scope.memo[_PRIVATE] = tuple(
            PageViewRestriction.objects.order_by().values_list("page__path", flat=True)
        )
    found: tuple[str, ...] = scope.memo[_PRIVATE]
    return found


def forget_private_paths() -> None:
    """Ask again: a restriction was made or lifted in the open scope."""
    require_scope().memo.pop(_PRIVATE, None)


def _below(model: type[P], parent_path: str) -> "QuerySet[P]":
    """Live and public pages of one type below a tree path.

    The range is what every database can look up in the index; a pattern is not. Whoever was let in
    to a private section sees what it holds.
    """
    first, last = BasePage._get_children_path_interval(parent_path)
    pages = model._default_manager.filter(path__range=(first, last), live=True)
    for path in private_paths():
        if path.startswith(parent_path) and path != parent_path:
            pages = pages.exclude(path__startswith=path)
    return pages


def _children(model: type[P], parent: BasePage) -> "QuerySet[P]":
    return _below(model, parent.path).filter(depth=parent.depth + 1)


def filled_sections(home_path: str) -> frozenset[str]:
    """Tree paths of the sections that hold a live article, at any depth. One query, cached for a while.

    Empty sections are not shown (five blank ones fail an inspection), and the answer is asked for on
    every page: a section's first article shows it everywhere within :data:`FILLED_SECONDS`.
    """
    key = f"filled_sections:{home_path}"
    found: frozenset[str] | None = cache.get(key)
    if found is None:
        step = BasePage.steplen
        parents = (
            _below(ArticlePage, home_path)
            .order_by()
            .annotate(parent_path=Left("path", Length("path") - step))
            .values_list("parent_path", flat=True)
            .distinct()
        )
        found = frozenset(
            path[:length]
            for path in parents
            for length in range(HOME_PATH_LENGTH + step, len(path) + 1, step)
        )
        cache.set(key, found, FILLED_SECONDS)
    return found


def child_sections(section: BasePage) -> list[SectionPage]:
    """Live sections directly below. One query."""
    return list(_children(SectionPage, section).order_by("path", "pk"))


def _listed(queryset: Any) -> list[ListedArticle]:
    step = BasePage.steplen
    rows = queryset.values_list(
        "pk", "title", "url_path", "path", "published_at", "source_name", "summary"
    )
    return [
        ListedArticle(pk, title, url, path[:-step], at, source, summary)
        for pk, title, url, path, at, source, summary in rows
    ]


def _newest_first(queryset: Any) -> Any:
    return queryset.order_by("-published_at", "-pk")


def articles_of(section: BasePage, page_number: int) -> tuple[list[ListedArticle], int]:
    """One list page of a section's articles, and how many there are in all. Two queries.

    :raises Http404: no such page.
    """
    queryset = _children(ArticlePage, section)
    total = queryset.count()
    page_count = max(1, -(-total // PAGE_SIZE))
    if not 1 <= page_number <= page_count:
        raise Http404(_("This list has no page %(number)s.") % {"number": page_number})
    start = (page_number - 1) * PAGE_SIZE
    return _listed(_newest_first(queryset)[start : start + PAGE_SIZE]), total


def newest_below(section: BasePage, limit: int) -> list[ListedArticle]:
    """The newest articles anywhere below ``section``. One query."""
    return _listed(_newest_first(_below(ArticlePage, section.path))[:limit])


def newest_by_section(
    sections: Sequence[BasePage | FramePage], *, each: int, scan: int = 200
) -> dict[int, list[ListedArticle]]:
    """Up to ``each`` newest articles of every section, from the newest ``scan`` below them all. One query.

    A section whose articles are all older than those shows none: it is linked by its name.
    """
    if not sections:
        return {}
    below = Q()
    for section in sections:
        below |= Q(path__range=BasePage._get_children_path_interval(section.path))
    home_path = sections[0].path[:HOME_PATH_LENGTH]
    found = _listed(_newest_first(_below(ArticlePage, home_path).filter(below))[:scan])
    grouped: dict[int, list[ListedArticle]] = {}
    for article in found:
        for section in sections:
            if article.parent_path.startswith(section.path):
                entries = grouped.setdefault(section.pk, [])
                if len(entries) < each:
                    entries.append(article)
                break
    return grouped


def neighbours(article: ArticlePage) -> tuple[ListedArticle | None, ListedArticle | None]:
    """The newer and the older article of the same section. Two queries."""
    if article.published_at is None:
        return None, None
    parent_path = article.path[: -BasePage.steplen]
    siblings = _below(ArticlePage, parent_path).filter(depth=article.depth)
    at, pk = article.published_at, article.pk
    newer = _listed(
        siblings.filter(Q(published_at__gt=at) | Q(published_at=at, pk__gt=pk)).order_by(
            "published_at", "pk"
        )[:1]
    )
    older = _listed(
        _newest_first(siblings.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk)))[:1]
    )
    return (newer[0] if newer else None), (older[0] if older else None)


def attachments_of(article: ArticlePage) -> list[ArticleAttachment]:
    """Files at the foot of an article, with the file. One query."""
    return list(
        ArticleAttachment.objects.filter(page=article)
        .select_related("file")
        .order_by("sort_order", "pk")
    )


def sections_of_site(home: BasePage) -> list[SectionPage]:
    """Live sections of the two upper levels. One query."""
    sections = _below(SectionPage, home.path[:HOME_PATH_LENGTH]).filter(depth__in=(3, 4))
    return list(sections.order_by("path", "pk"))
