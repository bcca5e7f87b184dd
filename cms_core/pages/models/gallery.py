"""Galleries (图集)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from cms_core.pages.label_panels import LabelPanel
from sites.tenancy.visibility import derived, own

from .base import BasePage
from .content import ContentPage


class GalleryPage(ContentPage):
    """A gallery (图集): pictures in order, each described for people who cannot see it."""

    content_panels = [
        LabelPanel(),
        *BasePage.content_panels,
        FieldPanel("summary"),
        InlinePanel("pictures", label=_("Picture"), heading=_("Pictures"), min_num=1),
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
        verbose_name = _("gallery")
        verbose_name_plural = _("galleries")

    def save(self, *args: Any, **kwargs: Any) -> Any:
        # Here and not in check_ready: a form checks its pictures itself, before it has stored them.
        if self.live and kwargs.get("clean", True):
            for place, picture in enumerate(self.pictures.all(), start=1):
                if not picture.description.strip():
                    raise ValidationError(
                        _("Say what picture %(number)s shows.") % {"number": place}
                    )
        return super().save(*args, **kwargs)


class GalleryPicture(Orderable):
    """One picture of a gallery."""

    page = ParentalKey(GalleryPage, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(
        "cms_core_media.MediaImage",
        verbose_name=_("picture"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    description = models.CharField(
        _("description"),
        max_length=300,
        help_text=_("What the picture shows, for people who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)

    tenant_visibility = derived("page")
    panels = [FieldPanel("image"), FieldPanel("description"), FieldPanel("caption")]

    class Meta(Orderable.Meta):
        verbose_name = _("picture of a gallery")
        verbose_name_plural = _("pictures of galleries")
