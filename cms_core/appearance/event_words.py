"""Words for the audit events of the look of sites and of notices."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

from .events import AppearanceEvent

register_event_words(
    "cms_core_appearance",
    {
        AppearanceEvent.DRAFT_SAVED: _("Draft of the look saved"),
        AppearanceEvent.DRAFT_DISCARDED: _("Draft of the look discarded"),
        AppearanceEvent.PUT_LIVE: _("Look put live"),
        AppearanceEvent.WENT_BACK: _("Look taken back to an earlier version"),
        AppearanceEvent.NOTICE_PROPOSED: _("Mourning or emergency bar proposed"),
        AppearanceEvent.NOTICE_CONFIRMED: _("Mourning or emergency bar confirmed"),
        AppearanceEvent.NOTICE_LIFTED: _("Mourning or emergency bar lifted"),
    },
)
