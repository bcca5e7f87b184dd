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
