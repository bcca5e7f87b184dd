"""Reads of pages for the public side. Every list ends its ordering with the primary key."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Left, Length
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import PageViewRestriction, get_page_models

from sites.tenancy.models import Address
from sites.tenancy.rules import HOME_DEPTH
from sites.tenancy.scope import require_scope

from .models import (
    ArticlePage,
    ArticlePlacement,
    BasePage,
    ContentPage,
    SectionPage,
)
from .rules import is_government_target

P = TypeVar("P", bound=BasePage)
#: Entries on one list page: three screens of a phone, one and a half of a desk.
PAGE_SIZE = 20
#: Treebeard's path of a home: the root's step and its own.
HOME_PATH_LENGTH = HOME_DEPTH * BasePage.steplen
#: Seconds until a section that got its first article is shown in menus.
FILLED_SECONDS = 30
_PRIVATE = "private_paths"


@dataclass(frozen=True, slots=True)
class ListedPage:
    """What a list shows of a page. ``parent_path``: tree path of its section.

    ``is_pinned``, ``is_expired``: at the moment of reading. ``external_url``: of a link alone.
    """

    pk: int
    title: str
    url_path: str
    parent_path: str
    published_at: datetime | None
    source_name: str
    summary: str
    is_pinned: bool = False
    is_expired: bool = False
    external_url: str = ""


@dataclass(frozen=True, slots=True)
class FramePage:
    """What the frame around a page says of another one; the last five are a section's alone."""

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
    is_notice: bool | None


@dataclass(frozen=True, slots=True)
class FramePages:
    """The pages around a page: those above it from the home down, and the home's menu sections."""

    above: tuple[FramePage, ...]
    menu: tuple[FramePage, ...]


