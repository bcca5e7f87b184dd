"""Leaders (领导信息) and bodies (机构职能)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    TitleFieldPanel,
)
from wagtail.fields import RichTextField
from wagtail.models import Orderable

from cms_core.pages.label_panels import LabelPanel
from sites.tenancy.visibility import derived, own

from .content import ContentPage

#: What a duty or a résumé needs: paragraphs, lists, links.
_PLAIN_FEATURES = ["h3", "bold", "ol", "ul", "link"]


class LeaderPage(ContentPage):
    """A leader (领导信息). The title of the page is the person's name."""

    is_listed = False

    post = models.CharField(_("post"), max_length=200, help_text=_("In full, as it was announced."))
    portrait = models.ForeignKey(
        "cms_core_media.MediaImage",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    division_of_work = RichTextField(_("division of work"), features=_PLAIN_FEATURES)
    resume = RichTextField(_("résumé"), blank=True, features=_PLAIN_FEATURES)

    content_panels = [
        LabelPanel(),
        TitleFieldPanel("title", heading=_("name"), placeholder=False),
        FieldPanel("post"),
        FieldPanel("list_place", heading=_("order"), help_text=_("1 stands first.")),
        FieldPanel("portrait"),
        FieldPanel("division_of_work"),
        FieldPanel("resume"),
        *ContentPage.label_panels,
    ]
    parent_page_types = ["cms_core_pages.SectionPage"]
    subpage_types: list[str] = []

    tenant_visibility = own()

    class Meta:
        verbose_name = _("leader")
        verbose_name_plural = _("leaders")


class OrganizationPage(ContentPage):
    """A body of government (机构职能): what it does, where it is, when it is open."""

    is_listed = False

    organization = models.ForeignKey(
        "sites_tenancy.Organization",
        verbose_name=_("body in the directory"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("The body of the city's directory that this page is about, where it has one."),
    )
    duties = RichTextField(_("duties"), features=_PLAIN_FEATURES)
    head_name = models.CharField(_("person in charge"), max_length=60, blank=True)
    office_address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    office_hours = models.CharField(_("office hours"), max_length=200, blank=True)

    content_panels = [
        LabelPanel(),
        *ContentPage.content_panels,
        FieldPanel("organization"),
        FieldPanel("list_place", heading=_("order"), help_text=_("1 stands first.")),
        FieldPanel("duties"),
        MultiFieldPanel(
            [
                FieldPanel("head_name"),
                FieldPanel("office_address"),
                FieldRowPanel([FieldPanel("phone"), FieldPanel("office_hours")]),
            ],
            heading=_("How to reach it"),
        ),
        InlinePanel("units", label=_("Unit"), heading=_("Internal units")),
        *ContentPage.label_panels,
    ]
    parent_page_types = ["cms_core_pages.SectionPage"]
    subpage_types: list[str] = []

    tenant_visibility = own()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")


class OrganizationUnit(Orderable):
    """An internal unit (内设机构) of a body."""

    page = ParentalKey(OrganizationPage, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(_("name"), max_length=120)
    duties = models.TextField(_("duties"), blank=True, max_length=1000)
    head_name = models.CharField(_("person in charge"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)

    tenant_visibility = derived("page")
    panels = [
        FieldPanel("name"),
        FieldPanel("duties"),
        FieldRowPanel([FieldPanel("head_name"), FieldPanel("phone")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("internal unit")
        verbose_name_plural = _("internal units")
