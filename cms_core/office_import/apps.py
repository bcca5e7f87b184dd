"""Word files and spreadsheets as articles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficeImportConfig(AppConfig):
    name = "cms_core.office_import"
    label = "cms_core_office_import"
    verbose_name = _("Import from Word and spreadsheets")
    default_auto_field = "django.db.models.BigAutoField"