def page_by_path(home: BasePage, path: str) -> BasePage | None:
    """The live page at ``path`` below ``home``, as its own type; ``None`` where there is none.

    One query for an article, two for a section, four for another type.
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
    menu = Q(path__range=(first, last), depth=HOME_DEPTH + 1, show_in_menus=True)
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
            "sectionpage__is_notice",
        )
    ]
    rows.sort(key=lambda row: row.path)
    hidden = private_paths()
    return FramePages(
        above=tuple(row for row in rows if row.path in above),
        menu=tuple(
            row
            for row in rows
            if row.depth == HOME_DEPTH + 1 and row.show_in_menus and not row.path.startswith(hidden)
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


def pages_below(model: type[P], parent_path: str) -> "QuerySet[P]":
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


def children_of(model: type[P], parent: BasePage) -> "QuerySet[P]":
    return pages_below(model, parent.path).filter(depth=parent.depth + 1)


def filled_sections(home_path: str) -> frozenset[str]:
    """Tree paths of the sections that hold a live page with a text, at any depth. One query, cached
    for a while.

    Empty sections are not shown (five blank ones fail an inspection), and the answer is asked for on
    every page: a section's first article shows it everywhere within :data:`FILLED_SECONDS`.
    """
    key = f"filled_sections:{home_path}"
    found: frozenset[str] | None = cache.get(key)
    if found is None:
        step = BasePage.steplen
        first, last = BasePage._get_children_path_interval(home_path)
        own = (
            pages_below(BasePage, home_path)
            .filter(content_type__in=page_types(lambda model: issubclass(model, ContentPage)))
            .order_by()
            .annotate(parent_path=Left("path", Length("path") - step))
            .values_list("parent_path", flat=True)
        )
        placed = (
            ArticlePlacement.objects.filter(page__live=True, section__path__range=(first, last))
            .order_by()
            .values_list("section__path", flat=True)
        )
        parents = own.union(placed)
        found = frozenset(
            path[:length]
            for path in parents
            for length in range(HOME_PATH_LENGTH + step, len(path) + 1, step)
        )
        cache.set(key, found, FILLED_SECONDS)
    return found


def child_sections(section: BasePage) -> list[SectionPage]:
    """Live sections directly below. One query."""
    return list(children_of(SectionPage, section).order_by("path", "pk"))


def page_types(wanted: Callable[[type[BasePage]], bool]) -> list[int]:
    """Content types of the page models that ``wanted`` takes. Django remembers them in the process."""
    models = [model for model in get_page_models() if wanted(model)]
    return [ct.pk for ct in ContentType.objects.get_for_models(*models).values()]


def listed_pages(parent_path: str) -> "QuerySet[BasePage]":
    """Live and public pages below a tree path of all types that lists name."""
    return pages_below(BasePage, parent_path).filter(
        content_type__in=page_types(lambda model: model.is_listed)
    )


_LISTED_COLUMNS = (
    "pk",
    "title",
    "url_path",
    "path",
    "published_at",
    "source_name",
    "summary",
    "is_pinned",
    "pinned_until",
    "valid_until",
    "linkpage__external_url",
)


def listed_rows(queryset: Any, *more: str) -> list[tuple[ListedPage, tuple[Any, ...]]]:
    """The rows of ``queryset`` with the values of the columns ``more``. One query."""
    now = timezone.now()
    today = timezone.localdate(now)
    found = []
    for row in queryset.values_list(*_LISTED_COLUMNS, *more):
        pk, title, url_path, path, at, source, summary, pinned, until, valid, target = row[:11]
        expired = valid is not None and valid < today
        page = ListedPage(
            pk=pk,
            title=title,
            url_path=url_path,
            parent_path=path[: -BasePage.steplen],
            published_at=at,
            source_name=source,
            summary=summary,
            is_pinned=pinned and not expired and (until is None or until > now),
            is_expired=expired,
            external_url=target or "",
        )
        found.append((page, row[11:]))
    return found


def listed_values(queryset: Any) -> list[ListedPage]:
    return [page for page, _more in listed_rows(queryset)]


def newest_first(queryset: Any) -> Any:
    return queryset.order_by("-published_at", "-pk")


def _in_list_order(queryset: Any) -> Any:
    """Pinned first (置顶), then by the editor's place, then newest first.

    A pin whose time is over, and one on what is no longer valid, hold nothing at the top.
    """
    now = timezone.now()
    is_held = (
        Q(is_pinned=True)
        & (Q(pinned_until__isnull=True) | Q(pinned_until__gt=now))
        & (Q(valid_until__isnull=True) | Q(valid_until__gte=timezone.localdate(now)))
    )
    rank = Case(
        When(is_held, then=Value(0)),
        When(list_place__isnull=False, then=Value(1)),
        default=Value(2),
    )
    return queryset.order_by(rank, F("list_place").asc(nulls_last=True), "-published_at", "-pk")


def _placed_in(*sections: BasePage | FramePage) -> "QuerySet[ArticlePlacement, dict[str, Any]]":
    """Ids of the articles that stand in a section besides their own."""
    return (
        ArticlePlacement.objects.filter(section__in=[section.pk for section in sections])
        .order_by()
        .values("page")
    )


def _standing_in(section: BasePage) -> "QuerySet[BasePage]":
    """Pages of a section's list: those directly below it, and articles placed in it. Each once."""
    first, last = BasePage._get_children_path_interval(section.path)
    inside = Q(path__range=(first, last), depth=section.depth + 1)
    home_path = section.path[:HOME_PATH_LENGTH]
    pages = BasePage.objects.filter(
        inside | Q(pk__in=_placed_in(section)),
        live=True,
        content_type__in=page_types(lambda model: model.is_listed),
    )
    for path in private_paths():
        if path.startswith(home_path) and not section.path.startswith(path):
            pages = pages.exclude(path__startswith=path)
    return pages


