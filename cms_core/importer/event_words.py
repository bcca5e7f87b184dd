"""Words for the audit events of imports."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

register_event_words(
    "cms_core_importer",
    {
        "merged_links_led": _("Links of a merged page led to their new places"),
        "missing_file_attached": _("Missing file of a merged page attached"),
        "missing_file_dropped": _("Missing file of a merged page given up"),
    },
)
