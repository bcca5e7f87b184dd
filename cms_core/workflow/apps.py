"""Three-stage review (三审三校)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowConfig(AppConfig):
    name = "cms_core.workflow"
    label = "cms_core_workflow"
    verbose_name = _("Review")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import pre_delete, pre_save
        from wagtail.models import Revision

        from .reviewed import watch_schedules
        from .urgent import close_with_the_text

        pre_save.connect(
            watch_schedules, sender=Revision, dispatch_uid="cms_core.workflow.schedules"
        )
        pre_delete.connect(close_with_the_text, dispatch_uid="cms_core.workflow.closing")
