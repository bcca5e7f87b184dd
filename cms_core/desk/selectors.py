"""Reads of the opening screen. Each function is one query, or as many as it says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import (
    CharField,
    Count,
    Exists,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Left, Length
from django.utils import timezone
from wagtail.models import Revision, WorkflowState

from cms_core.pages.bulk_selectors import changes_of
from cms_core.pages.edit_locks import unseen_of
from cms_core.pages.lifecycle_selectors import Plan, plans
from cms_core.pages.models import ArticlePage, BasePage, SectionPage
from sites.accounts.models import Membership
from sites.accounts.rights import rights_of
from sites.accounts.role_templates import ROLE_TEMPLATES

from .rules import SectionState, keepers_of, newest_below

#: Lines of each short list of the desk.
LINES = 8
#: Seconds for which the newest time of each section is remembered: the answer reads every article.
NEWEST_SECONDS = 60
#: Rights of somebody who keeps a section: whoever may write there.
_WRITES = frozenset({"add_basepage", "change_basepage", "publish_basepage"})


@dataclass(frozen=True, slots=True)
class Section:
    """A live section (栏目) as the desk needs it."""

    pk: int
    title: str
    path: str
    interval_days: int | None
    column_type: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that somebody works on.

    ``is_live``: an earlier state of it is public. ``review``: Wagtail's status of the review that is not
    finished; ``""`` without one.
    """

    pk: int
    title: str
    path: str
    is_live: bool
    changed_at: datetime | None
    review: str = ""

    @property
    def is_in_review(self) -> bool:
        return self.review == WorkflowState.STATUS_IN_PROGRESS

    @property
    def is_returned(self) -> bool:
        return self.review == WorkflowState.STATUS_NEEDS_CHANGES


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """Published since the first of the month, by oneself and by the whole site.

    ``lost_a_lock``: somebody took an editing lock of theirs away, and they have not read it yet.
    ``changed_many``: a change of many pages that they ordered runs, or ended lately.
    """

    mine: int
    all: int
    lost_a_lock: bool = False
    changed_many: bool = False


def reach_of(user: Any) -> tuple[str, ...]:
    """Tree paths below which ``user`` writes or publishes. No query beyond the request's rights."""
    paths = {
        grant.page.path for grant in rights_of(user).pages if grant.permission.codename in _WRITES
    }
    return tuple(sorted(paths))


def _within(paths: Sequence[str]) -> Q:
    found = Q(pk__in=[])
    for path in paths:
        found |= Q(path=path) | Q(path__range=BasePage._get_children_path_interval(path))
    return found


def sections_in(reach: Sequence[str]) -> list[Section]:
    """The live sections within ``reach``, in the order of the tree."""
    rows = (
        SectionPage.objects.filter(_within(reach), live=True)
        # By the index of types: a path below the home fits every article too.
        .filter(content_type=ContentType.objects.get_for_model(SectionPage))
        .order_by("path", "pk")
        .values_list(
            "pk",
            "title",
            "path",
            "update_interval_days",
            "column_type",
            "first_published_at",
            "latest_revision_created_at",
        )
    )
    now = timezone.now()
    return [
        Section(pk, title, path, days, label, first or changed or now)
        for pk, title, path, days, label, first, changed in rows
    ]


def newest_times() -> dict[str, datetime]:
    """Tree path → time of the newest live article below it, for the whole site; remembered for a while."""
    found: dict[str, datetime] | None = cache.get("desk_newest_times")
    if found is None:
        step = BasePage.steplen
        rows = (
            ArticlePage.objects.filter(live=True, published_at__lte=timezone.now())
            .order_by()
            .annotate(parent_path=Left("path", Length("path") - step))
            .values_list("parent_path")
            .annotate(newest=Max("published_at"))
        )
        found = newest_below(dict(rows), step)
        cache.set("desk_newest_times", found, NEWEST_SECONDS)
    return found


@dataclass(frozen=True, slots=True)
class Keepers:
    """Who writes where: (name, path of a section of theirs), and those who write everywhere."""

    limited: tuple[tuple[str, str], ...]
    everywhere: tuple[str, ...]

    def of(self, path: str) -> tuple[str, ...]:
        return keepers_of(path, self.limited, self.everywhere)


