"""Merging of old sites."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImporterConfig(AppConfig):
    name = "cms_core.importer"
    label = "cms_core_importer"
    verbose_name = _("Import of old sites")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_save
        from wagtail.models import Revision
        from wagtail.signals import page_published

        from .missing import settle_replaced
        from .old_texts import settle_published

        post_save.connect(
            settle_replaced, sender=Revision, dispatch_uid="cms_core.importer.missing"
        )

        page_published.connect(settle_published, dispatch_uid="cms_core.importer.old_texts")
