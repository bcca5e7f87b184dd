"""Roles and states of staff accounts."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoleCode(models.TextChoices):
    """Roles inside a tenant. Templates: a tenant never edits their permissions."""

    SITE_ADMINISTRATOR = "site_administrator", _("Site administrator")
    EDITOR = "editor", _("Editor")
    FIRST_REVIEWER = "first_reviewer", _("First reviewer")
    SECOND_REVIEWER = "second_reviewer", _("Second reviewer")
    FINAL_REVIEWER = "final_reviewer", _("Final reviewer")
    LETTER_HANDLER = "letter_handler", _("Letter handler")
    DISCLOSURE_OFFICER = "disclosure_officer", _("Disclosure officer")
    SERVICE_GUIDE_OFFICER = "service_guide_officer", _("Service guide officer")


class PlatformRoleCode(models.TextChoices):
    """Roles of the platform, kept apart (三员分立): nobody holds two of them."""

    OPERATOR = "operator", _("Platform operator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")
    AUDITOR = "auditor", _("Auditor")


class SecondFactorKind(models.TextChoices):
    """What proves possession beside the password."""

    TOTP = "totp", _("Authenticator app")
    WEBAUTHN = "webauthn", _("Security key")
    RECOVERY = "recovery", _("Recovery code")


class SignInMethod(models.TextChoices):
    """How a session was opened; the second word is the second factor."""

    PASSWORD = "password", _("Password only")
    PASSWORD_TOTP = "password_totp", _("Password and authenticator app")
    PASSWORD_WEBAUTHN = "password_webauthn", _("Password and security key")
    PASSWORD_RECOVERY = "password_recovery", _("Password and recovery code")
    PASSWORD_CERTIFICATE = "password_certificate", _("Password and certificate")


class SessionEnd(models.TextChoices):
    """Why a staff session is over."""

    SIGNED_OUT = "signed_out", _("Signed out")
    IDLE = "idle", _("Left idle")
    TOO_LONG = "too_long", _("Longest duration reached")
    ENDED_ELSEWHERE = "ended_elsewhere", _("Ended from another session")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    ACCOUNT_CLOSED = "account_closed", _("Account closed")
    ADDRESS = "address", _("Address not allowed")
