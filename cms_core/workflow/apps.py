"""Three-stage review (三审三校)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "cms_core.workflow"
    label = "cms_core_workflow"
    verbose_name = _("Review")
    default_auto_field = "django.db.models.BigAutoField"
