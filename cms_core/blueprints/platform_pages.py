"""The platform's own pages of this app, for its navigation."""

from django.utils.translation import gettext_lazy as _

from sites.registry.platform_pages import register_platform_page

register_platform_page(
    "opening",
    label=_("Open sites from a list"),
    path="/platform/opening/",
    about=_("Bring a list, look at what would be opened, open hundreds of sites at once."),
)
register_platform_page(
    "blueprints",
    label=_("Blueprints"),
    path="/platform/blueprints/",
    about=_(
        "What a new site begins with; compare a live site with it, or keep a live site as one."
    ),
)
