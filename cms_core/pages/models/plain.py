"""Single pages (单页) and links (链接)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from cms_core.pages.blocks import ArticleBody
from cms_core.pages.fields import StreamField
from cms_core.pages.forms import TextForm
from cms_core.pages.label_panels import LabelPanel
from sites.tenancy.visibility import own

from .base import BasePage
from .content import ContentPage

#: Where both may stand.
_PARENTS = [
    "cms_core_pages.SectionPage",
    "cms_core_pages.HomePage",
    "cms_core_pages.TopicalEventPage",
]


class SinglePage(ContentPage):
    """A single page (单页): a text that is kept up, not one of many news."""

    is_news = False

    base_form_class = TextForm

    body = StreamField(ArticleBody(), verbose_name=_("text"), blank=True)

    content_panels = [
        LabelPanel(),
        *BasePage.content_panels,
        FieldPanel("body"),
        *ContentPage.label_panels,
        *ContentPage.place_panels,
    ]
    parent_page_types = _PARENTS
    subpage_types: list[str] = []

    tenant_visibility = own()

    class Meta:
        verbose_name = _("single page")
        verbose_name_plural = _("single pages")


class LinkPage(ContentPage):
    """A link (链接) that stands in lists like a page. A target outside government is announced."""

    external_url = models.URLField(
        _("links to"),
        max_length=500,
        help_text=_(
            "A target that is no government site opens after a page that says so to the visitor."
        ),
    )

    content_panels = [
        LabelPanel(),
        *BasePage.content_panels,
        FieldPanel("external_url"),
        FieldPanel("summary"),
        *ContentPage.label_panels,
        *ContentPage.place_panels,
    ]
    parent_page_types = _PARENTS
    subpage_types: list[str] = []

    tenant_visibility = own()

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
