"""Words for the audit events of opening sites."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

register_event_words(
    "cms_core_blueprints",
    {
        "tenant_opened": _("Site opened"),
        "blueprint_applied": _("Blueprint applied to the site"),
        "blueprint_exported": _("Site exported as a blueprint"),
        "opening_list_brought": _("List of sites to open brought"),
        "opening_list_begun": _("List of sites to open begun"),
    },
)
