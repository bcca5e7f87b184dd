"""Checks, how grave a finding is, and the kinds of listed terms."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckCode(models.TextChoices):
    """What is looked for, in the order in which findings are shown."""

    SENSITIVE_TERM = "sensitive_term", _("Sensitive terms")
    STATE_TERM = "state_term", _("State and territory")
    LEADER = "leader", _("Leaders")
    PERSONAL_DATA = "personal_data", _("Personal data")
    MISSPELLING = "misspelling", _("Misspellings")
    DATE = "date", _("Dates")
    NUMBER = "number", _("Numbers")
    LINK = "link", _("Links inside the site")
    PICTURE = "picture", _("Pictures")
    LABEL = "label", _("Required labels")


class Severity(models.TextChoices):
    """What has to happen before the text is submitted."""

    MUST_CORRECT = "must_correct", _("Must be corrected")
    MUST_RESOLVE = "must_resolve", _("Must be corrected or waived")
    REMIND = "remind", _("Reminder")


#: Severities that hold a text back until something was done.
HOLDING_BACK = (Severity.MUST_CORRECT, Severity.MUST_RESOLVE)


class TermKind(models.TextChoices):
    """What a listed term is for."""

    SENSITIVE = "sensitive", _("Sensitive term")
    STATE = "state", _("Term of state and territory")
    MISSPELLING = "misspelling", _("Misspelling")
    ALLOWED = "allowed", _("Allowed wording")


class TermLevel(models.TextChoices):
    """How grave a listed term is."""

    FORBID = "forbid", _("Forbidden")
    CONFIRM = "confirm", _("To be confirmed")
    REMIND = "remind", _("Reminder")
    OFF = "off", _("Not looked for")


SEVERITY_OF_LEVEL = {
    TermLevel.FORBID: Severity.MUST_CORRECT,
    TermLevel.CONFIRM: Severity.MUST_RESOLVE,
    TermLevel.REMIND: Severity.REMIND,
}
