"""Enumerations of the outbox."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobStatus(models.TextChoices):
    """Where a background job stands. A running one whose lease expired is due again."""

    PENDING = "pending", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Given up")


#: A second job of the same kind and key is not made while one of these exists.
OPEN_STATUSES = frozenset({JobStatus.PENDING, JobStatus.RUNNING})
