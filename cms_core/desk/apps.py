"""What staff see first: their work, their figures, their help."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "cms_core.desk"
    label = "cms_core_desk"
    verbose_name = _("Desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sites.registry.desk_lines import desk_lines

        desk_lines.discover()
