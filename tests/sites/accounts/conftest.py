"""Two houses with people who must not reach each other's."""

import pytest

from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.accounts.models import User
from tests.tenants import TenantFixture

from . import people


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
def editor(alpha: TenantFixture) -> User:
    return people.member(alpha.tenant, RoleCode.EDITOR)


@pytest.fixture
def operator(db: None) -> User:
    return people.platform_person(PlatformRoleCode.OPERATOR)


@pytest.fixture
def security(db: None) -> User:
    return people.platform_person(PlatformRoleCode.SECURITY_ADMINISTRATOR)


@pytest.fixture
def auditor(db: None) -> User:
    return people.platform_person(PlatformRoleCode.AUDITOR)
