"""Reads of what left the site: notices at old addresses, the recycle bin, what is scheduled."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Revision

from sites.tenancy.scope import system_scope

from .models import BasePage, RecycledPage, Tombstone
from .withdrawal_rules import address_below_site


def tombstone_at(path: str) -> Tombstone | None:
    """The notice that stands at a path of the open tenant's site. One query; asked on a miss only."""
    return (
        Tombstone.objects.in_force()
        .filter(url_path=address_below_site(path))
        .select_related("replaced_by")
        .first()
    )


def has_redirect(request: HttpRequest, path: str) -> bool:
    """Whether somebody sends this path elsewhere: that is said later than the notice, and is followed."""
    found = get_redirect(request, Redirect.normalise_path(path, decode_unicode=False))
    return found is not None and found.link is not None


def tenants_with_due_purges(today: date) -> list[int]:
    """Ids of tenants whose recycle bin holds something past its last day. One query."""
    with system_scope("which tenants have deleted pages whose time is over"):
        found = RecycledPage.objects.filter(purge_on__lt=today).order_by("tenant_id")
        return list(found.values_list("tenant_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class Plan:
    """One page that goes online or offline by itself. ``title``: as it will be then."""

    page_id: int
    title: str
    at: datetime
    is_takedown: bool


def _scheduled() -> list[Plan]:
    """Every page of the open tenant that goes live by itself. One query.

    By the index of the times alone: the type, which all pages share, would lead SQLite through every
    revision, so it is compared here.
    """
    rows = (
        Revision.objects.filter(approved_go_live_at__gt=datetime.min.replace(tzinfo=UTC))
        .order_by("approved_go_live_at", "pk")
        .values_list("object_id", "object_str", "approved_go_live_at", "base_content_type_id")
    )
    pages = ContentType.objects.get_for_model(BasePage).pk
    return [
        Plan(int(key), title, at, is_takedown=False)
        for key, title, at, type_id in rows
        if type_id == pages
    ]


def plans(within: Q | None = None, *, limit: int | None = None) -> list[Plan]:
    """Plans of the open tenant, or of its pages ``within``, the next first. Three queries at most."""
    pages = BasePage.objects.filter(within or Q())
    scheduled = _scheduled()
    keys = [plan.page_id for plan in scheduled]
    reached = (
        set(pages.filter(pk__in=keys).order_by().values_list("pk", flat=True)) if keys else set()
    )
    coming = [plan for plan in scheduled if plan.page_id in reached][:limit]
    leaving = (
        pages.filter(live=True, expire_at__isnull=False)
        .order_by("expire_at", "pk")
        .values_list("pk", "title", "expire_at")
    )[:limit]
    found = coming + [Plan(key, title, at, is_takedown=True) for key, title, at in leaving if at]
    return sorted(found, key=lambda plan: (plan.at, plan.page_id))[:limit]


def recycled_pages() -> QuerySet[RecycledPage]:
    """What stands in the open tenant's bin, the newest first."""
    return RecycledPage.objects.select_related("deleted_by", "page__content_type").order_by(
        "-deleted_at", "-pk"
    )


def standing_notices() -> QuerySet[Tombstone]:
    """The notices in force, the newest first."""
    return (
        Tombstone.objects.in_force()
        .select_related("page", "replaced_by", "withdrawn_by")
        .order_by("-withdrawn_at", "-pk")
    )
