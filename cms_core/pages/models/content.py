"""What every page with a text of its own shares: who wrote it, when it appeared, where lists put it."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from cms_core.pages.forms import ContentForm
from cms_core.pages.required_panels import AskedForPanel

from .base import BasePage


class ContentPage(BasePage):
    """A page with a text of its own: the national labels of an article, a public face."""

    is_listed = True
    is_news = True
    base_form_class = ContentForm

    author_name = models.CharField(_("author"), max_length=60, blank=True)
    editor_name = models.CharField(_("responsible editor"), max_length=60, blank=True)
    publisher_name = models.CharField(
        _("publisher"),
        max_length=120,
        blank=True,
        help_text=_("Body that publishes this. Empty: the sponsor of the site."),
    )
    keywords = models.CharField(
        _("keywords"), max_length=200, blank=True, help_text=_("Parted by ; or a space.")
    )

    label_panels: list[Any] = [
        MultiFieldPanel(
            [
                AskedForPanel(
                    "source_name",
                    help_text=_(
                        "Who the text comes from. The checks before submission ask for it."
                    ),
                ),
                FieldRowPanel([FieldPanel("author_name"), FieldPanel("editor_name")]),
                FieldPanel("publisher_name"),
                FieldPanel("keywords"),
                FieldRowPanel([FieldPanel("published_at"), FieldPanel("valid_until")]),
            ],
            heading=_("Source and labels"),
        )
    ]
    place_panels: list[Any] = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("is_pinned"), FieldPanel("pinned_until")]),
                FieldPanel("list_place"),
            ],
            heading=_("Place in lists"),
        )
    ]

    def _settle_publish_time(self) -> None:
        # The shown publish time never moves by a later correction, and never lies ahead.
        if not self.live:
            return
        now = timezone.now()
        self.published_at = min(self.published_at or self.first_published_at or now, now)

    class Meta:
        abstract = True
