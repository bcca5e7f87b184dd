"""Tenants (站点), the bodies behind them, the divisions they serve and the addresses they answer on."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from . import rules
from .enums import AddressKind, DivisionLevel, OrganizationKind, TenantKind, TenantStatus
from .ownership import (  # noqa: F401  (Django finds models in this module)
    OwnCollection,
    OwnEditingSession,
    OwnFormState,
    OwnGroup,
    OwnModelLogEntry,
    OwnPageLogEntry,
    OwnReference,
    OwnRevision,
    OwnTag,
    OwnTask,
    OwnWorkflow,
)
from .visibility import directory, own


class AdministrativeDivision(models.Model):
    """An administrative division (行政区划) with its GB/T 2260 or statistics code."""

    division_code = models.CharField(
        _("division code"),
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^\d{6}(\d{3}|\d{6})?$")],
    )
    name = models.CharField(_("name"), max_length=100)
    level = models.CharField(_("level"), max_length=10, choices=DivisionLevel)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    tenant_visibility = directory()

    class Meta:
        ordering = ["division_code", "pk"]
        verbose_name = _("administrative division")
        verbose_name_plural = _("administrative divisions")

    def __str__(self) -> str:
        return self.name


class Organization(models.Model):
    """A body of government: the sponsor (主办单位) or operator (承办单位) of sites, an issuing body."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("full name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=OrganizationKind)
    division = models.ForeignKey(
        AdministrativeDivision,
        verbose_name=_("administrative division"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organizations",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("belongs to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    tenant_visibility = directory()

    class Meta:
        ordering = ["code", "pk"]
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")

    def __str__(self) -> str:
        return self.name


class TenantQuerySet(models.QuerySet["Tenant"]):
    def served(self) -> "TenantQuerySet":
        """Tenants whose pages are meant for the public: never the practice site."""
        return self.filter(status=TenantStatus.OPEN, is_practice=False)


class Tenant(models.Model):
    """A government website (站点, 政府网站): master in its own house, blind to every other's."""

    code = models.CharField(
        _("code"),
        max_length=40,
        unique=True,
        validators=[RegexValidator(rules.TENANT_CODE_PATTERN)],
        help_text=_("Short latin name, part of the administration's addresses."),
    )
    name = models.CharField(_("site name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=TenantKind)
    status = models.CharField(
        _("status"), max_length=12, choices=TenantStatus, default=TenantStatus.PREPARING
    )
    language_code = models.CharField(_("language"), max_length=10, default="zh-hans")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("portal"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    edition_of = models.ForeignKey(
        "self",
        verbose_name=_("edition of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="editions",
        help_text=_("The site that this one says in another language."),
    )
    site = models.OneToOneField(
        "wagtailcore.Site",
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="tenant",
    )
    division = models.ForeignKey(
        AdministrativeDivision,
        verbose_name=_("administrative division"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tenants",
    )
    sponsor_organization = models.ForeignKey(
        Organization,
        verbose_name=_("sponsor"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sponsored_tenants",
    )
    operator_organization = models.ForeignKey(
        Organization,
        verbose_name=_("operator"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="operated_tenants",
    )
    site_identification_code = models.CharField(
        _("site identification code"),
        max_length=10,
        blank=True,
        help_text=_("Ten digits, the first six are the division; or bm and eight digits."),
    )
    icp_license_number = models.CharField(_("ICP licence number"), max_length=60, blank=True)
    police_record_number = models.CharField(
        _("public security record number"), max_length=60, blank=True
    )
    conac_id = models.CharField(_("party and government mark id"), max_length=32, blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=60, blank=True)
    contact_address = models.CharField(_("contact address"), max_length=200, blank=True)
    notice = models.TextField(
        _("notice while offline"),
        blank=True,
        help_text=_("Shown to visitors while the site is suspended or closed."),
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("moved to"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_demo = models.BooleanField(_("sample site"), default=False)
    is_practice = models.BooleanField(
        _("practice site"),
        default=False,
        editable=False,
        help_text=_(
            "Staff train here. Nothing of it is listed anywhere, and it is reset each night."
        ),
    )
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    objects = TenantQuerySet.as_manager()
    tenant_visibility = directory()

    class Meta:
        ordering = ["code", "pk"]
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(
                fields=["site_identification_code"],
                condition=~Q(site_identification_code=""),
                name="tenant_identification_code_unique",
            ),
            # It stands alone, so that no portal, register or other language gathers from it.
            models.CheckConstraint(
                condition=Q(is_practice=False)
                | Q(parent__isnull=True, edition_of__isnull=True, site_identification_code=""),
                name="tenant_practice_stands_alone",
            ),
            models.UniqueConstraint(
                fields=["is_practice"], condition=Q(is_practice=True), name="tenant_one_practice"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def language_tag(self) -> str:
        """The language of the pages as BCP 47 has it."""
        return rules.language_tag(self.language_code)


class Address(models.Model):
    """Where a tenant answers: a host of its own, or a channel prefix on its portal's host.

    The longest matching prefix wins. Former addresses stay as redirects.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="addresses")
    host = models.CharField(_("host name"), max_length=253)
    prefix = models.CharField(
        _("channel prefix"), max_length=60, blank=True, help_text=_("Empty, or like /dept")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=AddressKind, default=AddressKind.PRIMARY
    )
    hits = models.PositiveBigIntegerField(default=0, editable=False)

    tenant_visibility = directory()

    class Meta:
        ordering = ["host", "prefix", "pk"]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(Lower("host"), "prefix", name="address_host_prefix_unique"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(kind=AddressKind.PRIMARY), name="address_one_primary"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host}{self.prefix}/"


class TenantOwned(models.Model):
    """Base of every row of ours that belongs to one tenant. The guard fills and freezes the key."""

    tenant = models.ForeignKey(
        Tenant, verbose_name=_("site"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    tenant_visibility = own()

    class Meta:
        abstract = True


class Canary(TenantOwned):
    """One row for each of two tenants that serve nobody: the boot proof reads them (see ``boot``)."""

    word = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("canary")
        verbose_name_plural = _("canaries")
