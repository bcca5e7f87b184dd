"""Reads of what left the site: notices at old addresses, the recycle bin, what is scheduled."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
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


def plans(within: Q | None = None, *, limit: int | None = None) -> list[Plan]:
    """Plans of the open tenant, or of its pages ``within``, the next first. Two queries."""
    pages = BasePage.objects.filter(within or Q())
    its_page = pages.filter(pk=Cast(OuterRef("object_id"), BigIntegerField()))
    coming = (
        Revision.page_revisions.filter(Exists(its_page), approved_go_live_at__isnull=False)
        .order_by("approved_go_live_at", "pk")
        .values_list("object_id", "object_str", "approved_go_live_at")
    )[:limit]
    leaving = (
        pages.filter(live=True, expire_at__isnull=False)
        .order_by("expire_at", "pk")
        .values_list("pk", "title", "expire_at")
    )[:limit]
    found = [Plan(int(key), title, at, is_takedown=False) for key, title, at in coming]
    found += [Plan(key, title, at, is_takedown=True) for key, title, at in leaving if at]
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
