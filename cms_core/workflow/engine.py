"""Our part of Wagtail's workflow engine: its editor, locks, reports and comments go on working.

``ReviewTask`` is one stage of one site. ``ReviewFlow`` and ``ReviewRun`` are Wagtail's workflow and
workflow state whose ways to start, resume and end lead through the services: the editing screens call
them on whatever ``get_workflow()`` and ``current_workflow_state`` of a reviewed object give.
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.locks import WorkflowLock
from wagtail.models import LockableMixin, Task, TaskState, Workflow, WorkflowState

from sites.tenancy.visibility import own

from .enums import ReviewStage


class ReviewLock(WorkflowLock):
    """Says which review a text is in, and who may change it."""

    def get_message(self, user: Any) -> Any:
        from .screens import lock_message

        return lock_message(self.object, self.task) if self.for_user(user) else None


class ReviewTask(Task):
    """One stage of review (审级) of one site. Its reviewers are the holders of the stage's role."""

    tenant = models.ForeignKey(
        "sites_tenancy.Tenant", on_delete=models.CASCADE, related_name="+", editable=False
    )
    stage = models.CharField(_("review"), max_length=10, choices=ReviewStage)

    lock_class = ReviewLock
    tenant_visibility = own()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "stage"], name="reviewtask_once"),
        ]

    @property
    def review_stage(self) -> ReviewStage:
        return ReviewStage(self.stage)

    def __str__(self) -> str:
        return str(self.review_stage.label)

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        from .selectors import reviews_at

        obj = workflow_state.content_object
        holder = obj.locked_by if isinstance(obj, LockableMixin) else None
        if holder is not None and not reviews_at(holder, self.review_stage, obj):
            obj.locked, obj.locked_by, obj.locked_at = False, None, None
            obj.save(update_fields=["locked", "locked_by", "locked_at"])
        return super().start(workflow_state, user=user)

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """What the editor's buttons do. The values come from the browser: the services check them."""
        from . import services
        from .enums import ReturnTo

        if action_name == "approve":
            services.approve(
                actor=user, task_state=task_state, note=str(kwargs.get("comment") or "")
            )
        elif action_name == "reject":
            services.return_for_changes(
                actor=user,
                task_state=task_state,
                reason=str(kwargs.get("comment") or ""),
                to=str(kwargs.get("to") or ReturnTo.AUTHOR),
            )

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        from .selectors import reviews_at

        return reviews_at(user, self.review_stage, obj)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not self.user_can_access_editor(obj, user)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return self.user_can_access_editor(obj, user)

    def user_can_unlock(self, obj: Any, user: Any) -> bool:
        """Whoever may break a forgotten lock elsewhere may do it under review too."""
        from .permissions import holds

        return holds(user, obj, "unlock")

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        from .selectors import may_decide

        decide = may_decide(user, obj)
        actions: list[tuple[str, Any, bool]] = []
        if decide.may_return:
            actions.append(("reject", _("Return with a reason"), True))
        if decide.may_approve:
            actions += [
                ("approve", _("Approve this text"), False),
                ("approve", _("Approve with a note"), True),
            ]
        return actions

    def get_form_for_action(self, action: str) -> Any:
        from .forms import ReturnForm

        return ReturnForm if action == "reject" else TaskStateCommentForm

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        from .selectors import task_states_for

        return task_states_for(user, self.review_stage).filter(task_id=self.pk)

    @classmethod
    def get_description(cls) -> Any:
        return _("The site's reviewers of this stage, from their memberships")


class ReviewFlow(Workflow):
    """A workflow that is started by the service only."""

    class Meta:
        proxy = True
        verbose_name = _("review workflow")

    def start(self, obj: Any, user: Any) -> Any:
        from . import services

        return services.submit_for_review(actor=user, obj=obj)

    def begin(self, obj: Any, user: Any) -> WorkflowState:
        """Wagtail's own start, for the service."""
        state: WorkflowState = super().start(obj, user)
        return state


class ReviewRun(WorkflowState):
    """A workflow state that is resumed and taken back by the service only."""

    class Meta:
        proxy = True
        verbose_name = _("review run")

    def resume(self, user: Any = None) -> Any:
        from . import services

        services.submit_for_review(actor=user, obj=self.content_object)

    def cancel(self, user: Any = None) -> None:
        from . import services

        services.withdraw(actor=user, run=self)

    def user_can_cancel(self, user: Any) -> bool:
        from .selectors import may_withdraw

        return may_withdraw(user, self)


def plain_state(pk: int) -> WorkflowState:
    """The state as Wagtail's own class, for the services to move it. Locks the row."""
    state: WorkflowState = WorkflowState.objects.select_for_update(of=("self",)).get(pk=pk)
    return state


def current_task_state(state: WorkflowState) -> TaskState | None:
    """The stage that waits for a decision, freshly read."""
    if state.status != WorkflowState.STATUS_IN_PROGRESS or state.current_task_state_id is None:
        return None
    found: TaskState | None = TaskState.objects.filter(
        pk=state.current_task_state_id, status=TaskState.STATUS_IN_PROGRESS
    ).first()
    return found
