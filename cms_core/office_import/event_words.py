"""What the events of this room are called in reports."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

register_event_words(
    "cms_core_office_import",
    {
        "article_from_office_file": _("article made from an office file"),
        "picture_pasted": _("picture taken from pasted text"),
    },
)
