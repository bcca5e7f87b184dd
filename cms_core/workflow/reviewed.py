"""What makes a model reviewed: pages and every model with Wagtail's draft mixins alike.

Wagtail keeps one workflow a model for the whole platform (``WorkflowContentType``). Here the policy of
the open site decides, so two sites review the same model in different ways, or not at all.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, TaskState

from . import gate


class Reviewed(models.Model):
    """Stands first among the bases: ``class Notice(Reviewed, WorkflowMixin, DraftStateMixin, …)``.

    Needs Wagtail's WorkflowMixin, DraftStateMixin and RevisionMixin behind it, and a ``tenant``: what
    the type checker is told to ignore here is theirs.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> Any:
        """:raises ReviewRequired: the row would become public without its reviews."""
        if self._would_become_public(kwargs.get("update_fields")):
            gate.refuse_unreviewed(self)
        return super().save(*args, **kwargs)

    def review_path(self) -> str:
        """The tree path of the section whose policy counts; ``""``: the site's own policy."""
        return ""

    @classmethod
    def get_default_workflow(cls) -> Any:
        """The site's workflow for a new row of this model."""
        return cls().get_workflow()

    def get_workflow_stages(self) -> Any:
        from .policy_selectors import stages_for

        return stages_for(self)

    @property
    def has_workflow(self) -> bool:
        return bool(self.get_workflow_stages())

    def get_workflow(self) -> Any:
        return _flow(self, self.get_workflow_stages())

    @property
    def status_string(self) -> Any:
        """As Wagtail's; what is public to its last word and still in review was released urgently."""
        row: Any = self
        if row.live and not row.has_unpublished_changes and row.workflow_in_progress:
            return _("live + reviews to be made up")
        return super().status_string  # type: ignore[misc]

    @property
    def current_workflow_state(self) -> Any:
        """The run that is not finished, with our ways to go on (``engine.ReviewRun``)."""
        from .selectors import LOOKED_AT, as_run, run_of

        looked_at = self.__dict__.get(LOOKED_AT)
        if looked_at is not None:
            return looked_at.run
        # Lists fetch the runs of all their rows at once and leave them here (``prefetch_workflow_states``).
        fetched = self.__dict__.get("_current_workflow_states")
        if fetched is not None:
            return as_run(fetched[0]) if fetched else None
        return run_of(self)

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's; a revision that somebody decided on, or that is public, is never overwritten."""
        before: Revision | None = kwargs.get("overwrite_revision")
        if before is not None and (
            before.pk == getattr(self, "live_revision_id", None)
            or TaskState.objects.filter(revision_id=before.pk).exists()
        ):
            kwargs["overwrite_revision"] = None
        return super().save_revision(*args, **kwargs)  # type: ignore[misc]

    def publish(self, revision: Any, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's. What was scheduled passed the gate when it was scheduled."""
        if revision.approved_go_live_at is not None:
            with gate.released(self):
                return super().publish(revision, *args, **kwargs)  # type: ignore[misc]
        return super().publish(revision, *args, **kwargs)  # type: ignore[misc]

    def _would_become_public(self, update_fields: Any) -> bool:
        if not self.live or gate.is_released(self):  # type: ignore[attr-defined]
            return False
        if update_fields is not None and not {"live", "live_revision"} & set(update_fields):
            return False
        from .policy_selectors import policy_table, tenant_id_of

        if not policy_table(tenant_id_of(self)).is_declared:
            return False
        if self._state.adding:
            return True
        model: Any = type(self)
        before = (
            model._base_manager.filter(pk=self.pk).values_list("live", "live_revision_id").first()
        )
        return before is None or before != (True, self.live_revision_id)  # type: ignore[attr-defined]


class ReviewedPage(Reviewed):
    """A page: the policy of the nearest section above it counts."""

    class Meta:
        abstract = True

    def review_path(self) -> str:
        return str(self.path or "")  # type: ignore[attr-defined]

    def permissions_for_user(self, user: Any) -> Any:
        from .permissions import ReviewedPagePermissionTester

        return ReviewedPagePermissionTester(user, self)


def _flow(obj: Any, stages: Any) -> Any:
    """The site's workflow for these stages, or ``None`` where there are none."""
    from .engine import ReviewFlow
    from .policy_selectors import tenant_id_of
    from .policy_services import ensure_workflow

    if not stages:
        return None
    found = ensure_workflow(tenant_id=tenant_id_of(obj), stages=stages)
    return ReviewFlow.objects.get(pk=found.workflow_id)


def watch_schedules(sender: Any, instance: Revision, **kwargs: Any) -> None:
    """A revision gets a date at which it goes public: the gate, as for publishing at once."""
    if instance.approved_go_live_at is None:
        return
    update_fields = kwargs.get("update_fields")
    if update_fields is not None and "approved_go_live_at" not in update_fields:
        return
    obj = instance.content_object
    if isinstance(obj, Reviewed):
        gate.refuse_unreviewed(obj)
