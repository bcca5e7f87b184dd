"""Lists of sections, home pages and feeds: what editors put first, then the newest.

A list of 50,000 is read where it is shown and nowhere else. The few rows placed by hand (pinned, given
a place, or placed from another section) are read whole and merged in Python with the stretch of the
newest that the shown page needs; that stretch stands in an index (:class:`BasePage`), in the order of
the list. So the first page, any other and a feed cost the same whether the section holds a hundred
articles or 50,000; only the middle pages pass over the index rows before them, from the nearer end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import IntegerField, Q, Value
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import ArticlePlacement, BasePage, SectionPage, TopicalEventPage
from .selectors import (
    HOME_PATH_LENGTH,
    PAGE_SIZE,
    FramePage,
    ListedPage,
    directly_below,
    indexed_pages,
    listed_by_id,
    page_types,
    private_paths,
    without,
)

#: Placed by hand in every list that names the page. As the index ``page_placed_by_hand`` has it.
_BY_HAND = Q(live=True) & (Q(is_pinned=True) | Q(list_place__isnull=False))
_LAST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Row:
    """What decides where a page stands in a list. ``section``: that it was placed in, if it was."""

    pk: int
    path: str
    published_at: datetime | None
    is_held: bool
    list_place: int | None
    section: int | None

    @property
    def is_by_hand(self) -> bool:
        return self.is_held or self.list_place is not None

    @property
    def parent_path(self) -> str:
        return self.path[: -BasePage.steplen]

    @property
    def newest(self) -> tuple[datetime, int]:
        return (self.published_at or _LAST, self.pk)

    @property
    def rank(self) -> tuple[int, bool, int]:
        """Pinned first (置顶), then by the editor's place, then the others."""
        kind = 0 if self.is_held else 1 if self.list_place is not None else 2
        return (kind, self.list_place is None, self.list_place or 0)


_ROW_COLUMNS = (
    "pk",
    "path",
    "published_at",
    "is_pinned",
    "pinned_until",
    "valid_until",
    "list_place",
)


def _rows(found: Iterable[tuple[Any, ...]]) -> list[_Row]:
    """A pin whose time is over, and one on what is no longer valid, hold nothing at the top."""
    now = timezone.now()
    today = timezone.localdate(now)
    return [
        _Row(
            pk=pk,
            path=path,
            published_at=at,
            is_held=pinned and (until is None or until > now) and (valid is None or valid >= today),
            list_place=place,
            section=section,
        )
        for pk, path, at, pinned, until, valid, place, section in found
    ]


def in_list_order(rows: Iterable[_Row]) -> list[_Row]:
    """Each page once: what is placed by hand, then newest first."""
    once = {row.pk: row for row in rows}
    newest = sorted(once.values(), key=lambda row: row.newest, reverse=True)
    return sorted(newest, key=lambda row: row.rank)


def _hidden_from(section: BasePage) -> list[str]:
    """Private paths that the lists of ``section`` leave out: who was let in to one sees what it holds."""
    home_path = section.path[:HOME_PATH_LENGTH]
    return [
        path
        for path in private_paths()
        if path.startswith(home_path) and not section.path.startswith(path)
    ]


def _by_hand_below(page: BasePage, hidden: Iterable[str]) -> Any:
    # By its path and depth, not by the path above: that would be looked up in the index of the newest.
    inside = Q(path__range=BasePage._get_children_path_interval(page.path), depth=page.depth + 1)
    return _by_hand(without(indexed_pages(_is_listed).filter(inside), hidden))


def _by_hand(pages: Any) -> Any:
    return pages.filter(_BY_HAND).values_list(
        *_ROW_COLUMNS, Value(None, output_field=IntegerField())
    )


def _placed(sections: Iterable[int], hidden: Iterable[str]) -> Any:
    """Articles that stand in ``sections`` besides their own."""
    rows = ArticlePlacement.objects.filter(section__in=sections, page__live=True).order_by()
    return without(rows, hidden, "page__path").values_list(
        *(f"page__{column}" for column in _ROW_COLUMNS), "section"
    )


def _stretch(pages: Any, start: int, end: int, total: int | None = None) -> list[_Row]:
    """Pages ``start`` to ``end`` of ``pages``, newest first; from the older end where that is nearer."""
    order = ("-published_at", "-pk")
    if total is not None:
        end = min(end, total)
        if start > total - end:
            order, start, end = ("published_at", "pk"), total - end, total - start
    if end <= start:
        return []
    return [
        _Row(pk, "", at, is_held=False, list_place=None, section=None)
        for at, pk in pages.order_by(*order).values_list("published_at", "pk")[start:end]
    ]


def _shown(rows: Sequence[_Row]) -> list[ListedPage]:
    """The pages of ``rows`` in their order. One query, none for no rows."""
    pages = listed_by_id((row.pk for row in rows), private=True)
    return [pages[row.pk] for row in rows if row.pk in pages]


