"""The sample city: made through the services, so that it obeys every rule."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "cms_core.demo"
    label = "cms_core_demo"
    verbose_name = _("Sample city")
