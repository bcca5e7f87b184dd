"""The resource library app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResourcesConfig(AppConfig):
    name = "cms_core.resources"
    label = "cms_core_resources"
    verbose_name = _("Resource library")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sites.registry.resources import published_resources

        published_resources.discover()
