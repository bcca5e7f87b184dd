"""The practice site and its nightly reset."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PracticeConfig(AppConfig):
    name = "cms_core.practice"
    label = "cms_core_practice"
    verbose_name = _("Practice site")
