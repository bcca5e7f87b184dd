"""Guests of the practice site: everybody with a running role in a real site, by an act of their own.

A guest holds memberships like everybody else, so each of them is a row with an event in the trail. The
roles count only while a real one runs (``sites.accounts.rights``): who leaves their site is out of here in
the same moment.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from sites.audit.services import record_event
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, system_scope

from .enums import RoleCode
from .events import AccountEvent
from .models import Membership, User
from .selectors import platform_role_of
from .services import grant_membership

#: What there is to practise: writing, and all three reviews. Nobody runs the practice site: people,
#: look and lists of it are nobody's to change, so that each morning is like the other.
GUEST_ROLES = (
    RoleCode.EDITOR,
    RoleCode.FIRST_REVIEWER,
    RoleCode.SECOND_REVIEWER,
    RoleCode.FINAL_REVIEWER,
)


def working_in_a_site(user_ids: Iterable[int]) -> set[int]:
    """Those of ``user_ids`` who hold a running role in a site that is no practice site. One query."""
    with system_scope("practice site: does a guest still work in a real site"):
        return set(
            Membership.objects.active()
            .filter(user_id__in=list(user_ids), user__is_active=True, tenant__is_practice=False)
            .values_list("user_id", flat=True)
        )


def works_in_a_site(user: Any) -> bool:
    """Whether ``user`` holds a running role in a site that is no practice site."""
    return user.pk in working_in_a_site([user.pk])


@transaction.atomic
def join_practice(*, user: User, tenant: Tenant) -> int:
    """Give ``user`` the roles of a guest. Repeating it changes nothing. Returns how many were given.

    :raises PermissionDenied: not the practice site; holders of a platform role, who enter by
        break-glass; somebody without a running role in a real site.
    """
    if not tenant.is_practice or platform_role_of(user) is not None or not works_in_a_site(user):
        raise PermissionDenied(_("The practice site is for people who work in a site."))
    with opening_scope(tenant, "practice site: a guest comes in"):
        held = set(
            Membership.objects.active()
            .filter(user=user, tenant=tenant)
            .values_list("role", flat=True)
        )
        missing = [role for role in GUEST_ROLES if role not in held]
        for role in missing:
            grant_membership(actor=None, user=user, tenant=tenant, role=role)
        if missing:
            record_event(kind=AccountEvent.PRACTICE_JOINED, subject=user, actor=user, data={})
    return len(missing)
