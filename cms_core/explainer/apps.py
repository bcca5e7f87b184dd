"""Who may do what on a site, who may not, and why."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExplainerConfig(AppConfig):
    name = "cms_core.explainer"
    label = "cms_core_explainer"
    verbose_name = _("Who may do what")
    default_auto_field = "django.db.models.BigAutoField"
