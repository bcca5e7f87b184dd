"""The outbox app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "sites.outbox"
    label = "sites_outbox"
    verbose_name = _("Outbox")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sites.registry.delivery import consumers, job_kinds

        consumers.discover()
        job_kinds.discover()
