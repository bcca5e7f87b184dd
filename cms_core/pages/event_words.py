"""Words for the audit events of pages."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

register_event_words(
    "cms_core_pages",
    {
        "page_deleted": _("Page deleted"),
        "page_moved": _("Page moved"),
        "page_purged": _("Page deleted for good"),
        "page_recycled": _("Page moved into the recycle bin"),
        "page_restored": _("Page restored from the recycle bin"),
        "page_withdrawn": _("Page withdrawn"),
        "withdrawal_notice_changed": _("Withdrawal notice changed"),
        "edit_lock_broken": _("Editing lock broken"),
        "bulk_change_started": _("Change of many pages ordered"),
    },
)
