"""Words for the audit events of the practice site."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

from .enums import PracticeEvent

register_event_words(
    "cms_core_practice",
    {
        PracticeEvent.OPENED: _("Practice site opened"),
        PracticeEvent.RESET: _("Practice site reset"),
    },
)
