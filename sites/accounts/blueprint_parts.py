"""Roles in blueprints: ``[site_roles]`` with ``codes``, those that a site begins with.

A role that is not among them can be given all the same; its group is made then. Codes of roles that no
room offers yet are passed over.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from sites.registry.blueprint_parts import (
    BlueprintPart,
    Change,
    LiveSite,
    register_blueprint_part,
)
from sites.tenancy.scope import opening_scope

from .enums import RoleCode
from .role_groups import GroupPlan
from .rules import roles_named
from .services import provision_roles


def check(declared: Any) -> Sequence[str]:
    codes = declared.get("codes") if isinstance(declared, dict) else None
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        return ["[site_roles] holds codes, a list of texts"]
    return []


def _standing(site: LiveSite) -> list[RoleCode]:
    names = {GroupPlan(site.tenant.pk, site.tenant.code, role).name: role for role in RoleCode}
    there = set(Group.objects.filter(name__in=names).values_list("name", flat=True))
    return [role for name, role in names.items() if name in there]


def _missing(site: LiveSite, declared: Any) -> list[RoleCode]:
    there = _standing(site)
    return [role for role in roles_named(declared["codes"]) if role not in there]


def export(site: LiveSite) -> Any:
    return {"codes": [role.value for role in _standing(site)]}


def changes(site: LiveSite, declared: Any) -> Sequence[Change]:
    return [
        Change("site_roles", _("role “%(role)s” is prepared") % {"role": role.label})
        for role in _missing(site, declared)
    ]


def apply(site: LiveSite, declared: Any, actor: Any) -> None:
    missing = _missing(site, declared)
    if missing:
        with opening_scope(site.tenant, "the roles of a blueprint"):
            provision_roles(actor=actor, tenant=site.tenant, roles=missing)


register_blueprint_part("site_roles", BlueprintPart(check, export, changes, apply))
