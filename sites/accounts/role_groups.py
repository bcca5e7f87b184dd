"""The generated groups that mirror roles for Wagtail's own look-ups: review tasks, notices, privacy.

Nobody edits them, and no right is read from them (``sites.accounts.rights``). One group for each
tenant, role and set of sections; its name carries the tenant's code, because group names are unique
platform-wide. One tenant or a thousand are written by the same statements.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from swapper import load_model
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from sites.tenancy.models import OwnGroup, Tenant
from sites.tenancy.plain_rows import insert_plain_rows
from sites.tenancy.rules import ASIDE_SIGN, HOME_DEPTH
from sites.tenancy.scope import require_scope

from .enums import RoleCode
from .rights import collection_models
from .role_templates import ROLE_TEMPLATES, is_forbidden

#: Rows of one INSERT; SQLite takes 32,766 parameters in a statement.
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """One group to be. ``section_ids``: ``None`` for the whole tenant."""

    tenant_id: int
    tenant_code: str
    role: RoleCode
    section_ids: frozenset[int] | None = None

    @property
    def name(self) -> str:
        """Unique platform-wide, at most 150 characters."""
        name = f"{self.tenant_code}/{self.role.value}"
        if self.section_ids is None:
            return name
        listed = ",".join(str(pk) for pk in sorted(self.section_ids))
        return f"{name}/{hashlib.sha256(listed.encode()).hexdigest()[:16]}"


def plans_for(
    tenants: Iterable[Tenant], roles: Iterable[RoleCode] | None = None
) -> list[GroupPlan]:
    """The groups that a tenant has: one for each role (or for those of ``roles``), for the whole tenant."""
    wanted = list(ROLE_TEMPLATES) if roles is None else list(roles)
    return [GroupPlan(tenant.pk, tenant.code, role) for tenant in tenants for role in wanted]


def write_groups(plans: Sequence[GroupPlan]) -> dict[GroupPlan, int]:
    """Make or correct the groups of ``plans``: rights are added and removed until they match.

    The caller's scope sees the tenants: their own, or a system or opening scope. The number of
    statements does not depend on the number of plans, but for very many rows.

    :returns: the key of each plan's group.
    """
    names = {plan.name: plan for plan in plans}
    known = {
        names[name]: pk
        for name, pk in Group.objects.filter(name__in=names).values_list("name", "pk")
    }
    fresh = _make([plan for plan in names.values() if plan not in known])
    if known:
        OwnGroup.objects.bulk_create(
            [OwnGroup(target_id=pk, tenant_id=plan.tenant_id) for plan, pk in known.items()],
            _BATCH,
            ignore_conflicts=True,
        )
    groups = known | fresh
    permissions = _permission_ids()
    old = set(known.values())
    _match_model_permissions(groups, permissions, old)
    _match_page_permissions(groups, permissions, old)
    _match_collection_permissions(groups, permissions, old)
    return groups


def _make(plans: Sequence[GroupPlan]) -> dict[GroupPlan, int]:
    """New groups with their owners, which the guard notes itself in a tenant's own scope."""
    if not require_scope().all:
        groups = Group.objects.bulk_create([Group(name=plan.name) for plan in plans], _BATCH)
        return {plan: group.pk for plan, group in zip(plans, groups, strict=True)}
    keys = insert_plain_rows(Group, ("name",), [(plan.name,) for plan in plans])
    made = dict(zip(plans, keys, strict=True))
    insert_plain_rows(
        OwnGroup,
        ("target_id", "tenant_id"),
        [(pk, plan.tenant_id) for plan, pk in made.items()],
    )
    return made


def _permission_ids() -> dict[str, int]:
    """Every installed permission by ``app_label.codename``."""
    rows = Permission.objects.values_list("content_type__app_label", "codename", "pk")
    return {f"{app_label}.{codename}": pk for app_label, codename, pk in rows}


def _full_name(action: str, model: Any) -> str:
    return f"{model._meta.app_label}.{get_permission_codename(action, model._meta)}"


