"""Client certificates: believed from our own nginx only, good for the person they are registered for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from sites.accounts import certificates
from sites.accounts.certificates import (
    SERIAL_HEADER,
    SUBJECT_HEADER,
    PresentedCertificate,
    certificate_providers,
    presented_certificate,
)
from sites.accounts.enums import SignInMethod
from sites.accounts.models import StaffSession, User
from sites.tenancy.scope import system_scope

from . import people

#: What nginx sends of a certificate that it verified.
EDITORS = {SUBJECT_HEADER: "CN=editor,O=Bureau", SERIAL_HEADER: "0A1B2C"}


@pytest.fixture
def registered(editor: User) -> None:
    """The editor's certificate is registered."""
    presented = presented_certificate(RequestFactory().get("/", **EDITORS))
    assert presented is not None
    certificates.register_certificate(
        actor=editor, user=editor, provider=presented[0], certificate=presented[1]
    )


def _sign_in(user: User, headers: dict[str, str], *, remote: str = "127.0.0.1"):
    client = people.browser(REMOTE_ADDR=remote)
    return client.post(
        "/sign-in/", {"username": user.username, "password": people.PASSWORD}, **headers
    )


def _methods() -> list[str]:
    with system_scope("test"):
        return list(StaffSession.objects.values_list("method", flat=True))


@pytest.mark.usefixtures("registered")
def test_certificate_stands_in_for_the_second_factor(editor: User, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    assert _sign_in(editor, EDITORS)["Location"] == "/"
    assert _methods() == [SignInMethod.PASSWORD_CERTIFICATE]


@pytest.mark.usefixtures("registered")
def test_password_is_asked_for_all_the_same(editor: User) -> None:
    answer = people.browser().post(
        "/sign-in/", {"username": editor.username, "password": "Wrong-one-11"}, **EDITORS
    )
    assert answer.status_code == 200
    assert _methods() == []


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize(
    ("remote", "headers"),
    [
        ("203.0.113.5", EDITORS),  # anybody can write the headers: only our nginx is believed
        ("127.0.0.1", {**EDITORS, SERIAL_HEADER: "0A1B2D"}),
        ("127.0.0.1", {**EDITORS, SUBJECT_HEADER: "CN=editor,O=Elsewhere"}),
        ("127.0.0.1", {SUBJECT_HEADER: "", SERIAL_HEADER: ""}),  # not verified
        ("127.0.0.1", {"HTTP_X_CLIENT_CERTIFICATE": "CN=editor"}),
        ("127.0.0.1", {}),
    ],
)
def test_spoofed_or_foreign_certificate_is_refused(
    editor: User, settings, remote: str, headers: dict[str, str]
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    answer = _sign_in(editor, headers, remote=remote)
    assert answer["Location"] == "/sign-in/second-factor/"
    assert _methods() == []


@pytest.mark.usefixtures("registered")
def test_somebody_elses_certificate(administrator: User) -> None:
    _sign_in(administrator, EDITORS)
    assert _methods() == [SignInMethod.PASSWORD]


@pytest.mark.usefixtures("registered")
def test_revoked_certificate(editor: User) -> None:
    with system_scope("test"):
        row = editor.certificates.get()
    certificates.revoke_certificate(actor=editor, certificate=row)
    _sign_in(editor, EDITORS)
    assert _methods() == [SignInMethod.PASSWORD]


def test_registering_in_the_browser(editor: User) -> None:
    client = people.signed_in(editor)
    page = "/account/second-factor/"
    assert "CN=editor" in client.get(page, **EDITORS).content.decode()
    assert (
        "CN=editor" not in client.get(page, REMOTE_ADDR="203.0.113.5", **EDITORS).content.decode()
    )
    client.post(f"{page}certificate/", **EDITORS)
    assert _methods() == [SignInMethod.PASSWORD_CERTIFICATE]


class _Vendor:
    def __init__(self, certificate: PresentedCertificate) -> None:
        self.certificate = certificate

    def presented(self, request):
        return self.certificate if request.headers.get("X-Vendor") == "yes" else None


@pytest.mark.parametrize(
    ("days", "method"), [(1, SignInMethod.PASSWORD_CERTIFICATE), (-1, SignInMethod.PASSWORD)]
)
def test_vendor_registers_a_provider(editor: User, days: int, method: SignInMethod) -> None:
    until = datetime.now(UTC) + timedelta(days=days)
    presented = PresentedCertificate("ab" * 32, "CN=editor", until)
    with certificate_providers.replaced_by(vendor=_Vendor(presented)):
        certificates.register_certificate(
            actor=editor, user=editor, provider="vendor", certificate=presented
        )
        _sign_in(editor, {"HTTP_X_VENDOR": "yes"})
    assert _methods() == [method]
