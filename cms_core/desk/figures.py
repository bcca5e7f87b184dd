"""Counts of what was published (发稿统计): by person, unit or section inside a site, by site for all.

Inside a site the guard leaves nothing but its own rows. The office that looks after all sites reads the
published resources, which everybody may read, and no working rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Left, Length
from django.utils import timezone
from wagtail.models import PageLogEntry

from cms_core.pages.models import ArticlePage, BasePage, SectionPage, Tombstone
from cms_core.resources.enums import ResourceKind
from cms_core.resources.models import PublishedResource
from sites.accounts.models import User
from sites.tenancy.models import Organization, Tenant

from .enums import Grouping

#: A second publishing within this time belongs to the first: a slip of the hand, corrected at once.
SAME_PUBLISHING = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included."""

    first: date
    last: date

    def bounds(self) -> tuple[datetime, datetime]:
        """Its first moment, and the first one after it."""
        zone = timezone.get_current_timezone()
        start = datetime.combine(self.first, time.min, tzinfo=zone)
        return start, datetime.combine(self.last + timedelta(days=1), time.min, tzinfo=zone)


@dataclass(slots=True)
class FigureRow:
    """One line: what was published, corrected and withdrawn. ``name`` empty: written down nowhere."""

    key: Any
    name: str = ""
    published: int = 0
    corrected: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is counted: a period, a grouping, perhaps one section (with all below it) or one person."""

    period: Period
    by: Grouping
    section_path: str = ""
    person_id: int | None = None


def figures(wanted: Wanted) -> list[FigureRow]:
    """The lines of the open site, most published first. Three queries, and one for the names."""
    found: dict[Any, FigureRow] = {}
    for column, rows in (
        ("published", _published(wanted)),
        ("corrected", _corrected(wanted)),
        ("withdrawn", _withdrawn(wanted)),
    ):
        for key, number in rows:
            setattr(found.setdefault(key, FigureRow(key)), column, number)
    names = _names(wanted.by, [key for key in found if key])
    for key, row in found.items():
        row.name = names.get(key, "")
    return sorted(
        found.values(), key=lambda row: (-row.published, -row.corrected, row.name, str(row.key))
    )


def _grouped(queryset: Any, wanted: Wanted, page: str, count: Any) -> list[tuple[Any, int]]:
    """``queryset`` within ``wanted``, counted by its grouping. ``page``: prefix of the page's columns."""
    if wanted.section_path:
        path = f"{page}path__range"
        interval = BasePage._get_children_path_interval(wanted.section_path)
        queryset = queryset.filter(**{path: interval})
    if wanted.person_id is not None:
        queryset = queryset.filter(**{f"{page}owner_id": wanted.person_id})
    key: Any = {
        Grouping.PERSON: F(f"{page}owner_id"),
        Grouping.UNIT: F(f"{page}owner__organization_id"),
        Grouping.SECTION: Left(f"{page}path", Length(f"{page}path") - BasePage.steplen),
    }[wanted.by]
    rows = queryset.order_by().annotate(group_key=key).values_list("group_key")
    return list(rows.annotate(number=count))


def _published(wanted: Wanted) -> list[tuple[Any, int]]:
    start, end = wanted.period.bounds()
    # A draft may name its publish time; what was withdrawn since was published all the same.
    articles = ArticlePage.objects.filter(
        published_at__gte=start, published_at__lt=end, first_published_at__isnull=False
    )
    return _grouped(articles, wanted, "", Count("pk"))


def _corrected(wanted: Wanted) -> list[tuple[Any, int]]:
    start, end = wanted.period.bounds()
    entries = PageLogEntry.objects.filter(
        action="wagtail.publish",
        timestamp__gte=start,
        timestamp__lt=end,
        page__first_published_at__lt=F("timestamp") - SAME_PUBLISHING,
        page__articlepage__isnull=False,
    )
    return _grouped(entries, wanted, "page__", Count("page_id", distinct=True))


def _withdrawn(wanted: Wanted) -> list[tuple[Any, int]]:
    start, end = wanted.period.bounds()
    stones = Tombstone.objects.filter(withdrawn_at__gte=start, withdrawn_at__lt=end)
    return _grouped(stones, wanted, "page__", Count("pk"))


def _names(by: Grouping, keys: Iterable[Any]) -> dict[Any, str]:
    if by == Grouping.PERSON:
        people = User.objects.filter(pk__in=list(keys)).values_list(
            "pk", "display_name", "username"
        )
        return {pk: name or username for pk, name, username in people}
    if by == Grouping.UNIT:
        bodies = Organization.objects.filter(pk__in=list(keys)).values_list("pk", "name")
        return dict(bodies)
    return dict(BasePage.objects.filter(path__in=list(keys)).values_list("path", "title"))


@dataclass(frozen=True, slots=True)
class SiteFigures:
    """What one site has published in a period and still shows, and when it last did."""

    tenant: Tenant
    published: int
    newest: datetime | None


def figures_of_sites(period: Period) -> list[SiteFigures]:
    """All open sites, most published first, from published resources alone. Two queries."""
    start, end = period.bounds()
    rows = (
        PublishedResource.objects.current()
        .filter(kind__in=ResourceKind.values, published_at__lt=end)
        .order_by()
        .values_list("tenant_id")
        .annotate(number=Count("pk", filter=Q(published_at__gte=start)), newest=Max("published_at"))
    )
    counted = {tenant_id: (number, newest) for tenant_id, number, newest in rows}
    found = [
        SiteFigures(tenant, *counted.get(tenant.pk, (0, None)))
        for tenant in Tenant.objects.served().order_by("name", "pk")
    ]
    return sorted(found, key=lambda line: -line.published)


def sections_to_choose() -> list[tuple[str, str]]:
    """(tree path, title) of the sections of the open site, in the order of the tree."""
    return list(
        SectionPage.objects.filter(live=True).order_by("path", "pk").values_list("path", "title")
    )
