"""Reads of what left the site: notices at old addresses, the recycle bin, what is scheduled."""

from django.http import HttpRequest
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from .models import Tombstone
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
