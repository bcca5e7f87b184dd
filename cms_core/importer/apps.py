"""Merging of old sites."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImporterConfig(AppConfig):
    name = "cms_core.importer"
    label = "cms_core_importer"
    verbose_name = _("Import of old sites")
    default_auto_field = "django.db.models.BigAutoField"
