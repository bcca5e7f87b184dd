"""Client certificates: believed from our own nginx only, good for the person they are registered for."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.test import RequestFactory

from sites.accounts import certificates
from sites.accounts.certificates import (
    CERTIFICATE_HEADER,
    VERIFY_HEADER,
    PresentedCertificate,
    certificate_providers,
    presented_certificate,
)
from sites.accounts.enums import SignInMethod
from sites.accounts.models import StaffSession, User
from sites.tenancy.scope import system_scope

from . import people


def _pem(name: str, *, days: int = 30) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, SHA256())
    )
    return certificate.public_bytes(Encoding.PEM).decode()


def _headers(pem: str, verify: str = "SUCCESS") -> dict[str, str]:
    return {VERIFY_HEADER: verify, CERTIFICATE_HEADER: quote(pem)}


@pytest.fixture
def pem(editor: User) -> str:
    """A certificate registered for the editor."""
    made = _pem("editor")
    presented = certificates.read_certificate(made)
    assert presented is not None
    certificates.register_certificate(
        actor=editor, user=editor, provider="nginx", certificate=presented
    )
    return made


def _sign_in(user: User, pem: str, *, verify: str = "SUCCESS", remote: str = "127.0.0.1"):
    client = people.browser(REMOTE_ADDR=remote)
    return client.post(
        "/sign-in/",
        {"username": user.username, "password": people.PASSWORD},
        **_headers(pem, verify),
    )


def test_certificate_stands_in_for_the_second_factor(editor: User, pem: str, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    assert _sign_in(editor, pem)["Location"] == "/"
    with system_scope("test"):
        assert StaffSession.objects.get().method == SignInMethod.PASSWORD_CERTIFICATE


def test_password_is_asked_for_all_the_same(editor: User, pem: str) -> None:
    answer = people.browser().post(
        "/sign-in/", {"username": editor.username, "password": "Wrong-one-11"}, **_headers(pem)
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("remote", "verify"),
    [
        ("203.0.113.5", "SUCCESS"),  # anybody can write the headers
        ("127.0.0.1", "FAILED:self signed certificate"),
        ("127.0.0.1", "NONE"),
        ("127.0.0.1", ""),
    ],
)
def test_spoofed_or_unverified_header_is_refused(
    editor: User, pem: str, settings, remote: str, verify: str
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    answer = _sign_in(editor, pem, remote=remote, verify=verify)
    assert answer["Location"] == "/sign-in/second-factor/"
    with system_scope("test"):
        assert not StaffSession.objects.exists()


def test_somebody_elses_certificate(administrator: User, editor: User, pem: str, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    _sign_in(administrator, pem)
    with system_scope("test"):
        assert StaffSession.objects.get(user=administrator).method == SignInMethod.PASSWORD


def test_revoked_certificate(editor: User, pem: str, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    with system_scope("test"):
        row = editor.certificates.get()
    certificates.revoke_certificate(actor=editor, certificate=row)
    _sign_in(editor, pem)
    with system_scope("test"):
        assert StaffSession.objects.get().method == SignInMethod.PASSWORD


def test_expired_and_malformed_certificates_are_not_presented() -> None:
    request = RequestFactory().get("/", **_headers(_pem("late", days=-1)))
    assert presented_certificate(request) is None
    for broken in ("", "-----BEGIN CERTIFICATE-----", "证书"):
        assert presented_certificate(RequestFactory().get("/", **_headers(broken))) is None
    assert presented_certificate(RequestFactory().get("/", **_headers(_pem("now")))) is not None


def test_vendor_registers_a_provider(editor: User, settings) -> None:
    presented = PresentedCertificate("ab" * 32, "CN=editor", datetime.now(UTC) + timedelta(days=1))

    class Vendor:
        def presented(self, request):
            return presented if request.headers.get("X-Vendor") == "yes" else None

    with certificate_providers.replaced_by(vendor=Vendor()):
        certificates.register_certificate(
            actor=editor, user=editor, provider="vendor", certificate=presented
        )
        answer = people.browser().post(
            "/sign-in/",
            {"username": editor.username, "password": people.PASSWORD},
            headers={"X-Vendor": "yes"},
        )
    assert answer["Location"] == "/"
    with system_scope("test"):
        assert StaffSession.objects.get().method == SignInMethod.PASSWORD_CERTIFICATE
