"""The look of each site, mourning and the emergency bar."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppearanceConfig(AppConfig):
    name = "cms_core.appearance"
    label = "cms_core_appearance"
    verbose_name = _("Look of sites")
    default_auto_field = "django.db.models.BigAutoField"
