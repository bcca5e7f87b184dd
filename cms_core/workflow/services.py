"""Writes of review. Each is one transaction, locks the run, and leaves an entry and an audit event."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState, Workflow, WorkflowState

from sites.audit.services import record_event

from . import gate, rules, selectors, submission_checks
from .engine import ReviewRun, ReviewTask, current_task_state, plain_state
from .enums import Decision, ReturnTo, ReviewStage
from .events import ReviewEvent
from .exceptions import ReviewRefused
from .models import REASON_LENGTH, ReviewEntry, Submission, UrgentRelease
from .obstacles import newest_revision, refuse_standing, refuse_unstaffed
from .permissions import may_submit
from .policy_services import ensure_workflow
from .rules import Obstacle, Stages
from .selectors import ReviewState

#: Shortest reason that says anything: "内容有误" has four characters.
REASON_LEAST = 4


# -- submitting -------------------------------------------------------------------------------------


def submit_for_review(*, actor: Any, obj: Any) -> WorkflowState:
    """Submit the newest draft of ``obj`` to its first review, or again after a return.

    After a return with an unchanged text the review goes on where it stopped; a changed text starts
    with the first review again. The earlier run stays in the record.

    :raises ReviewRefused: nothing to review, already in review, nobody to review it, open findings.
    """
    obj = getattr(obj, "specific", obj)
    if not may_submit(actor, obj):
        raise ReviewRefused(_("You cannot change this text, so you cannot submit it."), obj)
    checked = newest_revision(obj)
    submission_checks.check_text(actor=actor, revision=checked)
    return _submit(actor, obj, checked)


@transaction.atomic
def _submit(actor: Any, obj: Any, checked: Revision) -> WorkflowState:
    obj = locked(obj)
    stages = selectors.stages_for(obj)
    run = selectors.run_of(obj)
    owes = selectors.open_release_of(obj)
    refuse_standing(obj, stages, run, owes)
    if (
        owes is not None and run is None
    ):  # its reviews ended without a decision: a page that was deleted
        return _begin(
            actor,
            obj,
            owes.missing_stages,
            newest_revision(obj),
            Decision.RESUBMITTED,
            baseline=owes.baseline_revision_id,
            urgent=owes,
        )
    revision = newest_revision(obj)
    if (revision.pk, revision.content) != (checked.pk, checked.content):  # written since
        submission_checks.check_text(actor=actor, revision=revision)
    submission_checks.refuse_open_findings(obj=obj, revision=revision)
    if run is None:
        return _begin(actor, obj, stages, revision, Decision.SUBMITTED)
    return _submit_again(actor, obj, run, revision)


def _submit_again(actor: Any, obj: Any, run: ReviewRun, revision: Revision) -> WorkflowState:
    submission = Submission.objects.select_related("urgent_release").filter(pk=run.pk).first()
    digest = digest_of(revision)
    state = plain_state(run.pk)
    old_stages = selectors.stages_of_run(run)
    last = _last_digest(run)
    is_made_up = submission is not None and submission.urgent_release is not None
    stages = old_stages if is_made_up else selectors.stages_for(obj)
    if digest == last and stages == old_stages:
        refuse_unstaffed(obj, stages, submission.baseline_revision_id if submission else 0)
        entry(actor=actor, obj=obj, run=state, decision=Decision.RESUBMITTED, revision=revision)
        state.resume(user=actor)
        return state
    baseline = submission.baseline_revision_id if submission is not None else None
    urgent = submission.urgent_release if submission is not None else None
    close_quietly(state, actor)
    if not stages:
        raise ReviewRefused(_("No review applies here: publish the text directly."), obj)
    return _begin(
        actor, obj, stages, revision, Decision.RESUBMITTED, baseline=baseline, urgent=urgent
    )


def _last_digest(run: WorkflowState) -> str:
    """Digest of the text that was returned in this run."""
    found = (
        ReviewEntry.objects.filter(run_id=run.pk, decision=Decision.RETURNED)
        .order_by("-pk")
        .values_list("revision_digest", flat=True)
        .first()
    )
    return found or ""


def _begin(
    actor: Any,
    obj: Any,
    stages: Stages,
    revision: Revision,
    decision: Decision,
    *,
    baseline: int | None = None,
    urgent: UrgentRelease | None = None,
) -> WorkflowState:
    baseline = selectors.baseline_of(obj) if baseline is None else baseline
    refuse_unstaffed(obj, stages, baseline)
    flow = ensure_workflow(tenant_id=selectors.tenant_id_of(obj), stages=stages)
    try:
        with transaction.atomic():
            state: WorkflowState = Workflow.objects.get(pk=flow.workflow_id).start(obj, actor)
    except (IntegrityError, ValidationError) as error:
        raise ReviewRefused(
            _("This text is in review already. Nothing was submitted twice."), obj
        ) from error
    Submission.objects.create(
        workflow_state=state,
        baseline_revision_id=baseline,
        urgent_release=urgent,
        submitted_digest=digest_of(revision),
    )
    if decision is not Decision.RELEASED:
        entry(actor=actor, obj=obj, run=state, decision=decision, revision=revision)
    return state


def begin_make_up(
    *,
    actor: Any,
    obj: Any,
    stages: Stages,
    revision: Revision,
    urgent: UrgentRelease,
    baseline: int,
) -> WorkflowState:
    """Start the reviews that an urgent release left out. Called by ``urgent`` inside its transaction."""
    return _begin(actor, obj, stages, revision, Decision.RELEASED, baseline=baseline, urgent=urgent)


# -- deciding ---------------------------------------------------------------------------------------


@transaction.atomic
def approve(
    *,
    actor: Any,
    task_state: TaskState,
    note: str = "",
    revision_id: int | None = None,
    digest: str = "",
) -> None:
    """Approve the stage that waits. After the last one the text is published.

    ``revision_id``, ``digest``: the text that the reviewer saw; where another is there by now, the
    approval is refused. The editor's own screen has just saved what it shows and gives neither.

    :raises ReviewRefused: decided by somebody else meanwhile, not theirs to approve, outdated text.
    """
    state, obj, waiting = _waiting(task_state)
    revision = newest_revision(obj)
    if (revision_id is not None and revision_id != revision.pk) or (
        digest and digest != digest_of(revision)
    ):
        raise ReviewRefused(
            _(
                "The text was changed after you opened it. Read the new version, then decide. "
                "Nothing was approved."
            ),
            obj,
        )
    where = selectors.review_state(obj)
    obstacle = selectors.obstacle_for(actor, obj, where)
    if obstacle is not None:
        raise ReviewRefused(words_of_obstacle(obstacle, where), obj)
    earlier = {person for _stage, person in where.earlier}
    entry(
        actor=actor,
        obj=obj,
        run=state,
        decision=Decision.APPROVED,
        revision=revision,
        stage=where.stage,
        reason=note,
        is_urgent=where.is_make_up,
        is_alone=actor.pk in earlier or actor.pk in where.authors,
    )
    _on_newest(waiting, revision)
    waiting.approve(user=actor, comment=note[:REASON_LENGTH])


@transaction.atomic
def return_for_changes(
    *, actor: Any, task_state: TaskState, reason: str, to: str = ReturnTo.AUTHOR
) -> None:
    """Return the text with a reason: to its author, or to the review before.

    :raises ReviewRefused: no reason, decided meanwhile, not a reviewer here, no review before.
    """
    state, obj, waiting = _waiting(task_state)
    reason = require_reason(reason, obj)
    where = selectors.review_state(obj)
    if where.stage is None or not selectors.may_decide(actor, obj, where).may_return:
        raise ReviewRefused(words_of_obstacle(Obstacle.NOT_A_REVIEWER, where), obj)
    revision = newest_revision(obj)
    _on_newest(waiting, revision)
    values: dict[str, Any] = {
        "actor": actor,
        "obj": obj,
        "run": state,
        "revision": revision,
        "stage": where.stage,
        "reason": reason,
        "is_urgent": where.is_make_up,
    }
    if to != ReturnTo.PREVIOUS:
        entry(decision=Decision.RETURNED, **values)
        waiting.reject(user=actor, comment=reason)
        return
    before = rules.stage_before(where.stage, where.required)
    if before is None:
        raise ReviewRefused(_("There is no review before this one: return it to the author."), obj)
    entry(decision=Decision.RETURNED_TO_PREVIOUS, **values)
    waiting.reject(user=actor, comment=reason, update=False)
    task = ReviewTask.objects.get(stage=before, workflow_tasks__workflow_id=state.workflow_id)
    state.current_task_state = task.start(state, user=actor)
    state.save()


@transaction.atomic
def withdraw(*, actor: Any, run: WorkflowState) -> None:
    """Take one's own submission back (撤回送审): the text is a draft again, and the record stays.

    :raises ReviewRefused: somebody else's, finished meanwhile, or a text that still owes its reviews.
    """
    state, obj = _state_and_text(run.pk)
    if state.status not in (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES):
        raise ReviewRefused(_("This review is finished: there is nothing to take back."), obj)
    if not selectors.may_withdraw(actor, state):
        raise ReviewRefused(
            _("Only who submitted a text takes it back, and not one that was released urgently."),
            obj,
        )
    entry(
        actor=actor,
        obj=obj,
        run=state,
        decision=Decision.WITHDRAWN,
        revision=newest_revision(obj),
    )
    WorkflowState.cancel(state, user=actor)


def end_reviews(*, actor: Any, pages: Sequence[Any], reason: str) -> int:
    """End the running reviews of locked ``pages`` that leave the site; how many.

    What was approved for a public page is no approval to bring a withdrawn one back: its author submits
    it anew. What an urgent release still owes stays owed until then. Texts that were returned lie with
    their authors and stay so. ``reason``: for the record.
    """
    by_key = {str(page.pk): page for page in pages}
    if not by_key:
        return 0
    kind = selectors.content_type_of(next(iter(by_key.values())))
    running = WorkflowState.objects.filter(
        base_content_type=kind,
        object_id__in=list(by_key),
        status=WorkflowState.STATUS_IN_PROGRESS,
    ).order_by("pk")
    ended = list(running)
    for state in ended:
        page = by_key[state.object_id]
        WorkflowState.cancel(state, user=actor if hasattr(actor, "pk") else None)
        entry(
            actor=actor,
            obj=page,
            run=state,
            decision=Decision.CLOSED,
            revision=newest_revision(page),
            reason=reason,
        )
    return len(ended)


# -- finishing --------------------------------------------------------------------------------------


def finish_run(workflow_state: WorkflowState, user: Any = None) -> None:
    """Wagtail's ``WAGTAIL_FINISH_WORKFLOW_ACTION``: publish what passed all its reviews.

    The engine says that all tasks are done; the record must say so too.

    :raises ReviewRefused: the record holds no approval of one of the stages.
    """
    obj = _as_itself(workflow_state)
    stages = selectors.stages_of_run(workflow_state)
    if not stages:  # a workflow that is not ours: the gate decides
        obj.get_latest_revision().publish(user=user)
        return
    approved = selectors.approvals_of_run(workflow_state, stages)
    if rules.missing_stages(stages, approved):
        raise ReviewRefused(_("Not all reviews of this text were done."), obj)
    revision = newest_revision(obj)
    submission = (
        Submission.objects.select_related("urgent_release").filter(pk=workflow_state.pk).first()
    )
    urgent = submission.urgent_release if submission is not None else None
    if not (urgent is not None and obj.live and obj.live_revision_id == revision.pk):
        with gate.released(obj):
            # The approval is the right to publish: a reviewer of one stage needs no other.
            obj.publish(revision, user=user, skip_permission_checks=True)
    decision = Decision.PUBLISHED if urgent is None else Decision.MADE_UP
    entry(
        actor=user,
        obj=obj,
        run=workflow_state,
        decision=decision,
        revision=revision,
        is_urgent=urgent is not None,
    )
    if urgent is not None:
        close_release(urgent, Decision.MADE_UP)


def close_release(urgent: UrgentRelease, outcome: Decision) -> None:
    UrgentRelease.objects.filter(pk=urgent.pk).update(closed_at=timezone.now(), outcome=outcome)


def close_quietly(state: WorkflowState, actor: Any) -> None:
    """End a run that another one follows. Its entries stay."""
    if state.status in (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES):
        WorkflowState.cancel(state, user=actor)


# -- parts ------------------------------------------------------------------------------------------


def entry(
    *,
    actor: Any,
    obj: Any,
    decision: Decision,
    revision: Revision | None,
    run: WorkflowState | None = None,
    stage: ReviewStage | None = None,
    reason: str = "",
    is_urgent: bool = False,
    is_alone: bool = False,
) -> ReviewEntry:
    """One line of the record and its audit event."""
    line = ReviewEntry.objects.create(
        content_type=selectors.content_type_of(obj),
        object_id=str(obj.pk),
        title=title_of(obj, revision)[:255],
        run_id=run.pk if run is not None else None,
        stage=stage or "",
        decision=decision,
        person_id=getattr(actor, "pk", actor),
        at=timezone.now(),
        reason=reason[:REASON_LENGTH],
        revision_id=revision.pk if revision is not None else None,
        revision_digest=digest_of(revision) if revision is not None else "",
        is_urgent=is_urgent,
        is_alone=is_alone,
    )
    record_event(
        kind=ReviewEvent[decision.name],
        subject=obj,
        actor=actor,
        data={
            "entry": line.pk,
            "run": line.run_id,
            "stage": line.stage or None,
            "revision": line.revision_id,
            "urgent": is_urgent,
        },
    )
    return line


def title_of(obj: Any, revision: Revision | None) -> str:
    """The title of the text that is decided on, not of the public one."""
    return str(revision.object_str) if revision is not None and revision.object_str else str(obj)


def digest_of(revision: Revision) -> str:
    """Digest of a stored revision's text."""
    stored = Revision.objects.values_list("content", flat=True).get(pk=revision.pk)
    return rules.text_digest(stored)


