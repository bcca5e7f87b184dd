"""Reads of what stands beside one article: its neighbours, what is related, its files."""

from dataclasses import dataclass

from django.db.models import Q, Subquery

from .models import ArticleAttachment, ArticlePage, ArticleRelation, BasePage
from .rules import keywords_of
from .selectors import (
    ListedPage,
    listed_pages,
    listed_rows,
    listed_values,
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
    """The newer and the older page of the same section, and what is related. Two queries.

    Related is what the editor chose; where nothing was chosen, what shares most keywords among the
    newest of the section.
    """
    chosen = [
        page
        for page in listed_values(
            BasePage.objects.filter(
                pk__in=ArticleRelation.objects.filter(page=article).order_by().values("target"),
                live=True,
            ).order_by("-published_at", "-pk")
        )
        if not page.parent_path.startswith(private_paths() or ("-",))
    ]
    if article.published_at is None:
        return Surroundings(related=tuple(chosen))
    siblings = listed_pages(article.path[: -BasePage.steplen]).filter(
        depth=article.depth, published_at__isnull=False
    )
    at, pk = article.published_at, article.pk
    newer = siblings.filter(Q(published_at__gt=at) | Q(published_at=at, pk__gt=pk))
    older = siblings.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk))
    # Both neighbours and the newest of the section come in one query, and are parted below.
    rows = listed_rows(
        newest_first(
            BasePage.objects.filter(
                Q(pk__in=Subquery(newer.order_by("published_at", "pk").values("pk")[:1]))
                | Q(pk__in=Subquery(newest_first(older).values("pk")[:1]))
                | Q(pk__in=Subquery(newest_first(siblings).values("pk")[:_RELATED_SCAN]))
            )
        ),
        "articlepage__keywords",
    )
    position = (at, pk)
    before = [p for p, _kw in rows if p.published_at and (p.published_at, p.pk) > position]
    after = [p for p, _kw in rows if p.published_at and (p.published_at, p.pk) < position]
    newer_page = before[-1] if before else None
    older_page = after[0] if after else None
    if not chosen:
        own = set(keywords_of(article.keywords))
        beside = {article.pk} | {p.pk for p in (newer_page, older_page) if p is not None}
        others = [(page, own & set(keywords_of(kw or ""))) for page, (kw,) in rows]
        others = [(page, shared) for page, shared in others if page.pk not in beside]
        others.sort(key=lambda pair: -len(pair[1]))  # stable: newest first among equals
        chosen = [page for page, _shared in others[:RELATED_ENTRIES] if not page.is_expired]
    return Surroundings(newer_page, older_page, tuple(chosen))


def attachments_of(article: ArticlePage) -> list[ArticleAttachment]:
    """Files at the foot of an article, with the file. One query."""
    return list(
        ArticleAttachment.objects.filter(page=article)
        .select_related("file")
        .order_by("sort_order", "pk")
    )
