"""Reads of pages for the public side. Every list ends its ordering with the primary key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import F, Q
from django.db.models.functions import Left, Length
from django.http import Http404
from django.utils.translation import gettext as _

from .models import ArticleAttachment, ArticlePage, BasePage, SectionPage

#: Entries on one list page: three screens of a phone, one and a half of a desk.
PAGE_SIZE = 20
#: Treebeard's path of a home: the root's step and its own.
HOME_PATH_LENGTH = 2 * BasePage.steplen
#: Seconds until a section that got its first article is shown in menus.
FILLED_SECONDS = 30


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
class FramePages:
    """The pages around a page: its ancestors from the home down, and the home's menu sections."""

    ancestors: tuple[BasePage, ...]
    menu: tuple[BasePage, ...]


def page_by_path(home: BasePage, path: str) -> BasePage | None:
    """The live page at ``path`` below ``home``, as its own type; ``None`` where there is none.

    One query for an article, two for a section, three for another type.
    """
    url_path = home.url_path + "".join(f"{part}/" for part in path.split("/") if part)
    if url_path == home.url_path:
        return home.specific
    for model in (ArticlePage, SectionPage, BasePage):
        page = model.objects.filter(url_path=url_path, live=True).first()
        if page is not None:
            return page.specific
    return None


def frame_pages(page: BasePage) -> FramePages:
    """Ancestors and menu of ``page``. One query."""
    home_path = page.path[:HOME_PATH_LENGTH]
    step = BasePage.steplen
    paths = [page.path[: length + step] for length in range(step, len(page.path), step)]
    menu = Q(path__startswith=home_path, depth=3, show_in_menus=True)
    rows = list(
        BasePage.objects.filter(Q(path__in=paths) | menu, live=True)
        .annotate(is_listed_when_empty=F("sectionpage__is_listed_when_empty"))
        .only("pk", "title", "slug", "path", "depth", "url_path", "show_in_menus", "tenant_id")
        .order_by("path", "pk")
    )
    return FramePages(
        ancestors=tuple(row for row in rows if row.path in paths),
        menu=tuple(row for row in rows if row.depth == 3 and row.show_in_menus),
    )


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
            ArticlePage.objects.filter(path__startswith=home_path, live=True)
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
    return list(SectionPage.objects.child_of(section).live().order_by("path", "pk"))


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
    queryset = ArticlePage.objects.child_of(section).live()
    total = queryset.count()
    page_count = max(1, -(-total // PAGE_SIZE))
    if not 1 <= page_number <= page_count:
        raise Http404(_("This list has no page %(number)s.") % {"number": page_number})
    start = (page_number - 1) * PAGE_SIZE
    return _listed(_newest_first(queryset)[start : start + PAGE_SIZE]), total


def newest_below(section: BasePage, limit: int) -> list[ListedArticle]:
    """The newest articles anywhere below ``section``. One query."""
    return _listed(_newest_first(ArticlePage.objects.descendant_of(section).live())[:limit])


def newest_by_section(
    sections: Sequence[BasePage], *, each: int, scan: int = 200
) -> dict[int, list[ListedArticle]]:
    """Up to ``each`` newest articles of every section, from the newest ``scan`` below them all. One query.

    A section whose articles are all older than those shows none: it is linked by its name.
    """
    if not sections:
        return {}
    below = Q()
    for section in sections:
        below |= Q(path__startswith=section.path)
    found = _listed(_newest_first(ArticlePage.objects.filter(below).live())[:scan])
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
    siblings = ArticlePage.objects.sibling_of(article, inclusive=False).live()
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
    sections = SectionPage.objects.filter(
        path__startswith=home.path[:HOME_PATH_LENGTH], depth__in=(3, 4)
    )
    return list(sections.live().order_by("path", "pk"))
