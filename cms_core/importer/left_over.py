"""What a merge left for people of a site: the numbers, and whose work it is. Inside the tenant's scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, IntegerField, Q, QuerySet, Subquery, Value

from cms_core.pages.lifecycle_rights import paths_to_change
from cms_core.pages.models import BasePage

from .enums import PERSONAL_REASONS, CheckReason, MissingState
from .models import DeadLink, MissingAttachment, TextToCheck

#: A draft that was never public here.
HELD = Q(page__live=False, page__first_published_at=None)
#: What anybody can read now.
PUBLIC = Q(page__live=True, reason__in=PERSONAL_REASONS)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Missing files, held drafts, public articles with personal data, links that lead nowhere.

    ``identity``: how many of the public ones show an identity number.
    """

    missing: int = 0
    held: int = 0
    personal: int = 0
    identity: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """How many were settled at once, and which pages were left, with the reason."""

    done: int = 0
    left: tuple[tuple[str, str], ...] = ()


def within(paths: Sequence[str], prefix: str = "page__") -> Q:
    """The rows whose page lies at or below one of ``paths``; none where there is no path."""
    found = Q(pk__in=[])
    for path in paths:
        below = BasePage._get_children_path_interval(path)
        found |= Q(**{f"{prefix}path": path}) | Q(**{f"{prefix}path__range": below})
    return found


def missing_of(paths: Sequence[str]) -> QuerySet[MissingAttachment]:
    """Files that nobody has settled yet."""
    return MissingAttachment.objects.filter(within(paths), state=MissingState.OPEN)


def dead_links_of(paths: Sequence[str]) -> QuerySet[DeadLink]:
    """Links that lead nowhere."""
    return DeadLink.objects.filter(within(paths))


def texts_of(paths: Sequence[str]) -> QuerySet[TextToCheck]:
    """Reasons to look at a text that nobody has settled yet."""
    return TextToCheck.objects.filter(within(paths), settled_at=None)


def left_over(user: Any) -> LeftOver:
    """The numbers for ``user``: what lies on pages that they may change. One query."""
    paths = paths_to_change(user)
    if not paths:
        return LeftOver()
    public = texts_of(paths).filter(PUBLIC)
    numbers = (
        # From one's own row, which is always there.
        get_user_model()
        .objects.filter(pk=user.pk)
        .values_list(
            _number_of(missing_of(paths), "pk"),
            _number_of(texts_of(paths).filter(HELD), "page_id"),
            _number_of(public, "page_id"),
            _number_of(public.filter(reason=CheckReason.IDENTITY), "page_id"),
            _number_of(dead_links_of(paths), "pk"),
        )
        .get()
    )
    return LeftOver(*(number or 0 for number in numbers))


def _number_of(rows: QuerySet[Any], what: str) -> Subquery:
    counted = rows.order_by().annotate(one=Value(1)).values("one")
    return Subquery(
        counted.annotate(number=Count(what, distinct=True)).values("number"),
        output_field=IntegerField(),
    )
