"""Page types on stock ``Page``, and the facts of the footer as a site setting."""

from typing import Any

from django.db import models
from django.db.models import Q
from modelcluster.fields import ParentalKey
from wagtail import blocks
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

LIST_LENGTH = 20


@register_setting
class SiteFacts(BaseSiteSetting):
    """What masthead and footer say of the site."""

    short_name = models.CharField(max_length=40)
    sponsor = models.CharField(max_length=120)
    operator = models.CharField(max_length=120)
    identification_code = models.CharField(max_length=10)
    icp_license_number = models.CharField(max_length=60)
    police_record_number = models.CharField(max_length=60)
    police_record_code = models.CharField(max_length=14)
    conac_id = models.CharField(max_length=32)
    contact_phone = models.CharField(max_length=60)
    contact_address = models.CharField(max_length=200)


class HomePage(Page):
    """The home page: the newest of every section."""

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["sections"] = [
            (
                section,
                ArticlePage.objects.descendant_of(section).live().order_by("-published_at")[:7],
            )
            for section in self.get_children().live().in_menu()[:6]
        ]
        return context


class SectionPage(Page):
    """A section: a list of its articles, or of the sections below it."""

    description = models.TextField(blank=True)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["subsections"] = SectionPage.objects.child_of(self).live()
        context["articles"] = (
            ArticlePage.objects.child_of(self).live().order_by("-published_at")[:LIST_LENGTH]
        )
        return context


class ArticlePage(Page):
    """An article."""

    summary = models.TextField(blank=True)
    body = StreamField([("paragraph", blocks.RichTextBlock()), ("html", blocks.RawHTMLBlock())])
    source_name = models.CharField(max_length=120, blank=True)
    author_name = models.CharField(max_length=60, blank=True)
    editor_name = models.CharField(max_length=60, blank=True)
    published_at = models.DateTimeField(db_index=True)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        siblings = ArticlePage.objects.sibling_of(self, inclusive=False).live()
        at, pk = self.published_at, self.pk
        context["newer"] = (
            siblings.filter(Q(published_at__gt=at) | Q(published_at=at, pk__gt=pk))
            .order_by("published_at", "pk")
            .first()
        )
        context["older"] = (
            siblings.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=pk))
            .order_by("-published_at", "-pk")
            .first()
        )
        return context


class ArticleAttachment(Orderable):
    """A file at the foot of an article."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey("wagtaildocs.Document", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True)
