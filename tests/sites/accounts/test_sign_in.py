"""The sign-in page: right and wrong passwords, the lock, the addresses of platform staff, hosts."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import identify_hasher
from django.test import Client
from django.utils import timezone

from sites.accounts.enums import PlatformRoleCode, SignInMethod
from sites.accounts.models import PlatformAddressRange, StaffSession, User
from sites.accounts.sealing import seal
from sites.accounts.second_factors import new_totp_key
from sites.audit.models import DomainEvent
from sites.tenancy.scope import system_scope
from tests.tenants import TenantFixture

from . import people


def _try(client: Client, user: User, password: str, **extra: str):
    return client.post("/sign-in/", {"username": user.username, "password": password}, **extra)


def _kinds() -> list[str]:
    with system_scope("test"):
        return list(DomainEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_right_password_opens_a_recorded_session(editor: User) -> None:
    client = people.browser()
    client.get("/sign-in/?next=/account/sessions/")
    planted = client.cookies["staff_session"].value
    answer = _try(client, editor, people.PASSWORD)
    assert answer.status_code == 302
    assert answer["Location"] == "/account/sessions/"
    assert client.cookies["staff_session"].value != planted
    assert client.get("/account/sessions/").status_code == 200
    with system_scope("test"):
        session = StaffSession.objects.get()
    assert session.method == SignInMethod.PASSWORD
    assert session.user_id == editor.pk
    assert _kinds()[-1] == "account.signed_in"


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_next_stays_on_the_host(editor: User, address: str) -> None:
    client = people.browser()
    client.get("/sign-in/", {"next": address})
    assert _try(client, editor, people.PASSWORD)["Location"] == "/"


def test_wrong_name_and_wrong_password_look_the_same(editor: User) -> None:
    client = people.browser()
    wrong = _try(client, editor, "Wrong-password-1")
    unknown = client.post("/sign-in/", {"username": "who", "password": "Wrong-password-1"})
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert _kinds()[-1] == "account.sign_in_failed"


def test_closed_account_does_not_sign_in(editor: User) -> None:
    with system_scope("test"):
        User.objects.filter(pk=editor.pk).update(is_active=False)
    assert _try(people.browser(), editor, people.PASSWORD).status_code == 200


def test_five_failures_lock_the_name_from_the_address(editor: User, administrator: User) -> None:
    client = people.browser()
    for _attempt in range(4):
        assert _try(client, editor, "Wrong-password-1").status_code == 200
    assert _try(client, editor, "Wrong-password-1").status_code == 429
    assert _try(client, editor, people.PASSWORD).status_code == 429
    assert "account.locked_out" in _kinds()
    # The lock is keyed on name and address: others go on, and so does the name from elsewhere.
    assert _try(people.browser(), administrator, people.PASSWORD).status_code == 302
    elsewhere = people.browser(REMOTE_ADDR="203.0.113.5")
    assert _try(elsewhere, editor, people.PASSWORD).status_code == 302


def test_the_lock_ends(editor: User) -> None:
    client = people.browser()
    for _attempt in range(5):
        _try(client, editor, "Wrong-password-1")
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=False):
        assert _try(client, editor, people.PASSWORD).status_code == 429
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert _try(client, editor, people.PASSWORD).status_code == 302


def test_forged_forwarding_header_does_not_dodge_the_lock(editor: User) -> None:
    client = people.browser(REMOTE_ADDR="203.0.113.5")
    for attempt in range(5):
        _try(
            client, editor, "Wrong-password-1", headers={"X-Forwarded-For": f"198.51.100.{attempt}"}
        )
    assert _try(client, editor, people.PASSWORD).status_code == 429


def test_platform_staff_sign_in_from_listed_addresses_only(operator: User) -> None:
    with system_scope("test"):
        PlatformAddressRange.objects.create(network="10.20.0.0/16", note="control room")
    outside = people.browser(REMOTE_ADDR="203.0.113.5")
    assert _try(outside, operator, people.PASSWORD).status_code == 200
    inside = people.browser(REMOTE_ADDR="10.20.3.4")
    assert _try(inside, operator, people.PASSWORD).status_code == 302
    assert inside.get("/platform/sites/").status_code == 200
    # The same session carried elsewhere ends.
    moved = inside.get("/platform/sites/", REMOTE_ADDR="203.0.113.5")
    assert moved.status_code == 302
    assert "ended=address" in moved["Location"]
    assert inside.get("/platform/sites/").status_code == 302


def test_required_list_without_entries_lets_no_platform_role_in(operator: User, settings) -> None:
    settings.PLATFORM_ADDRESSES_REQUIRED = True
    assert _try(people.browser(), operator, people.PASSWORD).status_code == 200


def test_staff_are_nobody_on_a_tenants_host(editor: User, alpha: TenantFixture) -> None:
    client = people.signed_in(editor)
    answer = client.get("/", headers={"host": alpha.host})
    assert answer.wsgi_request.user.is_anonymous
    assert client.get("/sign-in/", headers={"host": alpha.host}).status_code == 404


def test_sign_in_to_anothers_tenant_is_not_found(
    editor: User, alpha: TenantFixture, beta: TenantFixture
) -> None:
    client = people.signed_in(editor)
    assert client.get("/t/alpha/").status_code == 200
    assert client.get("/t/beta/").status_code == 404
    assert client.get("/t/no-such/").status_code == 404


def test_wagtails_own_sign_in_signs_nobody_in(
    administrator: User, editor: User, alpha: TenantFixture
) -> None:
    client = people.signed_in(editor)
    answer = client.post(
        "/t/alpha/login/", {"username": administrator.username, "password": people.PASSWORD}
    )
    assert answer["Location"] == "/sign-in/"
    assert client.get("/account/sessions/").wsgi_request.user == editor


def test_sign_in_by_any_other_view_does_not_pass_the_second_factor(editor: User) -> None:
    with system_scope("test"):
        editor.second_factors.create(kind="totp", sealed_secret=seal(new_totp_key().encode()))
    client = people.browser()
    with system_scope("test"):
        client.force_login(editor)
    assert client.get("/account/sessions/").status_code == 302


def test_one_site_is_entered_at_once(editor: User) -> None:
    assert people.signed_in(editor).get("/")["Location"] == "/t/alpha/"


def test_argon2_is_what_passwords_are_stored_with(settings, editor: User) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    editor.set_password("Another-Bridge-7")
    assert identify_hasher(editor.password).algorithm == "argon2"


def test_no_account_exists_by_itself(db: None) -> None:
    with system_scope("test"):
        assert not User.objects.exists()


@pytest.mark.parametrize("role", list(PlatformRoleCode))
def test_platform_roles_see_their_own_pages_only(db: None, role: PlatformRoleCode) -> None:
    client = people.signed_in(people.platform_person(role))
    allowed = {
        "/platform/sites/": set(PlatformRoleCode),
        "/platform/break-glass/": set(PlatformRoleCode),
        "/platform/people/": {PlatformRoleCode.SECURITY_ADMINISTRATOR, PlatformRoleCode.AUDITOR},
        "/platform/people/new/": {PlatformRoleCode.SECURITY_ADMINISTRATOR},
        "/platform/addresses/": {PlatformRoleCode.SECURITY_ADMINISTRATOR, PlatformRoleCode.AUDITOR},
        "/platform/events/": {PlatformRoleCode.AUDITOR},
    }
    for address, roles in allowed.items():
        assert client.get(address).status_code == (200 if role in roles else 403), address
