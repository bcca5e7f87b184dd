"""Merging of old sites."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImporterConfig(AppConfig):
    name = "cms_core.importer"
    label = "cms_core_importer"
    verbose_name = _("Import of old sites")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from .old_texts import settle_published

        page_published.connect(settle_published, dispatch_uid="cms_core.importer.old_texts")
