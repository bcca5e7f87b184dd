"""Lists of sites that operators bring through the administration."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sites.accounts.credentials import platform_only
from sites.outbox.platform_runs import PlatformRun
from sites.tenancy.visibility import by_condition

from .enums import OpeningStatus


class OpeningRun(PlatformRun):
    """A list, and how far it has come. ``content``: the file as it was brought.

    ``results``: a line each, as ``LineResult``.
    """

    name = models.CharField(_("file"), max_length=120)
    content = models.BinaryField()
    status = models.CharField(
        _("status"), max_length=12, choices=OpeningStatus, default=OpeningStatus.CHECKED
    )
    total = models.PositiveIntegerField(_("sites"), default=0)
    results = models.JSONField(default=list)
    failure = models.CharField(max_length=600, blank=True)

    tenant_visibility = by_condition(
        lambda scope: Q(pk__in=[]), "the platform only", write_rule=platform_only
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("list of sites to open")
        verbose_name_plural = _("lists of sites to open")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
