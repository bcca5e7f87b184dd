"""The platform's own pages of this app, for its navigation."""

from django.utils.translation import gettext_lazy as _

from sites.registry.platform_pages import register_platform_page

register_platform_page(
    "notices",
    label=_("Mourning and emergency bar"),
    path="/platform/notices/",
    about=_("Propose one for all sites, or confirm what another operator proposed."),
)