def keepers() -> Keepers:
    """The people who write in the open site, those for the whole of it after those for sections."""
    roles = [code for code, template in ROLE_TEMPLATES.items() if "add" in template.page_actions]
    rows = (
        Membership.objects.active()
        .filter(role__in=roles, user__is_active=True)
        .order_by("user__display_name", "user_id", "pk")
        .values_list("user__display_name", "user__username", "is_limited", "sections__path")
    )
    limited, everywhere = [], []
    for display_name, username, is_limited, path in rows:
        name = display_name or username
        if not is_limited:
            everywhere.append(name)
        elif path:
            limited.append((name, path))
    return Keepers(tuple(limited), tuple(everywhere))


def promises(sections: Sequence[Section], who: Keepers) -> list[SectionState]:
    """The sections that promise something, with their newest article (or their own beginning)."""
    newest = newest_times()
    return [
        SectionState(
            pk=section.pk,
            title=section.title,
            path=section.path,
            interval_days=section.interval_days,
            newest_on=timezone.localdate(newest.get(section.path, section.since)),
            keepers=who.of(section.path),
        )
        for section in sections
        if section.interval_days
    ]


def own_drafts(user: Any) -> list[Draft]:
    """What ``user`` wrote or last changed and what is not public yet, newest first."""
    last_changed = Revision.objects.filter(pk=OuterRef("latest_revision_id"), user_id=user.pk)
    review = WorkflowState.objects.active().filter(
        base_content_type=ContentType.objects.get_for_model(BasePage),
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    rows = (
        BasePage.objects.filter(Q(owner_id=user.pk) | Exists(last_changed))
        .filter(has_unpublished_changes=True, depth__gt=1)
        .order_by("-latest_revision_created_at", "-pk")
        .values_list(
            "pk",
            "draft_title",
            "title",
            "path",
            "live",
            "latest_revision_created_at",
            Subquery(review.order_by("-pk").values("status")[:1]),
        )
    )[:LINES]
    return [
        Draft(pk, draft or title, path, live, at, status or "")
        for pk, draft, title, path, live, at, status in rows
    ]


def planned(reach: Sequence[str]) -> list[Plan]:
    """What goes live or offline next within ``reach``. Two queries."""
    return plans(_within(reach), limit=LINES)


def month_figures(user: Any) -> MonthFigures:
    """What was published since the first of this month and still is public."""
    now = timezone.localtime()
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    published = ArticlePage.objects.filter(live=True, published_at__range=(first, now))
    # From one's own row, which is always there: four questions in one query.
    mine, everybody, lost_a_lock, changed_many = (
        get_user_model()
        .objects.filter(pk=user.pk)
        .values_list(
            _number_of(published.filter(owner_id=user.pk)),
            _number_of(published),
            Exists(unseen_of(user).order_by()),
            Exists(changes_of(user).order_by()),
        )
        .get()
    )
    return MonthFigures(
        mine=mine or 0,
        all=everybody or 0,
        lost_a_lock=lost_a_lock,
        changed_many=changed_many,
    )


def _number_of(rows: QuerySet[ArticlePage]) -> Subquery:
    """The number of ``rows`` as a part of another query."""
    counted = rows.order_by().annotate(one=Value(1)).values("one").annotate(number=Count("pk"))
    return Subquery(counted.values("number"), output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class WithoutSource:
    """Live articles without a source (来源), newest first."""

    pk: int
    title: str


def without_source(reach: Sequence[str], *, days: int = 90) -> list[WithoutSource]:
    """Articles of the last ``days`` days within ``reach`` that name no source; at most :data:`LINES`."""
    since = timezone.now() - timedelta(days=days)
    rows = (
        ArticlePage.objects.filter(_within(reach), live=True, source_name="")
        .filter(published_at__gte=since)
        .order_by("-published_at", "-pk")
        .values_list("pk", "title")
    )[:LINES]
    return [WithoutSource(*row) for row in rows]