def articles_of(section: BasePage, page_number: int) -> tuple[list[ListedPage], int]:
    """One list page of a section, and how many entries there are in all. Four queries.

    Pages directly below the section, and articles placed in it, each once.

    :raises Http404: no such page.
    """
    hidden = _hidden_from(section)
    below = directly_below(section.path, hidden)
    by_hand = _by_hand_below(section, hidden)
    chosen = in_list_order(_rows(by_hand.union(_placed([section.pk], hidden), all=True)))
    own = below.count()
    total = own + sum(row.parent_path != section.path for row in chosen)
    page_count = max(1, -(-total // PAGE_SIZE))
    if not 1 <= page_number <= page_count:
        raise Http404(_("This list has no page %(number)s.") % {"number": page_number})
    start = (page_number - 1) * PAGE_SIZE
    return _shown(_entries(section, below, chosen, start, own)), total


def _entries(section: BasePage, below: Any, chosen: list[_Row], start: int, own: int) -> list[_Row]:
    """The entries of the list page that begins at ``start``: those first by hand, then the newest."""
    first = [row for row in chosen if row.is_by_hand]
    entries = first[start : start + PAGE_SIZE]
    if len(entries) == PAGE_SIZE:
        return entries
    begin, end = max(0, start - len(first)), start + PAGE_SIZE - len(first)
    placed = [row for row in chosen if not row.is_by_hand and row.parent_path != section.path]
    set_apart = [row.pk for row in first if row.parent_path == section.path]
    # However the placed ones are spread: what stands before this stretch, stands before the page.
    skipped = max(0, begin - len(placed))
    newest = _stretch(
        below.exclude(pk__in=set_apart) if set_apart else below, skipped, end, own - len(set_apart)
    )
    return entries + in_list_order(newest + placed)[begin - skipped : end - skipped]


def newest_directly_below(page: BasePage, limit: int = PAGE_SIZE) -> list[ListedPage]:
    """The first entries directly below a page that is no section. Three queries."""
    hidden = [path for path in private_paths() if path.startswith(page.path)]
    below = directly_below(page.path, hidden)
    first = [row for row in in_list_order(_rows(_by_hand_below(page, hidden))) if row.is_by_hand]
    first = first[:limit]
    rest = below.exclude(pk__in=[row.pk for row in first])
    return _shown(first + _stretch(rest, 0, limit - len(first)))


def _range_of(pages: Iterable[BasePage | FramePage]) -> Q:
    below = Q()
    for page in pages:
        below |= Q(path__range=BasePage._get_children_path_interval(page.path))
    return below


def newest_by_section(
    sections: Sequence[BasePage | FramePage], *, each: int, scan: int = 200, news: bool = False
) -> dict[int, list[ListedPage]]:
    """Up to ``each`` first entries of every section, from the first ``scan`` of them all. Three queries.

    A page stands once in each of the lists it belongs to. A section whose pages are all older than
    those shows none: it is linked by its name. ``news``: texts that are merely kept up are left out.
    """
    if not sections:
        return {}
    home_path = sections[0].path[:HOME_PATH_LENGTH]
    hidden = [path for path in private_paths() if path.startswith(home_path)]
    below = without(
        indexed_pages(_is_news if news else _is_listed).filter(_range_of(sections)), hidden
    )
    placed = _placed([section.pk for section in sections], hidden)
    chosen = _rows(_by_hand(below).union(placed, all=True))
    newest = _stretch(below, 0, scan)
    stands_in: dict[int, set[int]] = {}
    for row in chosen:
        if row.section is not None:
            stands_in.setdefault(row.pk, set()).add(row.section)
    found: dict[int, list[ListedPage]] = {}
    # What is placed by hand is found twice; the row that knows its place comes last and stays.
    for page in _shown(in_list_order([*newest, *chosen])[:scan]):
        nearest = next((s for s in sections if page.parent_path.startswith(s.path)), None)
        own = nearest.pk if nearest is not None else None
        for section in sections:
            if section.pk == own or section.pk in stands_in.get(page.pk, ()):
                entries = found.setdefault(section.pk, [])
                if len(entries) < each:
                    entries.append(page)
    return found


def newest_below(top: BasePage, limit: int) -> list[int]:
    """Ids of the newest public pages that some list at or below ``top`` names. Three queries."""
    inside = Q(path__range=BasePage._get_children_path_interval(top.path))
    hidden = private_paths()
    holders = dict(
        BasePage.objects.filter(
            inside | Q(pk=top.pk),
            tenant_id=top.tenant_id,
            content_type__in=page_types(_holds_others),
        )
        .order_by()
        .values_list("pk", "live")
    )
    if holders.keys() - {top.pk}:
        pages = without(indexed_pages(_is_listed).filter(inside), hidden)
    else:  # a section that holds no other has a stretch of the index for itself
        pages = directly_below(top.path, hidden)
    found = _stretch(pages.filter(published_at__isnull=False), 0, limit)
    placed = _placed([pk for pk, live in holders.items() if live], hidden)
    newest_placed = placed.filter(page__published_at__isnull=False).order_by(
        "-page__published_at", "-page"
    )
    rows = {row.pk: row for row in [*_rows(newest_placed[:limit]), *found]}
    newest = sorted(rows.values(), key=lambda row: row.newest, reverse=True)
    return [row.pk for row in newest[:limit]]


def _is_listed(model: type[BasePage]) -> bool:
    return model.is_listed


def _is_news(model: type[BasePage]) -> bool:
    return model.is_news


def _holds_others(model: type[BasePage]) -> bool:
    return issubclass(model, SectionPage | TopicalEventPage)
