"""Named choices of the look and of what is announced on every page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LookState(models.TextChoices):
    """Where a version of a site's look stands."""

    DRAFT = "draft", _("Draft")
    LIVE = "live", _("Live now")
    FORMER = "former", _("Former")


class NoticeKind(models.TextChoices):
    """What can be switched for whole sites in seconds."""

    MOURNING = "mourning", _("Mourning grey")
    EMERGENCY = "emergency", _("Emergency bar")


class NoticeState(models.TextChoices):
    """Where a notice stands; computed from its times, never stored."""

    PROPOSED = "proposed", _("Waiting for a second person")
    SCHEDULED = "scheduled", _("Confirmed, begins later")
    IN_FORCE = "in_force", _("In force")
    OVER = "over", _("Over")
    LIFTED = "lifted", _("Lifted")