def require_reason(reason: str, obj: Any) -> str:
    """:raises ReviewRefused: a reason that says nothing, or a page full."""
    reason = reason.strip()
    if len(reason) < REASON_LEAST:
        raise ReviewRefused(_("Please say why, in a few words: the reason is kept."), obj)
    if len(reason) > REASON_LENGTH:
        raise ReviewRefused(
            _("The reason is longer than %(most)d characters. Please shorten it.")
            % {"most": REASON_LENGTH},
            obj,
        )
    return reason


def words_of_obstacle(obstacle: Obstacle, where: ReviewState) -> str:
    """What to tell somebody who may not approve."""
    if obstacle is Obstacle.IS_AUTHOR:
        return _(
            "You wrote or changed this text yourself, so somebody else must approve it here. Your "
            "changes are saved."
        )
    if obstacle is Obstacle.REVIEWED_BEFORE:
        return _(
            "You approved an earlier review of this text. Another reviewer is there for this one."
        )
    stage = where.stage.label if where.stage is not None else ""
    return _("You are not a reviewer of this section for the %(stage)s.") % {"stage": stage}


def locked(obj: Any) -> Any:
    """``obj`` as its own type, freshly read, its row locked."""
    # A page's own type has a table beside the pages': locked there, two would lock different rows.
    parents = type(obj)._meta.all_parents
    model = parents[-1] if parents else type(obj)
    row = model._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
    return getattr(row, "specific", row)


def _as_itself(state: WorkflowState) -> Any:
    obj = state.content_object
    return getattr(obj, "specific", obj)


def _state_and_text(pk: int) -> tuple[WorkflowState, Any]:
    """The run and its text, locked. The text first, as everywhere: two who lock in different order
    wait for each other for ever."""
    text = WorkflowState.objects.get(pk=pk).content_object
    obj = locked(text) if text is not None else None
    return plain_state(pk), obj


def _waiting(task_state: TaskState) -> tuple[WorkflowState, Any, TaskState]:
    """The run, the text and the stage that waits, locked.

    :raises ReviewRefused: the stage was decided meanwhile.
    """
    state, obj = _state_and_text(task_state.workflow_state_id)
    waiting = current_task_state(state)
    if waiting is None or waiting.pk != task_state.pk:
        raise ReviewRefused(
            _("Somebody else decided on this review meanwhile. Nothing was done twice."), obj
        )
    waiting.workflow_state = state
    return state, obj, waiting


def _on_newest(waiting: TaskState, revision: Revision) -> None:
    """A reviewer's correction is a newer revision than the one the stage began with."""
    if waiting.revision_id != revision.pk:
        waiting.revision = revision
        waiting.save(update_fields=["revision"])
