"""Words for the audit events of published resources."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

from .enums import RESOURCE_PUBLISHED, RESOURCE_WITHDRAWN

register_event_words(
    "cms_core_resources",
    {RESOURCE_PUBLISHED: _("Published"), RESOURCE_WITHDRAWN: _("Withdrawn")},
)
