"""Writes of tenants and addresses: every bad input is named, and nothing of it stays."""

import pytest
from django.core.exceptions import ValidationError

from sites.tenancy import services
from sites.tenancy.enums import AddressKind, DivisionLevel, OrganizationKind, TenantStatus
from sites.tenancy.models import Address, AdministrativeDivision, Organization, Tenant
from sites.tenancy.rows import DivisionRow, OrganizationRow
from sites.tenancy.scope import system_scope
from tests.tenants import TenantFixture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def platform(db: None):
    with system_scope("test"):
        yield


def message(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


def test_divisions_in_any_order_and_twice() -> None:
    rows = [
        DivisionRow("430702", "武陵区", DivisionLevel.COUNTY, "430700"),
        DivisionRow("430700", "常德市", DivisionLevel.CITY),
    ]
    assert services.record_divisions(actor=None, rows=rows) == 2
    assert services.record_divisions(actor=None, rows=rows) == 0
    assert AdministrativeDivision.objects.get(division_code="430702").parent.name == "常德市"


def test_a_cycle_of_divisions_names_its_members_and_leaves_nothing() -> None:
    rows = [
        DivisionRow("430700", "a", DivisionLevel.CITY, "430702"),
        DivisionRow("430702", "b", DivisionLevel.COUNTY, "430700"),
    ]
    with pytest.raises(ValidationError) as caught:
        services.record_divisions(actor=None, rows=rows)
    assert "430700" in message(caught)
    assert "430702" in message(caught)
    assert not AdministrativeDivision.objects.exists()


def test_an_unknown_parent_is_named_and_the_rows_before_it_are_gone() -> None:
    rows = [
        OrganizationRow("a", "A", OrganizationKind.DEPARTMENT),
        OrganizationRow("b", "B", OrganizationKind.DEPARTMENT, parent_code="missing"),
    ]
    with pytest.raises(ValidationError) as caught:
        services.record_organizations(actor=None, rows=rows)
    assert "missing" in message(caught)
    assert not Organization.objects.exists()


def test_an_organization_cannot_become_its_own_superior() -> None:
    rows = [
        OrganizationRow("a", "A", OrganizationKind.GOVERNMENT),
        OrganizationRow("b", "B", OrganizationKind.DEPARTMENT, parent_code="a"),
        OrganizationRow("c", "C", OrganizationKind.DEPARTMENT, parent_code="b"),
    ]
    services.record_organizations(actor=None, rows=rows)
    a, c = Organization.objects.get(code="a"), Organization.objects.get(code="c")
    with pytest.raises(ValidationError) as caught:
        services.set_organization_parent(actor=None, organization=a, parent=c)
    assert "a" in message(caught)
    a.refresh_from_db()
    assert a.parent is None
    assert services.set_organization_parent(actor=None, organization=c, parent=a).parent == a


@pytest.mark.parametrize(
    ("host", "prefix", "word"),
    [
        ("alpha.localhost", "", "alpha name"),
        ("ALPHA.localhost.", "", "alpha name"),
        ("not a host", "", "not a host"),
        ("alpha.localhost", "/News", "/News"),
        ("alpha.localhost", "/admin", "/admin"),
        ("alpha.localhost", "/news", "alpha section"),
        ("nobody.localhost", "/dept", "nobody.localhost"),
    ],
)
def test_addresses_that_are_refused(
    alpha: TenantFixture, beta: TenantFixture, host: str, prefix: str, word: str
) -> None:
    before = list(Address.objects.values_list("pk", "kind"))
    with pytest.raises(ValidationError) as caught:
        services.add_address(actor=None, tenant=beta.tenant, host=host, prefix=prefix)
    assert word in message(caught)
    assert list(Address.objects.values_list("pk", "kind")) == before


def test_moving_keeps_the_former_address_as_a_redirect(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    services.move_tenant(actor=None, tenant=beta.tenant, host="alpha.localhost", prefix="/beta")
    assert dict(Address.objects.filter(tenant=beta.tenant).values_list("host", "kind")) == {
        "beta.localhost": AddressKind.REDIRECT,
        "alpha.localhost": AddressKind.PRIMARY,
    }
    services.move_tenant(actor=None, tenant=beta.tenant, host="beta.localhost")
    assert dict(Address.objects.filter(tenant=beta.tenant).values_list("host", "kind")) == {
        "beta.localhost": AddressKind.PRIMARY,
        "alpha.localhost": AddressKind.REDIRECT,
    }


def test_a_former_address_answers_again(alpha: TenantFixture, beta: TenantFixture) -> None:
    services.move_tenant(actor=None, tenant=beta.tenant, host="alpha.localhost", prefix="/beta")
    again = services.add_address(actor=None, tenant=beta.tenant, host="beta.localhost")
    assert again.kind == AddressKind.ALIAS
    assert Address.objects.filter(tenant=beta.tenant).count() == 2


@pytest.mark.parametrize("code", ["12345", "4307020001", "4307009001"])
def test_identification_codes_that_are_refused(alpha: TenantFixture, code: str) -> None:
    division = AdministrativeDivision.objects.create(
        division_code="430700", name="常德市", level=DivisionLevel.CITY
    )
    Tenant.objects.filter(pk=alpha.tenant.pk).update(site_identification_code="4307009001")
    with pytest.raises(ValidationError) as caught:
        services.create_tenant(
            actor=None,
            code="new",
            name="New",
            kind="department",
            division=division,
            site_identification_code=code,
        )
    assert code in message(caught)
    assert not Tenant.objects.filter(code="new").exists()


def test_a_code_is_used_once(alpha: TenantFixture) -> None:
    with pytest.raises(ValidationError):
        services.create_tenant(actor=None, code="alpha", name="x", kind="department")
    with pytest.raises(ValidationError):
        services.create_tenant(actor=None, code="Alpha!", name="x", kind="department")


def test_closing_needs_a_notice_and_another_site(alpha: TenantFixture, beta: TenantFixture) -> None:
    with pytest.raises(ValidationError):
        services.close_tenant(actor=None, tenant=alpha.tenant, notice=" ", closed_on=None)
    with pytest.raises(ValidationError):
        services.close_tenant(
            actor=None, tenant=alpha.tenant, notice="x", closed_on=None, successor=alpha.tenant
        )
    alpha.tenant.refresh_from_db()
    assert alpha.tenant.status == TenantStatus.OPEN
