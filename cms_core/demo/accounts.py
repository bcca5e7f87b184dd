"""Sign-ins of the sample city. They exist only there."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import transaction

from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.accounts.passwords import change_password
from sites.accounts.platform_services import make_platform_account
from sites.accounts.services import grant_membership, make_account
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, system_scope

from .passwords import password_of


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """One sign-in to print. ``place``: the tenant's code, or ``""`` for the platform."""

    username: str
    password: str
    role: str
    place: str


StaffRow = tuple[str, str, str, RoleCode]
# Two administrators and two operators: mourning and the emergency bar are switched by two persons.
_STAFF: tuple[StaffRow, ...] = (
    ("changde-editor", "示例编辑", "changde", RoleCode.EDITOR),
    ("changde-first", "示例初审", "changde", RoleCode.FIRST_REVIEWER),
    ("changde-second", "示例复审", "changde", RoleCode.SECOND_REVIEWER),
    ("changde-reviewer", "示例终审", "changde", RoleCode.FINAL_REVIEWER),
    ("changde-admin", "示例站点管理员", "changde", RoleCode.SITE_ADMINISTRATOR),
    ("changde-admin-2", "示例站点管理员二", "changde", RoleCode.SITE_ADMINISTRATOR),
    ("jyj-editor", "示例部门编辑", "cd-jyj", RoleCode.EDITOR),
    ("jyj-admin", "示例部门管理员", "cd-jyj", RoleCode.SITE_ADMINISTRATOR),
)
_PLATFORM = (
    ("operator", "示例运营员", PlatformRoleCode.OPERATOR),
    ("operator-2", "示例运营员二", PlatformRoleCode.OPERATOR),
    ("security", "示例安全员", PlatformRoleCode.SECURITY_ADMINISTRATOR),
    ("auditor", "示例审计员", PlatformRoleCode.AUDITOR),
)


def create_sample_accounts(staff: Sequence[StaffRow] = _STAFF) -> list[SampleAccount]:
    """Make the sample accounts that are missing. :returns: all of them, with their passwords.

    ``staff``: user name, display name, code of the site and role of each.
    """
    with system_scope("sample accounts"):
        known = set(get_user_model().objects.values_list("username", flat=True))
        tenants = {
            tenant.code: tenant
            for tenant in Tenant.objects.filter(code__in={row[2] for row in staff})
        }
    accounts = []
    for username, name, code, role in staff:
        if username not in known:
            _make_staff(username, name, tenants[code], role)
        accounts.append(SampleAccount(username, password_of(username), str(role.label), code))
    for username, name, platform_role in _PLATFORM:
        if username not in known:
            with system_scope("sample accounts"), transaction.atomic():
                user, _token = make_platform_account(
                    actor=None, username=username, display_name=name, email="", role=platform_role
                )
                change_password(actor=None, user=user, password=password_of(username))
        accounts.append(
            SampleAccount(username, password_of(username), str(platform_role.label), "")
        )
    return accounts


def _make_staff(username: str, name: str, tenant: Tenant, role: RoleCode) -> None:
    # One transaction: an account without its password would count as made at the next start.
    with opening_scope(tenant, "sample accounts"), transaction.atomic():
        user = make_account(username=username, display_name=name, managed_by=tenant)
        grant_membership(actor=None, user=user, tenant=tenant, role=role)
        change_password(actor=None, user=user, password=password_of(username))
