"""Reads of changes of many pages."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from .enums import BulkItemState
from .models import BulkChange

#: Days for which a finished change stands at the desk of the person who asked for it.
SHOWN_DAYS = 7


@dataclass(frozen=True, slots=True)
class Counts:
    """Pages of a change by what became of them."""

    total: int
    done: int
    refused: int

    @property
    def over(self) -> int:
        """Pages that were reached."""
        return self.done + self.refused

    @property
    def percent(self) -> int:
        return self.over * 100 // self.total if self.total else 100


def counts_of(change: BulkChange) -> Counts:
    """One query."""
    found = change.items.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=BulkItemState.DONE)),
        refused=Count("pk", filter=Q(state=BulkItemState.REFUSED)),
    )
    return Counts(**found)


def changes_of(user: Any) -> QuerySet[BulkChange]:
    """Changes that ``user`` asked for on the open site: open ones, and those finished a while ago."""
    since = timezone.now() - timedelta(days=SHOWN_DAYS)
    return BulkChange.objects.filter(
        Q(finished_at=None) | Q(finished_at__gt=since), started_by_id=user.pk
    ).order_by("-started_at", "-pk")


def changes_with_counts(user: Any, *, limit: int) -> list[tuple[BulkChange, Counts]]:
    """The newest of them with their counts. One query."""
    rows = changes_of(user).annotate(
        total=Count("items"),
        done=Count("items", filter=Q(items__state=BulkItemState.DONE)),
        refused=Count("items", filter=Q(items__state=BulkItemState.REFUSED)),
    )[:limit]
    return [(row, Counts(row.total, row.done, row.refused)) for row in rows]
