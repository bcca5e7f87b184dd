"""Page types of government sites."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "cms_core.pages"
    label = "cms_core_pages"
    verbose_name = _("Pages")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sites.registry.home_defaults import home_defaults

        from . import comparisons
        from .fields import tell_wrong_choices
        from .publication import connect

        connect()
        home_defaults.discover()
        tell_wrong_choices()
        comparisons.register()
