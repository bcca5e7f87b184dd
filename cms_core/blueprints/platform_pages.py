"""The platform's own pages of this app, for its navigation."""

from django.utils.translation import gettext_lazy as _

from sites.registry.platform_pages import register_platform_page

register_platform_page("opening", label=_("Open sites from a list"), path="/platform/opening/")
register_platform_page("blueprints", label=_("Blueprints"), path="/platform/blueprints/")
