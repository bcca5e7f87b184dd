"""Sections (栏目)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from cms_core.pages.enums import SectionKind
from cms_core.pages.forms import PageForm
from cms_core.pages.label_panels import LabelPanel
from sites.tenancy.visibility import own

from .base import BasePage


class SectionPage(BasePage):
    """A section (栏目): what it holds, and how often it promises something new."""

    has_list_pages = True
    # On each type: Wagtail sets its own on the page model when its administration is loaded.
    base_form_class = PageForm

    section_kind = models.CharField(
        _("holds"), max_length=20, choices=SectionKind, default=SectionKind.ARTICLE_LIST
    )
    column_type = models.CharField(
        _("kind of section (page label)"),
        max_length=60,
        blank=True,
        help_text=_("What the national page label ColumnType says, such as 公告通知."),
    )
    description = models.TextField(_("what belongs here"), blank=True, max_length=500)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)
    introduction = RichTextField(
        _("text"), blank=True, features=["h2", "h3", "bold", "ol", "ul", "link"]
    )
    update_interval_days = models.PositiveIntegerField(
        _("promised interval in days"),
        null=True,
        blank=True,
        help_text=_("Something new appears at least this often. Empty: no promise."),
    )
    external_url = models.URLField(_("links to"), blank=True)
    is_notice = models.BooleanField(
        _("holds notices"),
        default=False,
        help_text=_(
            "On the home page its entries stand with the day in front, and a notice board shows it first."
        ),
    )
    is_listed_when_empty = models.BooleanField(_("shown while empty"), default=False)

    content_panels = [
        LabelPanel(),
        *BasePage.content_panels,
        FieldPanel("section_kind"),
        FieldPanel("description"),
        FieldPanel("introduction"),
        FieldPanel("external_url"),
        FieldPanel("is_notice"),
        MultiFieldPanel(
            [
                FieldPanel("column_type"),
                FieldPanel("keywords"),
                FieldPanel("update_interval_days"),
                FieldPanel("is_listed_when_empty"),
            ],
            heading=_("Labels and promise"),
        ),
    ]
    promote_panels = [
        *BasePage.promote_panels,
        FieldPanel(
            "show_in_menus",
            heading=_("stands in the menu"),
            help_text=_(
                "Sections directly below the home page alone, and where the site has chosen no navigation"
                " of its own."
            ),
        ),
    ]
    parent_page_types = [
        "cms_core_pages.HomePage",
        "cms_core_pages.SectionPage",
        "cms_core_pages.TopicalEventPage",
    ]
    subpage_types = [
        "cms_core_pages.SectionPage",
        "cms_core_pages.ArticlePage",
        "cms_core_pages.TopicalEventPage",
        "cms_core_pages.LeaderPage",
        "cms_core_pages.OrganizationPage",
        "cms_core_pages.GalleryPage",
        "cms_core_pages.VideoPage",
        "cms_core_pages.SinglePage",
        "cms_core_pages.LinkPage",
    ]

    tenant_visibility = own()

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
