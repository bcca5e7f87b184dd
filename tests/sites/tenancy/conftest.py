"""Two tenants that must not see each other."""

import pytest

from tests.tenants import TenantFixture, make_tenant


@pytest.fixture
def alpha(db: None) -> TenantFixture:
    return make_tenant("alpha")


@pytest.fixture
def beta(db: None) -> TenantFixture:
    return make_tenant("beta")
