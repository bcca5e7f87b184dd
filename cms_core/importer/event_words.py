"""Words for the audit events of imports."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

register_event_words(
    "cms_core_importer",
    {
        "repeat_settled": _("Article in several sites settled"),
        "repeat_reopened": _("Article in several sites opened again"),
        "old_site_brought": _("Old site brought to be merged"),
        "old_site_merge_begun": _("Merging of an old site begun"),
        "old_site_merge_resumed": _("Merging of an old site gone on with"),
        "old_site_merge_stopped": _("Merging of an old site stopped"),
        "old_site_merge_done": _("Merging of an old site finished"),
        "old_site_discarded": _("File of an old site removed"),
        "old_site_merged": _("Old site merged into this one"),
        "merged_links_led": _("Links of a merged page led to their new places"),
        "old_text_checked": _("Old article of a merge looked at"),
        "missing_file_attached": _("Missing file of a merged page attached"),
        "missing_file_note_kept": _("Note of a missing file left on the page"),
        "missing_file_dropped": _("Missing file of a merged page given up"),
    },
)
