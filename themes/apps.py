"""Django app of the themes."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ThemesConfig(AppConfig):
    """Public looks; no models."""

    name = "themes"
    label = "themes"
    verbose_name = _("Themes")
