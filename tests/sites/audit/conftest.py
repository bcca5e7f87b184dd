"""Two tenants, events, and a folder of copied heads of the test's own."""

from types import SimpleNamespace

import pytest

from sites.audit.append_only import unprotect_tables
from sites.audit.services import record_event
from sites.tenancy.enums import TenantKind
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope


@pytest.fixture
def tenants(db):
    with system_scope("making tenants for a test"):
        return SimpleNamespace(
            a=Tenant.objects.create(code="site-a", name="甲", kind=TenantKind.DEPARTMENT),
            b=Tenant.objects.create(code="site-b", name="乙", kind=TenantKind.DEPARTMENT),
        )


@pytest.fixture
def heads_folder(settings, tmp_path):
    settings.AUDIT_HEADS_DIR = tmp_path / "heads"
    return settings.AUDIT_HEADS_DIR


@pytest.fixture
def record():
    """Record some events in a tenant."""

    def record_some(tenant, count=1):
        with tenant_scope(tenant):
            return [
                record_event(kind="tenant.seen", subject=tenant, actor=7, data={"step": step})
                for step in range(count)
            ]

    return record_some


@pytest.fixture
def behind_the_back(db):
    """The database as its owner sees it: no triggers, no guard."""
    unprotect_tables("default")
    with system_scope("tampering in a test"):
        yield
