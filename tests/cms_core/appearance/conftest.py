"""Two sites with people, and a clean cache: looks and notices are remembered for seconds."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.accounts.models import User
from tests.sites.accounts import people
from tests.tenants import TenantFixture


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def alpha(db: None) -> TenantFixture:
    return people.house("alpha")


@pytest.fixture
def beta(db: None) -> TenantFixture:
    return people.house("beta")


@pytest.fixture
def administrator(alpha: TenantFixture) -> User:
    return people.member(alpha.tenant, RoleCode.SITE_ADMINISTRATOR)


@pytest.fixture
def second(alpha: TenantFixture) -> User:
    return people.member(alpha.tenant, RoleCode.SITE_ADMINISTRATOR, name="alpha-second")


@pytest.fixture
def operators(db: None) -> tuple[User, User]:
    return (
        people.platform_person(PlatformRoleCode.OPERATOR, "operator-one"),
        people.platform_person(PlatformRoleCode.OPERATOR, "operator-two"),
    )
