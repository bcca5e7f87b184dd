"""Two tenants and a consumer that notes what it gets."""

from types import SimpleNamespace

import pytest

from sites.registry.delivery import Consumer, consumers
from sites.tenancy.enums import TenantKind, TenantStatus
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope


@pytest.fixture
def tenants(db):
    with system_scope("making tenants for a test"):
        return SimpleNamespace(
            a=Tenant.objects.create(
                code="site-a", name="甲", kind=TenantKind.DEPARTMENT, status=TenantStatus.OPEN
            ),
            b=Tenant.objects.create(
                code="site-b", name="乙", kind=TenantKind.DEPARTMENT, status=TenantStatus.OPEN
            ),
        )


@pytest.fixture
def in_a(tenants):
    """The scope of tenant A, open for the whole test."""
    with tenant_scope(tenants.a):
        yield tenants.a


class NotingConsumer:
    """Keeps each delivery; ``failures`` times it raises first."""

    def __init__(self):
        self.got = []
        self.failures = 0

    def __call__(self, delivery):
        if self.failures:
            self.failures -= 1
            raise ConnectionError("index is away: 张三 13800000000")
        self.got.append(delivery)

    @property
    def versions(self):
        return [delivery.version for delivery in self.got]


@pytest.fixture
def noting():
    """The only registered consumer, of the kind ``note.changed``."""
    handle = NotingConsumer()
    with consumers.replaced_by(noting=Consumer("noting", frozenset({"note.changed"}), handle)):
        yield handle
