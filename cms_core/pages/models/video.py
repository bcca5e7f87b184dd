"""Captioned videos (视频)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField

from cms_core.pages.label_panels import LabelPanel
from cms_core.pages.rules import is_webvtt, video_path_problem
from sites.tenancy.visibility import own

from .base import BasePage
from .content import ContentPage

#: Bytes of a caption file that are looked at: its first line decides.
_CAPTION_HEAD = 64


class VideoPage(ContentPage):
    """A captioned video (视频): a file of this site, or one that lies on the same host.

    No player of another company: visitors' browsers ask nobody but the site itself.
    """

    file = models.ForeignKey(
        "cms_core_media.MediaFile",
        verbose_name=_("video file"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("MP4 or WebM."),
    )
    video_path = models.CharField(
        _("or address on this site"),
        max_length=300,
        blank=True,
        help_text=_("For large files that the operator stored, such as /videos/2026/1.mp4."),
    )
    poster = models.ForeignKey(
        "cms_core_media.MediaImage",
        verbose_name=_("picture shown before it plays"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    captions = models.ForeignKey(
        "cms_core_media.MediaFile",
        verbose_name=_("captions"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("A WebVTT file (.vtt). Needed before the video can be published."),
    )
    transcript = RichTextField(
        _("transcript"),
        blank=True,
        features=["h3", "bold", "ol", "ul"],
        help_text=_("What is said and shown, to read instead."),
    )

    content_panels = [
        LabelPanel(),
        *BasePage.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [FieldPanel("file"), FieldPanel("video_path"), FieldPanel("poster")],
            heading=_("Video"),
        ),
        MultiFieldPanel(
            [FieldPanel("captions"), FieldPanel("transcript")],
            heading=_("For people who cannot hear it"),
        ),
        *ContentPage.label_panels,
        *ContentPage.place_panels,
    ]
    parent_page_types = [
        "cms_core_pages.SectionPage",
        "cms_core_pages.HomePage",
        "cms_core_pages.TopicalEventPage",
    ]
    subpage_types: list[str] = []

    tenant_visibility = own()

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")

    def check_ready(self) -> None:
        super().check_ready()
        problems: dict[str, Any] = {}
        if self.file_id is None and not self.video_path:
            problems["file"] = _("Choose the video file, or give its address on this site.")
        elif self.file_id is not None and self.video_path:
            problems["video_path"] = _("There is a file and an address: keep one of them.")
        elif self.video_path and (problem := video_path_problem(self.video_path)):
            problems["video_path"] = problem
        if self.captions is None:
            problems["captions"] = _("Choose a WebVTT file with the captions.")
        elif not self._has_webvtt():
            problems["captions"] = _(
                "This file is not WebVTT: it must begin with the line WEBVTT. Save the captions anew in that format."
            )
        if problems:
            raise ValidationError(problems)

    def _has_webvtt(self) -> bool:
        captions: Any = self.captions
        try:
            with captions.open_file() as file:
                return is_webvtt(file.read(_CAPTION_HEAD))
        except OSError:
            return False
