"""What stands on the desk, and how urgent it is."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class TaskKind(models.TextChoices):
    """Why something stands among what is to be done first."""

    RETURNED = "returned", _("Correct and submit again")
    REVIEW = "review", _("Review")
    FINDINGS = "findings", _("Correct or waive")
    PROMISE = "promise", _("Publish something new")
    LABEL = "label", _("Fill in")


class Light(StrEnum):
    """A state as shape and colour, beside words; the codes are those of the style sheet."""

    OK = "ok"
    WAIT = "wait"
    LATE = "late"
    OFF = "off"


class Grouping(models.TextChoices):
    """By what published items are counted."""

    PERSON = "person", _("by person")
    UNIT = "unit", _("by unit")
    SECTION = "section", _("by section")
