"""People for tests of accounts: members with a role, platform staff, and a browser signed in as them."""

from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.accounts.models import User
from sites.accounts.platform_services import make_platform_account
from sites.accounts.services import grant_membership, make_account, provision_roles
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, system_scope
from tests.tenants import TenantFixture, make_tenant

PASSWORD = "Seven-Bridges-41"


def house(code: str) -> TenantFixture:
    """A tenant with its role groups."""
    made = make_tenant(code)
    with opening_scope(made.tenant):
        provision_roles(actor=None, tenant=made.tenant)
    return made


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.password_changed_at = timezone.now()
    user.save()
    return user


def member(tenant: Tenant, role: RoleCode, *, name: str = "", sections: Any = None) -> User:
    """A person of ``tenant`` with one role."""
    with opening_scope(tenant):
        user = with_password(
            make_account(
                username=name or f"{tenant.code}-{role.value}",
                display_name=name or role.value,
                managed_by=tenant,
            )
        )
        grant_membership(actor=None, user=user, tenant=tenant, role=role, sections=sections)
    return fresh(user)


def attached(user: User, tenant: Tenant, role: RoleCode) -> User:
    """The account also becomes a member of ``tenant``: from now on it is shared."""
    with opening_scope(tenant):
        grant_membership(actor=None, user=user, tenant=tenant, role=role)
    return fresh(user)


def platform_person(role: PlatformRoleCode, name: str = "") -> User:
    with system_scope("test fixture"):
        user, _token = make_platform_account(
            actor=None, username=name or role.value, display_name=role.value, email="", role=role
        )
        return with_password(user)


def fresh(user: User) -> User:
    """The user as a new request would load them."""
    with system_scope("test"):
        return User.objects.get(pk=user.pk)


def browser(**extra: Any) -> Client:
    return Client(headers={"host": settings.ADMIN_HOST}, **extra)


def signed_in(user: User) -> Client:
    """A browser after both steps of the sign-in page (the second is not asked for in these tests)."""
    client = browser()
    answer = client.post("/sign-in/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client