def _match(
    table: Any, wanted: Set[tuple[int, ...]], columns: tuple[str, ...], old: Set[int]
) -> None:
    """Make the rows of ``table`` equal ``wanted`` (values of ``columns``); groups not in ``old`` have none."""
    present: dict[tuple[int, ...], int] = {}
    surplus: list[int] = []
    rows = table.objects.filter(group_id__in=old).values_list("pk", *columns) if old else ()
    for pk, *values in rows:
        key = tuple(values)
        if key in wanted and key not in present:
            present[key] = pk
        else:
            surplus.append(pk)
    if surplus:
        table.objects.filter(pk__in=surplus).delete()
    missing = sorted(wanted - present.keys())
    if require_scope().all:
        insert_plain_rows(table, columns, missing)
        return
    table.objects.bulk_create(
        [table(**dict(zip(columns, values, strict=True))) for values in missing], _BATCH
    )


def _match_model_permissions(
    groups: Mapping[GroupPlan, int], permissions: dict[str, int], old: Set[int]
) -> None:
    rights = {
        role: [
            permissions[name]
            for name in ROLE_TEMPLATES[role].model_permissions
            if name in permissions and not is_forbidden(name)
        ]
        for role in {plan.role for plan in groups}
    }
    wanted = {(group, right) for plan, group in groups.items() for right in rights[plan.role]}
    _match(Group.permissions.through, wanted, ("group_id", "permission_id"), old)


def _match_page_permissions(
    groups: Mapping[GroupPlan, int], permissions: dict[str, int], old: Set[int]
) -> None:
    page_model = load_model("wagtailcore", "Page")
    tenant_ids = {plan.tenant_id for plan in groups}
    homes: dict[int, list[int]] = {}
    rows = page_model.objects.filter(tenant_id__in=tenant_ids, depth=HOME_DEPTH).exclude(
        slug__startswith=ASIDE_SIGN
    )
    for tenant_id, pk in rows.values_list("tenant_id", "pk"):
        homes.setdefault(tenant_id, []).append(pk)
    rights = {
        role: [
            permissions[_full_name(action, page_model)]
            for action in ROLE_TEMPLATES[role].page_actions
        ]
        for role in {plan.role for plan in groups}
    }
    wanted = set()
    for plan, group in groups.items():
        targets = homes.get(plan.tenant_id, []) if plan.section_ids is None else plan.section_ids
        wanted.update((group, page_id, right) for right in rights[plan.role] for page_id in targets)
    _match(GroupPagePermission, wanted, ("group_id", "page_id", "permission_id"), old)


def _match_collection_permissions(
    groups: Mapping[GroupPlan, int], permissions: dict[str, int], old: Set[int]
) -> None:
    models = collection_models()
    own: dict[int, list[int]] = {}
    rows = Collection.objects.filter(
        depth=HOME_DEPTH, tenant_ownership__tenant_id__in={plan.tenant_id for plan in groups}
    )
    for tenant_id, pk in rows.values_list("tenant_ownership__tenant_id", "pk"):
        own.setdefault(tenant_id, []).append(pk)
    rights = {
        role: [
            permissions[_full_name(action, models[kind])]
            for kind, actions in ROLE_TEMPLATES[role].collection_actions.items()
            for action in actions
        ]
        for role in {plan.role for plan in groups}
    }
    wanted = {
        (group, collection_id, right)
        for plan, group in groups.items()
        for right in rights[plan.role]
        for collection_id in own.get(plan.tenant_id, [])
    }
    _match(GroupCollectionPermission, wanted, ("group_id", "collection_id", "permission_id"), old)


def delete_unused_section_groups(*, tenant: Tenant) -> int:
    """Delete the tenant's section groups that no membership uses any more. Returns how many."""
    unused = Group.objects.filter(
        Q(name__startswith=f"{tenant.code}/"),
        memberships__isnull=True,
        tenant_ownership__tenant=tenant,
    ).exclude(name__in=[plan.name for plan in plans_for([tenant])])
    deleted, _by_model = unused.delete()
    return deleted
