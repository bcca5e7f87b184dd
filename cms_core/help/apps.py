"""The how-tos of the screens, shown inside the administration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HelpConfig(AppConfig):
    name = "cms_core.help"
    label = "cms_core_help"
    verbose_name = _("Help")

    def ready(self) -> None:
        from sites.registry.help_screens import help_screens

        from . import checks  # noqa: F401  (registers them)

        help_screens.discover()
