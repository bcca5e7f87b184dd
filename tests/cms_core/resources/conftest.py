"""A portal with two sub-sites, and a site of somebody else's."""

from types import SimpleNamespace

import pytest

from sites.tenancy.enums import TenantKind, TenantStatus
from sites.tenancy.models import Address, Tenant
from sites.tenancy.scope import system_scope


def make_tenant(code, *, parent=None, host=None, prefix="", status=TenantStatus.OPEN):
    """An open tenant with a primary address; inside a system scope."""
    tenant = Tenant.objects.create(
        code=code, name=f"{code}网站", kind=TenantKind.DEPARTMENT, parent=parent, status=status
    )
    Address.objects.create(tenant=tenant, host=host or f"{code}.localhost", prefix=prefix)
    return tenant


@pytest.fixture
def city(db):
    with system_scope("making tenants for a test"):
        portal = make_tenant("portal", host="localhost")
        return SimpleNamespace(
            portal=portal,
            health=make_tenant("health", parent=portal),
            edu=make_tenant("edu", parent=portal, host="localhost", prefix="/edu"),
            stranger=make_tenant("stranger"),
        )
