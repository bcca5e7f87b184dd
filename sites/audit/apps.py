"""The audit app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "sites.audit"
    label = "sites_audit"
    verbose_name = _("Audit trail")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sites.registry.events import event_words

        post_migrate.connect(_protect_again, sender=self, dispatch_uid="sites.audit.append_only")
        event_words.discover()


def _protect_again(using: str, **kwargs: Any) -> None:
    """SQLite rebuilds a table to alter it, and its triggers go with the old one."""
    from .append_only import protect_tables

    protect_tables(using)
