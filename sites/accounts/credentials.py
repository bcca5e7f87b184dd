"""What proves who somebody is: second factors, former passwords, certificates, sessions, invitations.

Rows of this module are seen by the person they belong to and by the platform; no tenant reads them,
not even the one that manages the account.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.scope import Scope
from sites.tenancy.visibility import Visibility, by_condition, own

from .enums import SecondFactorKind, SessionEnd, SignInMethod


def _oneself_only(row: models.Model, scope: Scope) -> None:
    if row.user_id != scope.user_id:  # type: ignore[attr-defined]
        raise CrossTenantWrite(f"{row._meta.label} belongs to another person")


def platform_only(row: models.Model, scope: Scope) -> None:
    """A write rule: no tenant inserts such a row (rows of a system scope are not asked)."""
    raise CrossTenantWrite(f"{row._meta.label} is written by the platform only")


def personal() -> Visibility:
    """Seen and written by the person it belongs to, whatever tenant is open."""
    return by_condition(
        lambda scope: Q(user_id=scope.user_id), "oneself only", write_rule=_oneself_only
    )


def _user_key(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name=related_name
    )


class SecondFactor(models.Model):
    """One enrolled second factor.

    ``sealed_secret``: encrypted (``sites.accounts.sealing``); the TOTP key, or the WebAuthn credential;
    for a recovery code its keyed digest. ``counter``: last accepted TOTP step or WebAuthn signature
    count, so that nothing is accepted twice.
    """

    user = _user_key("second_factors")
    kind = models.CharField(max_length=12, choices=SecondFactorKind)
    label = models.CharField(_("name"), max_length=60, blank=True)
    sealed_secret = models.TextField(editable=False)
    counter = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    tenant_visibility = personal()

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        indexes = [models.Index(fields=["user", "kind"], name="second_factor_user_kind")]


class FormerPassword(models.Model):
    """The hash of a password that was used before, so that it is not taken again."""

    user = _user_key("former_passwords")
    encoded = models.CharField(max_length=128)
    created_at = models.DateTimeField(auto_now_add=True)

    tenant_visibility = personal()

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("former password")
        verbose_name_plural = _("former passwords")


class StaffSession(models.Model):
    """A signed-in session: listed to its owner, refused from the request after it was ended.

    ``key_digest``: SHA-256 of the session key; the key itself stands in the session store only.
    """

    user = _user_key("staff_sessions")
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    method = models.CharField(max_length=24, choices=SignInMethod)
    address = models.GenericIPAddressField(_("address"))
    user_agent = models.CharField(_("browser"), max_length=200, blank=True)
    #: Of somebody who held a platform role at sign-in; appointing and dismissing end all sessions.
    is_platform = models.BooleanField(default=False, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=SessionEnd, blank=True)

    tenant_visibility = personal()

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-last_seen_at", "-pk"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")


class StaffCertificate(models.Model):
    """A client certificate that stands for a person (数字证书).

    ``fingerprint``: SHA-256 of what identifies it for its provider, hexadecimal; ``provider``: who
    vouches for it, a name of ``sites.accounts.certificates``.
    """

    user = _user_key("certificates")
    provider = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    subject = models.CharField(_("subject"), max_length=300)
    valid_until = models.DateTimeField(_("valid until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    tenant_visibility = personal()

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(fields=["provider", "fingerprint"], name="certificate_once"),
        ]


class Invitation(models.Model):
    """A one-time link with which an invited person sets the first password.

    The link answers on the administration's host only. ``token_digest``: SHA-256 of the token;
    ``tenant``: who invited, empty for the platform.
    """

    tenant = models.ForeignKey(
        "sites_tenancy.Tenant",
        null=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="+",
    )
    user = _user_key("invitations")
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    tenant_visibility = own()

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")


class PlatformAddressRange(models.Model):
    """Addresses from which holders of a platform role may work (CES1-19: restrict where from)."""

    network = models.CharField(_("address range"), max_length=50, unique=True)
    note = models.CharField(_("whose"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    tenant_visibility = by_condition(
        lambda scope: Q(pk__in=[]), "the platform only", write_rule=platform_only
    )

    #: Not content: Wagtail need not know what it refers to.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["network", "pk"]
        verbose_name = _("address range")
        verbose_name_plural = _("address ranges")

    def __str__(self) -> str:
        return self.network
