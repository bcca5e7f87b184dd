"""A tenant's home page."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cms_core.pages.blocks import HomeBlocks
from cms_core.pages.fields import StreamField
from cms_core.pages.forms import HomeForm
from sites.tenancy.visibility import own

from .base import BasePage


class HomePage(BasePage):
    """A tenant's home page (首页)."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=500)
    blocks = StreamField(
        HomeBlocks(),
        verbose_name=_("blocks"),
        blank=True,
        help_text=_("Left as it is, the home page goes on showing its first filled sections."),
    )

    base_form_class = HomeForm
    content_panels = [*BasePage.content_panels, FieldPanel("introduction"), FieldPanel("blocks")]
    parent_page_types: list[str] = []
    subpage_types = [
        "cms_core_pages.SectionPage",
        "cms_core_pages.ArticlePage",
        "cms_core_pages.TopicalEventPage",
        "cms_core_pages.GalleryPage",
        "cms_core_pages.VideoPage",
        "cms_core_pages.SinglePage",
        "cms_core_pages.LinkPage",
    ]
    # Opened and closed with the tenant, by the platform.
    is_creatable = False

    tenant_visibility = own()

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")
