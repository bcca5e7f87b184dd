"""Reads of what left the site: notices at old addresses, the recycle bin, what is scheduled."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
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

    page: BasePage
    title: str
    at: datetime
    is_takedown: bool


def plans() -> list[Plan]:
    """All plans of the open tenant, the next first. Two queries."""
    revisions = list(
        Revision.page_revisions.filter(approved_go_live_at__isnull=False).order_by(
            "approved_go_live_at", "pk"
        )
    )
    pages = {
        str(page.pk): page
        for page in BasePage.objects.filter(pk__in=[row.object_id for row in revisions])
    }
    found = [
        Plan(pages[row.object_id], row.object_str, row.approved_go_live_at, False)
        for row in revisions
        if row.object_id in pages
    ]
    leaving = BasePage.objects.filter(live=True, expire_at__isnull=False).order_by("pk")
    found += [Plan(page, page.title, page.expire_at, True) for page in leaving]
    return sorted(found, key=lambda plan: (plan.at, plan.page.pk))


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
