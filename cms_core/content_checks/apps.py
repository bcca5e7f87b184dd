"""Checks of a text before it is submitted (错别字、敏感词、个人信息…)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentChecksConfig(AppConfig):
    name = "cms_core.content_checks"
    label = "cms_core_content_checks"
    verbose_name = _("Content checks")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sites.registry.checked_content import checked_contents

        checked_contents.discover()
