"""Words for the audit events of checks."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

from .events import CheckEvent

register_event_words(
    "cms_core_content_checks",
    {
        CheckEvent.CHECKED: _("Text checked"),
        CheckEvent.WAIVED: _("Finding waived"),
        CheckEvent.WAIVER_ENDED: _("Waiver taken back"),
        CheckEvent.LIST_CHANGED: _("List of terms changed"),
        CheckEvent.LEADER_CHANGED: _("List of leaders changed"),
    },
)
