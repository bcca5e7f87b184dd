"""The platform's own pages of this app, for its navigation."""

from django.utils.translation import gettext_lazy as _

from sites.registry.platform_pages import register_platform_page

register_platform_page("importing", label=_("Merge old sites"), path="/platform/importing/")
register_platform_page("repeated", label=_("Articles in several sites"), path="/platform/repeated/")
