"""Who may change whose rights. Three platform roles are kept apart (三员分立), tenants from each other."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from swapper import load_model

from sites.tenancy.models import Tenant
from sites.tenancy.rules import ASIDE_SIGN, HOME_DEPTH
from sites.tenancy.scope import current_scope, current_tenant_id

from .enums import PlatformRoleCode, RoleCode
from .models import User
from .rights import rights_of
from .role_templates import ROLE_TEMPLATES
from .rules import covers
from .selectors import platform_role_of


def acts_for_the_platform(actor: Any) -> bool:
    """Whether the call comes from the platform itself, or from its security administrator.

    ``actor`` is ``None`` in commands and in the opening of a site; it counts only where a system or
    opening scope says so too.
    """
    if actor is None:
        scope = current_scope()
        return scope is not None and scope.all
    return platform_role_of(actor) == PlatformRoleCode.SECURITY_ADMINISTRATOR


def require_platform_role(actor: Any, role: PlatformRoleCode) -> None:
    """:raises PermissionDenied: ``actor`` does not hold ``role``."""
    if acts_for_the_platform(None) and actor is None:
        return
    if actor is None or platform_role_of(actor) != role:
        raise PermissionDenied(_("Only the role “%(role)s” does this.") % {"role": role.label})


def may_manage_people(user: Any) -> bool:
    """Whether ``user`` manages the people of the open tenant."""
    return user.has_perm("sites_accounts.change_user")


def grantable_roles(user: Any) -> frozenset[RoleCode]:
    """The roles that ``user`` may give to others in the open tenant: never more than they hold."""
    return rights_of(user).may_grant


def require_may_grant(actor: Any, *, role: RoleCode, section_paths: Collection[str] | None) -> None:
    """Whether ``actor`` may give ``role`` on these sections (tree paths; ``None``: everywhere).

    :raises PermissionDenied: they hold less than they would give.
    """
    if acts_for_the_platform(actor):
        return
    if actor is None or role not in grantable_roles(actor):
        raise PermissionDenied(_("You cannot give the role “%(role)s”.") % {"role": role.label})
    wanted = set(ROLE_TEMPLATES[role].page_actions)
    reached: dict[str, list[str]] = {}
    for grant in rights_of(actor).pages:
        action = grant.permission.codename.rpartition("_")[0]
        reached.setdefault(action, []).append(grant.page.path)
    everywhere = _home_paths()
    for action in wanted:
        own = reached.get(action, [])
        if not covers(own, section_paths if section_paths is not None else everywhere):
            raise PermissionDenied(_("You cannot give more sections than you have yourself."))


def _home_paths() -> list[str]:
    pages = load_model("wagtailcore", "Page").objects
    return list(
        pages.filter(tenant_id=current_tenant_id(), depth=HOME_DEPTH)
        .exclude(slug__startswith=ASIDE_SIGN)
        .values_list("path", flat=True)
    )


def may_edit_account(*, tenant: Tenant, user: User) -> bool:
    """Whether ``tenant`` may change the account itself: one that others use is the platform's to change."""
    return user.managed_by_id == tenant.pk


def require_may_edit_account(actor: Any, *, tenant: Tenant, user: User) -> None:
    """:raises PermissionDenied: the account is shared, or the actor does not manage people here."""
    if acts_for_the_platform(actor):
        return
    if actor is None or not may_manage_people(actor):
        raise PermissionDenied(_("You do not manage the people of this site."))
    if not may_edit_account(tenant=tenant, user=user):
        raise PermissionDenied(
            _("This account is also used elsewhere. Ask the platform to change it.")
        )
