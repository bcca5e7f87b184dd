"""Opening whole sites from declared blueprints."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlueprintsConfig(AppConfig):
    name = "cms_core.blueprints"
    label = "cms_core_blueprints"
    verbose_name = _("Blueprints")

    def ready(self) -> None:
        from sites.registry.blueprint_parts import blueprint_parts

        blueprint_parts.discover()
