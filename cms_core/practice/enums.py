"""Kinds of audit events of the practice site."""

from django.db import models


class PracticeEvent(models.TextChoices):
    OPENED = "practice.opened"
    RESET = "practice.reset"
