"""Articles (稿件) and what hangs on them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, PageChooserPanel
from wagtail.models import Orderable

from cms_core.pages.blocks import ArticleBody
from cms_core.pages.fields import StreamField
from cms_core.pages.forms import TextForm
from cms_core.pages.label_panels import LabelPanel
from sites.tenancy.visibility import derived, own

from .base import BasePage
from .content import ContentPage


class ArticlePage(ContentPage):
    """An article (稿件)."""

    base_form_class = TextForm

    body = StreamField(ArticleBody(), verbose_name=_("text"), blank=True)

    content_panels = [
        LabelPanel(),
        *BasePage.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        InlinePanel("attachments", label=_("Attachment"), heading=_("Attachments")),
        *ContentPage.label_panels,
        InlinePanel(
            "placements",
            label=_("Section"),
            heading=_("Also stands in"),
            help_text=_("Further sections whose lists name this article. Its address stays one."),
        ),
        *ContentPage.place_panels,
        InlinePanel(
            "related_links",
            label=_("Page"),
            heading=_("Related"),
            help_text=_(
                "None chosen: the platform shows articles of the same section and keywords."
            ),
        ),
    ]
    parent_page_types = [
        "cms_core_pages.SectionPage",
        "cms_core_pages.HomePage",
        "cms_core_pages.TopicalEventPage",
    ]
    subpage_types: list[str] = []

    tenant_visibility = own()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class ArticleAttachment(Orderable):
    """A file at the foot of an article (附件)."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(
        "cms_core_media.MediaFile",
        verbose_name=_("file"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    title = models.CharField(_("title"), max_length=200, blank=True)

    tenant_visibility = derived("page")
    panels = [FieldPanel("file"), FieldPanel("title")]

    class Meta(Orderable.Meta):
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")


class ArticlePlacement(Orderable):
    """A further section (栏目) in whose lists an article stands; its address stays under its own."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="placements")
    section = models.ForeignKey(
        "cms_core_pages.SectionPage",
        verbose_name=_("section"),
        on_delete=models.CASCADE,
        related_name="placements",
    )

    tenant_visibility = derived("page")
    panels = [PageChooserPanel("section")]

    class Meta(Orderable.Meta):
        verbose_name = _("further section")
        verbose_name_plural = _("further sections")
        constraints = [
            models.UniqueConstraint(fields=["page", "section"], name="article_once_in_a_section")
        ]

    def clean(self) -> None:
        super().clean()
        # The tree path of the section begins that of an article in it.
        own = self.page.path[: -BasePage.steplen] if self.page_id and self.page.path else ""
        if own and self.section_id and self.section.path == own:
            raise ValidationError(
                {"section": _("The article stands in this section already. Choose another.")}
            )


class ArticleRelation(Orderable):
    """A page that the editor put beside an article as related (相关)."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related_links")
    target = models.ForeignKey(
        BasePage, verbose_name=_("page"), on_delete=models.CASCADE, related_name="+"
    )

    tenant_visibility = derived("page")
    panels = [PageChooserPanel("target")]

    class Meta(Orderable.Meta):
        verbose_name = _("related page")
        verbose_name_plural = _("related pages")
        constraints = [models.UniqueConstraint(fields=["page", "target"], name="related_page_once")]
