"""The platform's people: three roles kept apart, break-glass that ends by itself, address ranges."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from sites.accounts import platform_services, services
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.accounts.models import BreakGlassSession, Membership, PlatformAssignment, User
from sites.accounts.permissions import grantable_roles
from sites.accounts.rights import rights_of
from sites.accounts.selectors import platform_role_of, tenants_of
from sites.audit.models import DomainEvent
from sites.tenancy.scope import system_scope, tenant_scope
from tests.tenants import TenantFixture

from . import people

REASON = "The bureau asked us to repair its sections"


def _enter(operator: User, house: TenantFixture, minutes: int = 30) -> BreakGlassSession:
    return platform_services.start_break_glass(
        actor=operator, tenant=house.tenant, reason=REASON, minutes=minutes
    )


def test_operator_is_nobody_in_a_tenant_without_break_glass(
    operator: User, alpha: TenantFixture
) -> None:
    client = people.signed_in(operator)
    assert client.get("/t/alpha/").status_code == 404
    with tenant_scope(alpha.tenant, operator):
        assert operator.get_all_permissions() == set()


def test_break_glass_lends_the_administrators_rights_in_one_tenant(
    operator: User, alpha: TenantFixture, beta: TenantFixture
) -> None:
    _enter(operator, alpha)
    client = people.signed_in(operator)
    assert client.get("/t/alpha/").status_code == 200
    assert client.get(f"/t/alpha/pages/{alpha.section.pk}/edit/").status_code == 200
    assert client.get("/t/beta/").status_code == 404
    with tenant_scope(alpha.tenant, operator):
        assert rights_of(operator).roles == {RoleCode.SITE_ADMINISTRATOR}
        assert alpha.articles[0].permissions_for_user(operator).can_publish()
        assert not Membership.objects.filter(user=operator).exists()
    operator = people.fresh(operator)
    with tenant_scope(beta.tenant, operator):
        assert operator.get_all_permissions() == set()


def test_break_glass_lends_no_rights_over_people(
    operator: User, editor: User, alpha: TenantFixture
) -> None:
    _enter(operator, alpha)
    assert people.signed_in(operator).get("/t/alpha/users/").status_code == 302
    with tenant_scope(alpha.tenant, operator):
        assert grantable_roles(operator) == frozenset()
        with pytest.raises(PermissionDenied):
            services.grant_membership(
                actor=operator, user=editor, tenant=alpha.tenant, role=RoleCode.SITE_ADMINISTRATOR
            )


def test_security_administrator_appoints_a_sites_first_administrator(
    security: User, operator: User, alpha: TenantFixture
) -> None:
    page = "/platform/sites/alpha/administrator/"
    values = {"username": "first", "display_name": "First", "email": ""}
    assert people.signed_in(operator).post(page, values).status_code == 403
    client = people.signed_in(security)
    assert client.get(page).status_code == 200
    assert "/invitations/" in client.post(page, values).context["link"]
    assert "username" in client.post(page, values).context["form"].errors
    with system_scope("test"):
        membership = Membership.objects.get(user__username="first")
    assert membership.role == RoleCode.SITE_ADMINISTRATOR
    assert membership.tenant_id == alpha.tenant.pk


def test_lock_is_released(security: User, editor: User) -> None:
    stranger = people.browser()
    for _attempt in range(5):
        stranger.post("/sign-in/", {"username": editor.username, "password": "Wrong-one-11"})
    people.signed_in(security).post(f"/platform/people/{editor.pk}/", {"action": "release"})
    people.signed_in(editor)


def test_break_glass_ends_by_itself(operator: User, alpha: TenantFixture) -> None:
    _enter(operator, alpha, minutes=15)
    client = people.signed_in(operator)
    with time_machine.travel(timezone.now() + timedelta(minutes=14), tick=False):
        assert client.get("/t/alpha/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert client.get("/t/alpha/").status_code == 404
        with tenant_scope(alpha.tenant, operator):
            assert not alpha.articles[0].permissions_for_user(people.fresh(operator)).can_edit()


def test_break_glass_is_recorded_where_it_happens(operator: User, alpha: TenantFixture) -> None:
    session = _enter(operator, alpha)
    with tenant_scope(alpha.tenant):
        event = DomainEvent.objects.get(kind="break_glass.started")
        assert event.actor_id == operator.pk
        assert event.data == {"minutes": 30}
    platform_services.end_break_glass(actor=operator, session=session)
    with tenant_scope(alpha.tenant):
        assert DomainEvent.objects.filter(kind="break_glass.ended").exists()
    assert people.signed_in(operator).get("/t/alpha/").status_code == 404


@pytest.mark.parametrize(
    ("reason", "minutes"), [("", 30), ("short", 30), (REASON, 0), (REASON, 4 * 60 + 1)]
)
def test_break_glass_needs_a_reason_and_an_end(
    operator: User, alpha: TenantFixture, reason: str, minutes: int
) -> None:
    with pytest.raises(ValidationError):
        platform_services.start_break_glass(
            actor=operator, tenant=alpha.tenant, reason=reason, minutes=minutes
        )


def test_only_operators_break_glass(
    security: User, auditor: User, administrator: User, alpha: TenantFixture, beta: TenantFixture
) -> None:
    for actor in (security, auditor, administrator):
        with pytest.raises(PermissionDenied):
            platform_services.start_break_glass(
                actor=actor, tenant=beta.tenant, reason=REASON, minutes=30
            )
    assert people.signed_in(security).get("/platform/sites/beta/enter/").status_code == 403


def test_entering_in_the_browser(operator: User, alpha: TenantFixture) -> None:
    client = people.signed_in(operator)
    refused = client.post("/platform/sites/alpha/enter/", {"reason": "x", "minutes": "30"})
    assert refused.status_code == 200
    entered = client.post("/platform/sites/alpha/enter/", {"reason": REASON, "minutes": "30"})
    assert entered["Location"] == "/t/alpha/"
    assert client.get("/t/alpha/").status_code == 200
    assert REASON in client.get("/platform/break-glass/").content.decode()


def test_dismissal_ends_break_glass_and_sessions(
    operator: User, security: User, alpha: TenantFixture
) -> None:
    _enter(operator, alpha)
    client = people.signed_in(operator)
    platform_services.dismiss(actor=security, user=operator)
    assert client.get("/t/alpha/").status_code == 302
    assert people.signed_in(operator).get("/t/alpha/").status_code == 404


def test_nobody_holds_two_platform_roles(security: User, operator: User) -> None:
    with pytest.raises(ValidationError):
        platform_services.appoint(actor=security, user=operator, role=PlatformRoleCode.AUDITOR)
    assert platform_role_of(operator) == PlatformRoleCode.OPERATOR


def test_members_and_platform_staff_are_different_people(
    security: User, editor: User, operator: User, alpha: TenantFixture
) -> None:
    with pytest.raises(ValidationError):
        platform_services.appoint(actor=security, user=editor, role=PlatformRoleCode.AUDITOR)
    with pytest.raises(ValidationError):
        people.attached(operator, alpha.tenant, RoleCode.EDITOR)


def test_nobody_appoints_themselves_and_only_security_appoints(
    operator: User, auditor: User, security: User, administrator: User
) -> None:
    newcomer = people.platform_person(PlatformRoleCode.AUDITOR, "newcomer")
    for actor in (operator, auditor, administrator):
        with pytest.raises(PermissionDenied):
            platform_services.dismiss(actor=actor, user=newcomer)
    with pytest.raises(PermissionDenied):
        platform_services.dismiss(actor=security, user=security)
    with pytest.raises(PermissionDenied):
        platform_services.reset_sign_in(actor=security, user=security)
    with system_scope("test"):
        assert PlatformAssignment.objects.count() == 4


def test_auditor_reads_and_changes_nothing(auditor: User, operator: User) -> None:
    client = people.signed_in(auditor)
    page = f"/platform/people/{operator.pk}/"
    assert client.get(page).status_code == 200
    for action in ("dismiss", "reset", "attach", "appoint"):
        assert client.post(page, {"action": action}).status_code == 403
    assert client.post("/platform/addresses/", {"network": "10.0.0.0/8"}).status_code == 403
    assert platform_role_of(operator) == PlatformRoleCode.OPERATOR


def test_security_administrator_attaches_an_account_to_a_second_site(
    security: User, editor: User, beta: TenantFixture
) -> None:
    client = people.signed_in(security)
    page = f"/platform/people/{editor.pk}/"
    unknown = client.post(page, {"action": "attach", "tenant_code": "nowhere", "role": "editor"})
    assert "nowhere" in unknown.content.decode()
    assert (
        client.post(page, {"action": "attach", "tenant_code": "beta", "role": "editor"}).status_code
        == 302
    )
    assert [tenant.code for tenant, _roles in tenants_of(editor)] == ["alpha", "beta"]
    assert people.fresh(editor).managed_by_id is None
    start = people.signed_in(editor).get("/")
    assert start.status_code == 200
    assert len(start.context["own"]) == 2


def test_reset_makes_a_link_and_forgets_the_rest(security: User, editor: User) -> None:
    browser = people.signed_in(editor)
    client = people.signed_in(security)
    shown = client.post(f"/platform/people/{editor.pk}/", {"action": "reset"})
    link = shown.context["link"]
    assert browser.get("/account/sessions/").status_code == 302
    assert not people.fresh(editor).has_usable_password()
    path = link.partition("//")[2].partition("/")[2]
    assert people.browser().get(f"/{path}").status_code == 200


def test_platform_account_is_made_with_a_link(security: User) -> None:
    client = people.signed_in(security)
    values = {"username": "watcher", "display_name": "Watcher", "email": "", "role": "auditor"}
    shown = client.post("/platform/people/new/", values)
    assert "/invitations/" in shown.context["link"]
    again = client.post("/platform/people/new/", values)
    assert "username" in again.context["form"].errors
    found = client.get("/platform/people/", {"q": "watcher"})
    assert found.status_code == 302


@pytest.mark.parametrize("network", ["10.0.0.0/33", "10.0.0.1/8", "nonsense", ""])
def test_malformed_ranges_are_refused(security: User, network: str) -> None:
    with pytest.raises(ValidationError):
        platform_services.add_address_range(actor=security, network=network, note="office")


def test_ranges_in_the_browser(security: User) -> None:
    client = people.signed_in(security)
    values = {"network": "127.0.0.0/8", "note": "here"}
    assert client.post("/platform/addresses/", values).status_code == 302
    assert "network" in client.post("/platform/addresses/", values).context["form"].errors
    row = client.get("/platform/addresses/").context["rows"][0]
    assert client.post("/platform/addresses/", {"remove": row.pk}).status_code == 302
    assert client.get("/platform/addresses/").context["rows"] == []


@pytest.mark.parametrize("role", list(PlatformRoleCode))
def test_the_menu_holds_what_the_role_may_open_and_names_the_screen(
    db: None, role: PlatformRoleCode
) -> None:
    client = people.signed_in(people.platform_person(role))
    page = LexborHTMLParser(client.get("/platform/sites/").content.decode())

    here = page.css(".rail nav [aria-current=page]")
    assert [link.attributes["href"] for link in here] == ["/platform/sites/"]
    assert page.css_first(".rail summary b").text() == here[0].text()
    for link in page.css(".rail nav a"):
        address = link.attributes["href"] or ""
        assert client.get(address).status_code == 200, address
    elsewhere = LexborHTMLParser(client.get("/help/").content.decode())
    assert elsewhere.css_first(".rail summary") is not None
    assert elsewhere.css_first(".rail summary b") is None
