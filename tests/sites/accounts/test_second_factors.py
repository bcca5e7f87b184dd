"""Second factors: enrolling, proving once, recovery codes, and failures that count towards the lock."""

import base64
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from sites.accounts import second_factors
from sites.accounts.enums import SecondFactorKind, SignInMethod
from sites.accounts.models import SecondFactor, StaffSession, User
from sites.accounts.rules import TOTP_STEP_SECONDS, hotp
from sites.accounts.sealing import SealBroken, seal, unseal
from sites.accounts.second_factors import SecondFactorRefused
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.scope import nobody_scope, system_scope, tenant_scope
from tests.tenants import TenantFixture

from . import people


def _code(key: str, ahead: int = 0) -> str:
    step = int(timezone.now().timestamp()) // TOTP_STEP_SECONDS + ahead
    return hotp(base64.b32decode(key), step)


@pytest.fixture
def key(editor: User) -> str:
    """The key of an app that the editor enrolled."""
    made = second_factors.new_totp_key()
    with nobody_scope(editor):
        # Enrolled with the former step's code, so that the present one is still good.
        second_factors.enrol_totp(user=editor, key=made, code=_code(made, -1))
    return made


def _first_step(user: User) -> Client:
    client = people.browser()
    answer = client.post("/sign-in/", {"username": user.username, "password": people.PASSWORD})
    assert answer["Location"] == "/sign-in/second-factor/"
    return client


def test_password_alone_opens_nothing(editor: User, key: str) -> None:
    client = _first_step(editor)
    assert client.get("/account/sessions/").status_code == 302
    assert client.get("/t/alpha/").status_code == 302
    with system_scope("test"):
        assert not StaffSession.objects.exists()


def test_code_opens_the_session_once(editor: User, key: str) -> None:
    code = _code(key)
    client = _first_step(editor)
    assert client.post("/sign-in/second-factor/", {"code": code})["Location"] == "/"
    with system_scope("test"):
        assert StaffSession.objects.get().method == SignInMethod.PASSWORD_TOTP
    again = _first_step(editor)
    assert again.post("/sign-in/second-factor/", {"code": code}).status_code == 200
    assert again.get("/account/sessions/").status_code == 302


def test_second_step_without_the_first(editor: User, key: str) -> None:
    client = people.browser()
    answer = client.post("/sign-in/second-factor/", {"code": _code(key)})
    assert answer["Location"] == "/sign-in/"


def test_second_step_takes_not_for_ever(editor: User, key: str) -> None:
    client = _first_step(editor)
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        assert client.get("/sign-in/second-factor/")["Location"] == "/sign-in/"


def test_wrong_codes_lock_like_wrong_passwords(editor: User, key: str) -> None:
    client = _first_step(editor)
    for _attempt in range(5):
        client.post("/sign-in/second-factor/", {"code": "000000"})
    assert client.post("/sign-in/second-factor/", {"code": _code(key)}).status_code == 429
    right = people.browser().post(
        "/sign-in/", {"username": editor.username, "password": people.PASSWORD}
    )
    assert right.status_code == 429


def test_recovery_codes_work_once(editor: User, key: str) -> None:
    with nobody_scope(editor):
        codes = second_factors.new_recovery_codes(user=editor)
    assert len(codes) == len(set(codes)) == 10
    typed = codes[0].upper().replace("-", " ")
    assert _first_step(editor).post("/sign-in/second-factor/", {"code": typed}).status_code == 302
    assert _first_step(editor).post("/sign-in/second-factor/", {"code": typed}).status_code == 200
    with nobody_scope(editor):
        assert SecondFactor.objects.filter(kind=SecondFactorKind.RECOVERY).count() == 9


def test_recovery_codes_and_keys_are_not_stored_in_the_clear(editor: User, key: str) -> None:
    with nobody_scope(editor):
        codes = second_factors.new_recovery_codes(user=editor)
        stored = " ".join(SecondFactor.objects.values_list("sealed_secret", flat=True))
    assert key not in stored
    assert not any(code.replace("-", "") in stored for code in codes)


def test_enrolling_in_the_browser(editor: User) -> None:
    client = people.signed_in(editor)
    page = client.get("/account/second-factor/app/").content.decode()
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    made = found[1].replace(" ", "")
    assert client.get("/account/second-factor/app/code.svg")["Content-Type"] == "image/svg+xml"
    refused = client.post("/account/second-factor/app/", {"code": "000000"})
    assert "code" in refused.context["form"].errors
    shown = client.post("/account/second-factor/app/", {"code": _code(made)})
    assert len(shown.context["codes"]) == 10
    # The session that enrolled counts as one with two factors.
    with system_scope("test"):
        assert StaffSession.objects.get().method == SignInMethod.PASSWORD_TOTP
    _first_step(editor)


def test_last_factor_stays_where_one_is_required(editor: User, key: str, settings) -> None:
    with nobody_scope(editor):
        second_factors.new_recovery_codes(user=editor)
        factor = second_factors.usable_factors(editor).get()
        settings.SECOND_FACTOR_REQUIRED = True
        with pytest.raises(SecondFactorRefused):
            second_factors.remove_second_factor(user=editor, factor=factor)
        settings.SECOND_FACTOR_REQUIRED = False
        second_factors.remove_second_factor(user=editor, factor=factor)
        assert not SecondFactor.objects.filter(user=editor).exists(), "codes alone are no factor"


def test_factors_are_seen_and_written_by_oneself_only(
    administrator: User, editor: User, key: str, alpha: TenantFixture
) -> None:
    with tenant_scope(alpha.tenant, administrator):
        assert not SecondFactor.objects.filter(user=editor).exists()
        with pytest.raises(CrossTenantWrite), transaction.atomic():
            SecondFactor.objects.create(user=editor, kind="totp", sealed_secret="x")
    client = people.signed_in(administrator)
    with system_scope("test"):
        pk = SecondFactor.objects.get(user=editor).pk
    assert client.post(f"/account/second-factor/{pk}/remove/").status_code == 404


def test_broken_answer_of_a_security_key(editor: User) -> None:
    with nobody_scope(editor):
        _options, state = second_factors.begin_key_enrolment(user=editor)
        for response in ("", "{}", '{"id": "x"}', "[]"):
            with pytest.raises(SecondFactorRefused):
                second_factors.enrol_key(user=editor, state=state, response=response)
        with pytest.raises(SecondFactorRefused):
            second_factors.prove_key(user=editor, state=None, response="{}")


def test_seal_survives_a_change_of_the_secret_key(settings) -> None:
    sealed = seal(b"secret")
    former = settings.SECRET_KEY
    settings.SECRET_KEY = "another-secret-key-of-fifty-characters-and-more-000"
    with pytest.raises(SealBroken):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert unseal(sealed) == b"secret"
    with pytest.raises(SealBroken):
        unseal(sealed[:-4] + "AAAA")
