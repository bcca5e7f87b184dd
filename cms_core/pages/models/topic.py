"""Topical events (专题)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel

from cms_core.pages.blocks import TopicBlocks
from cms_core.pages.fields import StreamField
from cms_core.pages.label_panels import LabelPanel
from sites.tenancy.visibility import own

from .base import BasePage
from .content import ContentPage


class TopicalEventPage(ContentPage):
    """A topical event (专题): what it is about, and what belongs to it.

    An ended one keeps its address and says that it is no longer kept up (专题 finished → archived
    with mark).
    """

    picture = models.ForeignKey(
        "cms_core_media.MediaImage",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    picture_description = models.CharField(
        _("description of the picture"),
        max_length=200,
        blank=True,
        help_text=_("For people who cannot see it."),
    )
    blocks = StreamField(TopicBlocks(), verbose_name=_("blocks"), blank=True)
    ended_on = models.DateField(
        _("ended on"),
        null=True,
        blank=True,
        help_text=_(
            "From this day the page says that the event is over and nothing more is added."
        ),
    )

    content_panels = [
        LabelPanel(),
        *BasePage.content_panels,
        FieldPanel("summary", heading=_("introduction")),
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_description")], heading=_("Picture")
        ),
        FieldPanel("blocks"),
        FieldPanel("ended_on"),
        *ContentPage.label_panels,
        *ContentPage.place_panels,
    ]
    parent_page_types = ["cms_core_pages.SectionPage", "cms_core_pages.HomePage"]
    subpage_types = [
        "cms_core_pages.SectionPage",
        "cms_core_pages.ArticlePage",
        "cms_core_pages.GalleryPage",
        "cms_core_pages.VideoPage",
        "cms_core_pages.LinkPage",
    ]

    tenant_visibility = own()

    class Meta:
        verbose_name = _("topical event")
        verbose_name_plural = _("topical events")

    def check_ready(self) -> None:
        super().check_ready()
        if self.picture_id and not self.picture_description:
            raise ValidationError({"picture_description": _("Say what the picture shows.")})
