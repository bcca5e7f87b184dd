"""Client certificates (数字证书): a provider says which certificate a request proves possession of.

The shipped provider ``nginx`` reads the headers that nginx sets after the TLS handshake, and only on
connections from a trusted proxy: anybody else could write the same headers. A vendor's provider (a
USB key with its own middleware) is offered in a module ``certificate_providers.py`` of any app::

    from sites.accounts.certificates import certificate_providers

    certificate_providers.register("vendor", VendorProvider())

A certificate stands in for the second factor; the password is asked for all the same.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from sites.audit.services import record_platform_event
from sites.registry.registry import Registry
from sites.tenancy.scope import system_scope

from .addresses import is_from_trusted_proxy
from .events import AccountEvent
from .models import StaffCertificate, User

#: Set, and always overwritten, by nginx (deploy/nginx): empty unless it verified the certificate
#: against the authorities of ``ssl_client_certificate`` and the holder proved the key.
SUBJECT_HEADER = "HTTP_X_CLIENT_CERTIFICATE_SUBJECT"
SERIAL_HEADER = "HTTP_X_CLIENT_CERTIFICATE_SERIAL"


@dataclass(frozen=True, slots=True)
class PresentedCertificate:
    """A certificate whose holder is at the other end of this request.

    ``fingerprint``: SHA-256 in hexadecimal of what identifies it for its provider. ``valid_until``: aware
    datetime; ``None`` where whoever verified it sees to that.
    """

    fingerprint: str
    subject: str
    valid_until: datetime | None = None


class CertificateProvider(Protocol):
    """Vouches for certificates."""

    def presented(self, request: HttpRequest) -> PresentedCertificate | None:
        """The certificate that the request proves possession of, or ``None``."""


certificate_providers: Registry[CertificateProvider] = Registry(
    "certificate provider", module="certificate_providers"
)


class NginxCertificateProvider:
    """Certificates that nginx has verified: known by serial number and subject."""

    def presented(self, request: HttpRequest) -> PresentedCertificate | None:
        subject = request.META.get(SUBJECT_HEADER, "")
        serial = request.META.get(SERIAL_HEADER, "")
        if not subject or not serial or not is_from_trusted_proxy(request):
            return None
        identity = f"{serial.upper()}:{subject}"
        return PresentedCertificate(hashlib.sha256(identity.encode()).hexdigest(), subject[:300])


def presented_certificate(request: HttpRequest) -> tuple[str, PresentedCertificate] | None:
    """The first provider's name and certificate, or ``None``. Expired ones are not presented."""
    for name in certificate_providers.names():
        found = certificate_providers.get(name).presented(request)
        if found is not None and not _is_over(found):
            return name, found
    return None


def _is_over(certificate: PresentedCertificate) -> bool:
    return certificate.valid_until is not None and certificate.valid_until <= datetime.now(UTC)


def proves(request: HttpRequest, user: Any) -> bool:
    """Whether the request presents a certificate that is registered for ``user``. Runs in their scope."""
    presented = presented_certificate(request)
    if presented is None:
        return False
    provider, certificate = presented
    return StaffCertificate.objects.filter(
        user=user,
        provider=provider,
        fingerprint=certificate.fingerprint,
        revoked_at__isnull=True,
    ).exists()


@transaction.atomic
def register_certificate(
    *, actor: Any, user: User, provider: str, certificate: PresentedCertificate
) -> StaffCertificate:
    """Register a certificate for ``user``; the security administrator does it, or they themselves."""
    with system_scope("register a certificate: its fingerprint is unique platform-wide"):
        row = StaffCertificate.objects.create(
            user=user,
            provider=provider,
            fingerprint=certificate.fingerprint,
            subject=certificate.subject,
            valid_until=certificate.valid_until,
        )
    record_platform_event(
        kind=AccountEvent.CERTIFICATE_ADDED, subject=row, actor=actor, data={"user_id": user.pk}
    )
    return row


@transaction.atomic
def revoke_certificate(*, actor: Any, certificate: StaffCertificate) -> None:
    """From now on the certificate proves nothing."""
    with system_scope("revoke a certificate"):
        StaffCertificate.objects.filter(pk=certificate.pk).update(revoked_at=timezone.now())
    record_platform_event(
        kind=AccountEvent.CERTIFICATE_REVOKED,
        subject=certificate,
        actor=actor,
        data={"user_id": certificate.user_id},
    )


certificate_providers.register("nginx", NginxCertificateProvider())
