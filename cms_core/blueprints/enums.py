"""Enumerations of blueprints."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sites.tenancy.enums import TenantKind

#: Which kind of tenant a blueprint of the product opens.
KIND_OF_BLUEPRINT = {
    "city_portal": TenantKind.CITY_PORTAL,
    "county_portal": TenantKind.COUNTY_PORTAL,
    "department": TenantKind.DEPARTMENT,
    "township_channel": TenantKind.TOWNSHIP,
}


class OpeningStatus(models.TextChoices):
    """Where a list that an operator brought stands."""

    CHECKED = "checked", _("Checked, not begun")
    RUNNING = "running", _("Sites are being opened")
    INTERRUPTED = "interrupted", _("Interrupted, can go on")
    DONE = "done", _("Finished")
