"""Enumerations of the tenancy app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TenantKind(models.TextChoices):
    """What kind of government website (政府网站) a tenant is; blueprints are chosen by it."""

    CITY_PORTAL = "city_portal", _("City portal")
    COUNTY_PORTAL = "county_portal", _("District or county portal")
    DEPARTMENT = "department", _("Department site")
    TOWNSHIP = "township", _("Township channel")
    PLATFORM_CANARY = "canary", _("Canary of the isolation probe")


class TenantStatus(models.TextChoices):
    """Where a tenant stands in its life (国办发〔2017〕47号): only open ones are served."""

    PREPARING = "preparing", _("Being prepared")
    OPEN = "open", _("Open")
    SUSPENDED = "suspended", _("Temporarily offline")
    CLOSED = "closed", _("Closed")


#: Tenants whose addresses answer with their pages.
SERVED_STATUSES = frozenset({TenantStatus.OPEN})
#: Tenants whose addresses answer with a notice.
NOTICE_STATUSES = frozenset({TenantStatus.SUSPENDED, TenantStatus.CLOSED})


class OrganizationKind(models.TextChoices):
    GOVERNMENT = "government", _("People's government")
    DEPARTMENT = "department", _("Department")
    TOWNSHIP = "township", _("Township or subdistrict")
    INSTITUTION = "institution", _("Public institution")


class DivisionLevel(models.TextChoices):
    """Levels of administrative divisions (行政区划)."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("District or county")
    TOWNSHIP = "township", _("Township or subdistrict")


class AddressKind(models.TextChoices):
    """What an address does."""

    PRIMARY = "primary", _("Primary address")
    ALIAS = "alias", _("Also served")
    REDIRECT = "redirect", _("Former address, redirects")
    OLD_FOLDER = "old_folder", _("Folder of the old site on another's host, redirects")
