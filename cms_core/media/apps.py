"""Images and files."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MediaConfig(AppConfig):
    name = "cms_core.media"
    label = "cms_core_media"
    verbose_name = _("Images and files")
    default_auto_field = "django.db.models.BigAutoField"
