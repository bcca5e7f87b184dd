"""How the reading of an address ended."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CrawlOutcome(TextChoices):
    """Of one address of the old site."""

    KEPT = "kept", _("page kept")
    REDIRECT = "redirect", _("leads elsewhere")
    NO_PAGE = "no_page", _("no page of text")
    FORBIDDEN = "forbidden", _("forbidden by robots.txt")
    FAILED = "failed", _("not readable")
    ENDLESS = "endless", _("left out: too many of one path")
