"""Reads of staff accounts and their rights."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sites.tenancy.models import Tenant
from sites.tenancy.scope import current_tenant_id, system_scope

from .enums import PlatformRoleCode, RoleCode
from .models import BreakGlassSession, Membership, PlatformAssignment, User
from .rights import rights_of


def may_enter(*, user: Any, tenant: Tenant) -> bool:
    """Whether ``user`` may work in ``tenant`` now: a running membership or break-glass session.

    Asked inside the tenant's scope, on every request; what was read answers every later question of
    rights in that request.
    """
    return user.is_authenticated and bool(rights_of(user).roles)


def platform_role_of(user: Any) -> PlatformRoleCode | None:
    """The platform role of a user, or ``None``. One query."""
    if not user.is_authenticated or not user.is_active:
        return None
    with system_scope("the platform role of a user, asked for in any tenant or none"):
        role = (
            PlatformAssignment.objects.filter(user_id=user.pk)
            .values_list("role", flat=True)
            .first()
        )
    return PlatformRoleCode(role) if role else None


def tenants_of(user: Any) -> list[tuple[Tenant, list[RoleCode]]]:
    """The tenants in which ``user`` has a running membership, with the roles there, by name."""
    with system_scope("the tenants of one user, before one of them is chosen"):
        rows = list(
            Membership.objects.active()
            .filter(user_id=user.pk)
            .select_related("tenant")
            .order_by("tenant__name", "tenant_id", "role")
        )
    found: dict[int, tuple[Tenant, list[RoleCode]]] = {}
    for row in rows:
        found.setdefault(row.tenant_id, (row.tenant, []))[1].append(RoleCode(row.role))
    return list(found.values())


def running_break_glass_of(user: Any) -> list[BreakGlassSession]:
    """The user's own running break-glass sessions, newest first."""
    with system_scope("the running break-glass sessions of one user, in all tenants"):
        return list(
            BreakGlassSession.objects.active(timezone.now())
            .filter(user_id=user.pk)
            .select_related("tenant")
        )


def people_of_open_tenant() -> QuerySet[User]:
    """The people of the open tenant: its members, and the accounts it manages; members first.

    ``is_member``: whether they hold a membership here. An operator who looks in by break-glass is
    not among them.
    """
    user_model: Any = get_user_model()
    here = Membership.objects.filter(user_id=OuterRef("pk"))
    people: QuerySet[User] = (
        user_model.objects.annotate(is_member=Exists(here))
        .filter(Q(is_member=True) | Q(managed_by_id=current_tenant_id()))
        .order_by("-is_member", "display_name", "username", "pk")
    )
    return people


def colleagues_of(person: User) -> QuerySet[User]:
    """The other members of the open tenant."""
    members = Membership.objects.active().values("user_id")
    user_model: Any = get_user_model()
    colleagues: QuerySet[User] = (
        user_model.objects.filter(pk__in=members, is_active=True)
        .exclude(pk=person.pk)
        .order_by("display_name", "username", "pk")
    )
    return colleagues


def memberships_of(*, user: Any) -> QuerySet[Membership]:
    """The memberships of ``user`` in the open tenant, sections prefetched."""
    return Membership.objects.filter(user=user).prefetch_related("sections")
