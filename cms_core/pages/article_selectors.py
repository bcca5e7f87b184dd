"""Reads of what stands beside one article: its neighbours, what is related, its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, Subquery

from .models import ArticleAttachment, ArticlePage, ArticleRelation, BasePage
from .rules import keywords_of
from .selectors import (
    ListedPage,
    directly_below,
    is_public,
    listed_by_id,
    listed_rows,
    newest_first,
    private_paths,
)

#: Siblings among which related articles are looked for, and how many are shown.
_RELATED_SCAN = 40
RELATED_ENTRIES = 5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands beside an article: the newer and the older one, and what is related to it."""

    newer: ListedPage | None = None
    older: ListedPage | None = None
    related: tuple[ListedPage, ...] = ()


def surroundings(article: ArticlePage) -> Surroundings:
    """The newer and the older page of the same section, and what is related.

    Two queries for one of the newest of its section, four for others. Related is what the editor
    chose; where nothing was chosen, what shares most keywords among the newest of the section.
    """
    related = list(
        ArticleRelation.objects.filter(page=article).order_by().values_list("target", flat=True)
    )
    if article.published_at is None:
        return Surroundings(related=_newest_first(listed_by_id(related)))
    siblings = _siblings(article)
    rows = listed_rows(newest_first(siblings)[:_RELATED_SCAN], "articlepage__keywords")
    known = {page.pk: page for page, _keywords in rows}
    ids = list(known)
    is_as_read = article.pk in known and known[article.pk].published_at == article.published_at
    place = ids.index(article.pk) if is_as_read else None
    if place is not None and (place + 1 < len(ids) or len(ids) < _RELATED_SCAN):
        newer, older = (ids[place - 1] if place else None), next(iter(ids[place + 1 :]), None)
    else:
        newer, older = _neighbours(article, siblings)
    others_named = {pk for pk in (newer, older, *related) if pk is not None} - known.keys()
    known |= listed_by_id(others_named, private=True)
    chosen = _newest_first(
        {pk: known[pk] for pk in related if pk in known and is_public(known[pk])}
    )
    if not chosen:
        own = set(keywords_of(article.keywords))
        others = [
            (page, own & set(keywords_of(keywords or "")))
            for page, (keywords,) in rows
            if page.pk not in {article.pk, newer, older}
        ]
        others.sort(key=lambda pair: -len(pair[1]))  # stable: newest first among equals
        chosen = tuple(page for page, _shared in others[:RELATED_ENTRIES] if not page.is_expired)
    return Surroundings(known.get(newer or 0), known.get(older or 0), chosen)


def _newest_first(pages: Mapping[int, ListedPage]) -> tuple[ListedPage, ...]:
    oldest = datetime.min.replace(tzinfo=UTC)
    found = sorted(pages.values(), key=lambda page: (page.published_at or oldest, page.pk))
    return tuple(reversed(found))


def _siblings(article: ArticlePage) -> Any:
    """Published pages of the same section, this one too."""
    parent_path = article.path[: -BasePage.steplen]
    hidden = (p for p in private_paths() if p.startswith(parent_path) and p != parent_path)
    return directly_below(parent_path, hidden).filter(published_at__isnull=False)


def _neighbours(article: ArticlePage, siblings: Any) -> tuple[int | None, int | None]:
    """Ids of the next newer and the next older page. One query."""
    at, pk = article.published_at, article.pk
    # The second condition is where the database begins in its index; the first parts those of the
    # same moment.
    newer = siblings.filter(
        Q(published_at__gt=at) | Q(published_at=at, pk__gt=pk), published_at__gte=at
    )
    older = siblings.filter(
        Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk), published_at__lte=at
    )
    found = (
        BasePage.objects.filter(pk=pk)
        .order_by()
        .values_list(
            Subquery(newer.order_by("published_at", "pk").values("pk")[:1]),
            Subquery(newest_first(older).values("pk")[:1]),
        )
    )
    return next(iter(found), (None, None))


def attachments_of(article: ArticlePage) -> list[ArticleAttachment]:
    """Files at the foot of an article, with the file. One query."""
    return list(
        ArticleAttachment.objects.filter(page=article)
        .select_related("file")
        .order_by("sort_order", "pk")
    )
