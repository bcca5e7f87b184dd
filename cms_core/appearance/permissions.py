"""Who may change the look of a site and announce something on it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

CHANGE_LOOK = "cms_core_appearance.change_lookversion"
ANNOUNCE = "cms_core_appearance.add_sitenotice"


def may_change_look(user: Any) -> bool:
    """Whether ``user`` changes the look of the open tenant."""
    return bool(user.has_perm(CHANGE_LOOK))


def may_announce(user: Any) -> bool:
    """Whether ``user`` is one of the two who switch mourning and the bar of the open tenant."""
    return bool(user.has_perm(ANNOUNCE))


def require_may_change_look(actor: Any) -> None:
    """:raises PermissionDenied: ``actor`` does not change the look of this site."""
    if actor is None or not may_change_look(actor):
        raise PermissionDenied(_("You do not change the look of this site."))


def require_may_announce(actor: Any) -> None:
    """:raises PermissionDenied: ``actor`` announces nothing on this site."""
    if actor is None or not may_announce(actor):
        raise PermissionDenied(_("You do not switch notices on this site."))
