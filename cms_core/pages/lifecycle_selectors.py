"""Reads of what left the site: notices at old addresses, the recycle bin, what is scheduled."""

from datetime import date

from django.http import HttpRequest
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from sites.tenancy.scope import system_scope

from .models import RecycledPage, Tombstone
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