def articles_of(section: BasePage, page_number: int) -> tuple[list[ListedPage], int]:
    """One list page of a section, and how many entries there are in all. Two queries.

    :raises Http404: no such page.
    """
    queryset = _standing_in(section)
    total = queryset.count()
    page_count = max(1, -(-total // PAGE_SIZE))
    if not 1 <= page_number <= page_count:
        raise Http404(_("This list has no page %(number)s.") % {"number": page_number})
    start = (page_number - 1) * PAGE_SIZE
    return listed_values(_in_list_order(queryset)[start : start + PAGE_SIZE]), total


def listed_under(top: BasePage) -> "QuerySet[BasePage]":
    """Live and public pages that some list at or below ``top`` names, each once."""
    first, last = BasePage._get_children_path_interval(top.path)
    placed = (
        ArticlePlacement.objects.filter(
            Q(section=top.pk) | Q(section__path__range=(first, last)), section__live=True
        )
        .order_by()
        .values("page")
    )
    pages = BasePage.objects.filter(
        Q(path__range=(first, last)) | Q(pk__in=placed),
        live=True,
        content_type__in=page_types(lambda model: model.is_listed),
    )
    for path in private_paths():
        pages = pages.exclude(path__startswith=path)
    return pages


def newest_below(section: BasePage, limit: int) -> list[ListedPage]:
    """The newest pages anywhere below ``section``. One query."""
    return listed_values(newest_first(listed_under(section))[:limit])


def newest_by_section(
    sections: Sequence[BasePage | FramePage], *, each: int, scan: int = 200, news: bool = False
) -> dict[int, list[ListedPage]]:
    """Up to ``each`` first entries of every section, from the first ``scan`` of them all. One query.

    A page stands once in each of the lists it belongs to. A section whose pages are all older than
    those shows none: it is linked by its name. ``news``: texts that are merely kept up are left out.
    """
    if not sections:
        return {}
    below = Q()
    for section in sections:
        below |= Q(path__range=BasePage._get_children_path_interval(section.path))
    home_path = sections[0].path[:HOME_PATH_LENGTH]
    pages = listed_pages(home_path).filter(below | Q(pk__in=_placed_in(*sections)))
    if news:
        pages = pages.filter(content_type__in=page_types(lambda model: model.is_news))
    found = listed_rows(_in_list_order(pages)[:scan], "articlepage__placements__section")
    grouped: dict[int, dict[int, ListedPage]] = {}
    for page, (placed_in,) in found:
        nearest = next((s for s in sections if page.parent_path.startswith(s.path)), None)
        own = nearest.pk if nearest is not None else None
        for section in sections:
            if section.pk in (own, placed_in):
                entries = grouped.setdefault(section.pk, {})
                if len(entries) < each:
                    entries.setdefault(page.pk, page)
    return {pk: list(entries.values()) for pk, entries in grouped.items()}


def newest_directly_below(page: BasePage, limit: int = PAGE_SIZE) -> list[ListedPage]:
    """The first entries directly below a page that is no section. One query."""
    pages = listed_pages(page.path).filter(depth=page.depth + 1)
    return listed_values(_in_list_order(pages)[:limit])


def listed_by_id(ids: Iterable[int]) -> dict[int, ListedPage]:
    """Live and public pages by id, as lists name them. One query, none for no ids."""
    wanted = set(ids)
    if not wanted:
        return {}
    pages = BasePage.objects.filter(pk__in=wanted, live=True).order_by()
    hidden = private_paths()
    return {
        page.pk: page
        for page in listed_values(pages)
        if not any(page.parent_path.startswith(path) for path in hidden)
    }


def outside_government(urls: Iterable[str]) -> frozenset[str]:
    """Those of ``urls`` that lead neither to a government site nor to one of the platform.

    One query where there are such, none otherwise.
    """
    foreign = {url for url in urls if url and not is_government_target(url)}
    if not foreign:
        return frozenset()
    hosts = {url: urlsplit(url).hostname or "" for url in foreign}
    known = set(
        Address.objects.filter(host__in=set(hosts.values()))
        .order_by()
        .values_list("host", flat=True)
    )
    return frozenset(url for url, host in hosts.items() if host not in known)


def sections_of_site(home: BasePage) -> list[SectionPage]:
    """Live sections of the two upper levels. One query."""
    sections = pages_below(SectionPage, home.path[:HOME_PATH_LENGTH]).filter(
        depth__in=(HOME_DEPTH + 1, HOME_DEPTH + 2)
    )
    return list(sections.order_by("path", "pk"))
