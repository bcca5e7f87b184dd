"""Articles (稿件) and what hangs on them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable

from cms_core.pages.blocks import ArticleBody
from cms_core.pages.fields import StreamField
from cms_core.pages.forms import PageForm
from sites.tenancy.visibility import derived, own

from .base import BasePage


class ArticlePage(BasePage):
    """An article (稿件)."""

    base_form_class = PageForm

    summary = models.TextField(_("summary"), blank=True, max_length=500)
    body = StreamField(ArticleBody(), verbose_name=_("text"), blank=True)
    source_name = models.CharField(_("source"), max_length=120, blank=True)
    author_name = models.CharField(_("author"), max_length=60, blank=True)
    editor_name = models.CharField(_("responsible editor"), max_length=60, blank=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)
    published_at = models.DateTimeField(
        _("publish time"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Shown on the page. Set when the article is first published, unless given."),
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        InlinePanel("attachments", label=_("Attachment"), heading=_("Attachments")),
        MultiFieldPanel(
            [
                FieldPanel("source_name"),
                FieldPanel("author_name"),
                FieldPanel("editor_name"),
                FieldPanel("published_at"),
                FieldPanel("keywords"),
            ],
            heading=_("Source and labels"),
        ),
    ]
    parent_page_types = ["cms_core_pages.SectionPage", "cms_core_pages.HomePage"]
    subpage_types: list[str] = []

    def _settle_publish_time(self) -> None:
        # The shown publish time never moves by a later correction.
        if self.live and self.published_at is None:
            self.published_at = self.first_published_at or timezone.now()

    tenant_visibility = own()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class ArticleAttachment(Orderable):
    """A file at the foot of an article (附件)."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey("cms_core_media.MediaFile", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200, blank=True)

    tenant_visibility = derived("page")
    panels = [FieldPanel("file", heading=_("file")), FieldPanel("title")]

    class Meta(Orderable.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
