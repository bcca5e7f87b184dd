"""Enumerations of blueprints."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpeningStatus(models.TextChoices):
    """Where a list that an operator brought stands."""

    CHECKED = "checked", _("Checked, not begun")
    RUNNING = "running", _("Sites are being opened")
    INTERRUPTED = "interrupted", _("Interrupted, can go on")
    DONE = "done", _("Finished")
