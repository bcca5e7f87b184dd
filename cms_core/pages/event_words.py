"""Words for the audit events of pages."""

from django.utils.translation import gettext_lazy as _

from sites.registry.events import register_event_words

register_event_words("cms_core_pages", {"page_deleted": _("Page deleted")})
