"""Reads of pages for the public side. Every list ends its ordering with the primary key."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone
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
from .models.base import seeing_the_bin
from .models.parent_path import ParentPath
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

    @property
    def slug(self) -> str:
        return self.url_path.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class FramePages:
    """The pages around a page: those above it from the home down, and the home's menu sections.

    ``named``: sections of the site by the slugs that were asked for, the highest first.
    """

    above: tuple[FramePage, ...]
    menu: tuple[FramePage, ...]
    named: tuple[FramePage, ...] = ()


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


def frame_pages(page: BasePage, named: Sequence[str] = ()) -> FramePages:
    """What stands above ``page``, and the menu. One query, plain values: every page asks for it.

    ``named``: slugs of sections that are wanted too.
    """
    step = BasePage.steplen
    above = [page.path[:length] for length in range(HOME_PATH_LENGTH, len(page.path), step)]
    first, last = BasePage._get_children_path_interval(page.path[:HOME_PATH_LENGTH])
    menu = Q(path__range=(first, last), depth=HOME_DEPTH + 1, show_in_menus=True)
    rows = [
        FramePage(*row)
        for row in BasePage.objects.filter(
            Q(path__in=above) | menu | (Q(slug__in=named) if named else Q(pk__in=())),
            live=True,
            # Nothing stands below an article, and no menu names one. Said here, so that the index of
            # types answers, which has few rows of the others: every page asks this.
            tenant_id=page.tenant_id,
            content_type__in=page_types(lambda model: not issubclass(model, ArticlePage)),
        )
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
        named=tuple(
            row
            for row in sorted(rows, key=lambda row: row.depth)
            if row.depth > HOME_DEPTH and row.slug in named and not row.path.startswith(hidden)
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
    if model is not BasePage:
        # The table of the type says so already; with it, a few sections are found among many articles.
        pages = pages.filter(content_type__in=page_types(lambda known: issubclass(known, model)))
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
        texts = indexed_pages(lambda model: issubclass(model, ContentPage))
        own = (
            without(texts.filter(path__range=(first, last)), private_paths())
            .annotate(parent_path=ParentPath("path"))
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


def indexed_pages(wanted: Callable[[type[BasePage]], bool]) -> "QuerySet[BasePage]":
    """Live pages of the types that ``wanted`` takes, asked so that the indexes of lists answer.

    Those indexes begin with the tenant, and hold no address; what lies in the recycle bin is not live.
    The guard adds its rule to this query like to every other.
    """
    with seeing_the_bin():
        pages = BasePage.objects.filter(live=True, content_type__in=page_types(wanted)).order_by()
    tenant_id = require_scope().tenant_id
    return pages if tenant_id is None else pages.filter(tenant_id=tenant_id)


def without(pages: Any, hidden: Iterable[str], column: str = "path") -> Any:
    """``pages`` without what lies at or below the tree paths ``hidden``."""
    for path in hidden:
        pages = pages.exclude(**{f"{column}__startswith": path})
    return pages


def directly_below(parent_path: str, hidden: Iterable[str]) -> "QuerySet[BasePage]":
    """Live pages directly below a tree path of all types that lists name, without ``hidden`` paths.

    They stand in one stretch of an index, newest first.
    """
    pages = indexed_pages(lambda model: model.is_listed)
    return without(  # type: ignore[no-any-return]
        pages.alias(parent_path=ParentPath("path")).filter(parent_path=parent_path), hidden
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


def listed_by_id(ids: Iterable[int], *, private: bool = False) -> dict[int, ListedPage]:
    """Live and public pages by id, as lists name them. One query, none for no ids.

    ``private``: those that only some readers see too; the caller asked for them by their place.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    pages = listed_values(BasePage.objects.filter(pk__in=wanted, live=True).order_by())
    return {page.pk: page for page in pages if private or is_public(page)}


def is_public(page: ListedPage) -> bool:
    """Whether nothing above ``page`` asks who reads it."""
    return not any(page.parent_path.startswith(path) for path in private_paths())


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
