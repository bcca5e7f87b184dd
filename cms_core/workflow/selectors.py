"""Reads of review: where a text stands, what waits for whom. What applies where: ``policy_selectors``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Revision, TaskState, WorkflowState

from sites.accounts.enums import RoleCode
from sites.accounts.rights import rights_of

from . import rules
from .engine import ReviewRun, ReviewTask, current_task_state
from .enums import Decision, ReviewStage
from .models import ReviewEntry, StageWorkflow, Submission, UrgentRelease
from .policy_selectors import (  # noqa: F401  (the room's reads have one name)
    LOOKED_AT,
    forget_policy,
    forget_reviewers,
    is_reviewer,
    is_under_review,
    policy_rows,
    policy_table,
    review_path,
    reviewers_here,
    reviewers_of,
    reviews_at,
    staff_at,
    stages_for,
    tenant_id_of,
    workflow_for,
)
from .rules import Stages


def authors_since(obj: Any, revision_id: int) -> frozenset[int]:
    """Ids of those who wrote a revision of ``obj`` after ``revision_id``."""
    rows = Revision.objects.for_instance(obj).filter(pk__gt=revision_id, user_id__isnull=False)
    return frozenset(rows.order_by().values_list("user_id", flat=True).distinct())


def baseline_of(obj: Any) -> int:
    """The newest revision of ``obj`` that a finished review covers, or the public one; 0 without."""
    public = obj.live_revision_id or 0
    done = (
        entries_of(obj)
        .filter(decision__in=[Decision.PUBLISHED, Decision.MADE_UP], revision_id__isnull=False)
        .order_by("-revision_id")
        .values_list("revision_id", flat=True)
        .first()
    )
    return max(public, done or 0)


# -- where a text stands ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Where something stands in its review.

    ``required``: the stages that apply to it (of the running review, where one runs). ``status``:
    ``none`` (no review applies), ``draft``, ``in_review``, ``returned``, ``done``. ``stage``: the one
    that waits. ``approved``: stages done in this run. ``reason``, ``returned_by``: of a return.
    ``is_make_up``: reviews of something released urgently; ``owes``: it still owes them.
    """

    status: str
    required: Stages = ()
    stage: ReviewStage | None = None
    approved: Stages = ()
    run: ReviewRun | None = None
    task_state: TaskState | None = None
    submission: Submission | None = None
    reason: str = ""
    returned_by: Any = None
    is_make_up: bool = False
    owes: UrgentRelease | None = None
    authors: frozenset[int] = frozenset()
    earlier: tuple[tuple[ReviewStage, int], ...] = ()


def run_of(obj: Any) -> ReviewRun | None:
    """The run of review that is not finished, or ``None``."""
    if obj.pk is None:
        return None
    found: ReviewRun | None = (
        ReviewRun.objects.for_instance(obj)
        .active()
        .select_related("current_task_state__task", "requested_by")
        .first()
    )
    return found


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The run of review of an object, read once. ``is_running``: one of ours, not finished or returned."""

    run: ReviewRun | None
    is_running: bool


def look_at(obj: Any) -> None:
    """Read the run of review of ``obj`` once, for a screen that asks for many people and changes nothing."""
    run = run_of(obj)
    is_running = (
        run is not None
        and run.status == WorkflowState.STATUS_IN_PROGRESS
        and bool(stages_of_run(run))
    )
    obj.__dict__[LOOKED_AT] = LookedAt(run, is_running)


def as_run(state: WorkflowState) -> ReviewRun:
    """A run that Wagtail fetched, with our ways to go on: a proxy is the same row."""
    state.__class__ = ReviewRun
    return state  # type: ignore[return-value]


def stages_of_run(run: WorkflowState) -> Stages:
    """The stages of a run, from its workflow; empty for a workflow that is not ours."""
    stored = (
        StageWorkflow.objects.filter(workflow_id=run.workflow_id)
        .values_list("stages", flat=True)
        .first()
    )
    return rules.parse_stages(stored or "")


def approvals_of_run(run: WorkflowState, stages: Stages) -> dict[ReviewStage, int]:
    """Stage → who approved it in this run."""
    rows = ReviewEntry.objects.filter(run_id=run.pk).order_by("pk")
    return rules.approvals_in_force(rows.values_list("decision", "stage", "person_id"), stages)


def review_state(obj: Any) -> ReviewState:
    """Where ``obj`` stands. At most six queries, whatever its history."""
    owes = open_release_of(obj)
    run = run_of(obj)
    stages = stages_of_run(run) if run is not None else ()
    if run is None or not stages:
        required = stages_for(obj)
        is_public = getattr(obj, "live", False) and not obj.has_unpublished_changes
        status = "none" if not required else "done" if is_public else "draft"
        return ReviewState(status, required, owes=owes)
    submission = Submission.objects.filter(pk=run.pk).select_related("urgent_release").first()
    approvals = approvals_of_run(run, stages)
    task_state = current_task_state(run)
    baseline = submission.baseline_revision_id if submission is not None else 0
    common: dict[str, Any] = {
        "required": stages,
        "approved": tuple(approvals),
        "run": run,
        "submission": submission,
        "is_make_up": submission is not None and submission.urgent_release_id is not None,
        "owes": owes,
        "authors": authors_since(obj, baseline),
        "earlier": tuple(approvals.items()),
    }
    if task_state is not None:
        task = ReviewTask.objects.get(pk=task_state.task_id)
        return ReviewState("in_review", stage=task.review_stage, task_state=task_state, **common)
    last = (
        ReviewEntry.objects.filter(run_id=run.pk, decision=Decision.RETURNED)
        .select_related("person")
        .order_by("-pk")
        .first()
    )
    return ReviewState(
        "returned",
        stage=ReviewStage(last.stage) if last is not None and last.stage else None,
        reason=last.reason if last is not None else "",
        returned_by=last.person if last is not None else None,
        **common,
    )


@dataclass(frozen=True, slots=True)
class MayDecide:
    """What somebody may do with a text in review; ``obstacle``: why not approve."""

    may_approve: bool = False
    may_return: bool = False
    obstacle: rules.Obstacle | None = None


def may_decide(user: Any, obj: Any, state: ReviewState | None = None) -> MayDecide:
    """What ``user`` may decide on ``obj`` now."""
    state = review_state(obj) if state is None else state
    if state.status != "in_review" or state.stage is None:
        return MayDecide()
    obstacle = obstacle_for(user, obj, state)
    return MayDecide(
        may_approve=obstacle is None,
        may_return=obstacle != rules.Obstacle.NOT_A_REVIEWER,
        obstacle=obstacle,
    )


def obstacle_for(user: Any, obj: Any, state: ReviewState) -> rules.Obstacle | None:
    """Why ``user`` may not approve the stage that waits, or ``None``."""
    if state.stage is None:
        return rules.Obstacle.NOT_A_REVIEWER
    return rules.obstacle_to_approval(
        person=user.pk,
        stage=state.stage,
        stages=state.required,
        reviewers=reviewers_of(state.stage, obj),
        authors=state.authors,
        earlier={person for stage, person in state.earlier if stage != state.stage},
    )


def may_withdraw(user: Any, run: WorkflowState) -> bool:
    """Whether ``user`` may take the text back: who submitted it. What owes its reviews stays in them."""
    if run.requested_by_id != user.pk:
        return False
    return not Submission.objects.filter(pk=run.pk, urgent_release__isnull=False).exists()


def open_release_of(obj: Any) -> UrgentRelease | None:
    """The urgent release whose reviews ``obj`` still owes."""
    if obj.pk is None:
        return None
    return UrgentRelease.objects.filter(
        content_type=content_type_of(obj), object_id=str(obj.pk), closed_at=None
    ).first()


def content_type_of(obj: Any) -> ContentType:
    """The type that the record knows ``obj`` by: for a page always the base type."""
    found: ContentType = obj.get_base_content_type()
    return found


def entries_of(obj: Any) -> QuerySet[ReviewEntry]:
    """The review record of ``obj``, oldest first."""
    return (
        ReviewEntry.objects.filter(content_type=content_type_of(obj), object_id=str(obj.pk))
        .select_related("person")
        .order_by("pk")
    )


def returned_revision(obj: Any) -> int | None:
    """The revision of ``obj`` that was returned last since it was published, where it still is there."""
    last = (
        entries_of(obj)
        .filter(decision__in=[Decision.RETURNED, Decision.PUBLISHED, Decision.MADE_UP])
        .order_by("-pk")
        .values_list("decision", "revision_id")
        .first()
    )
    if last is None or last[0] != Decision.RETURNED:
        return None
    found = Revision.objects.for_instance(obj).filter(pk=last[1])
    return last[1] if found.exists() else None


# -- what waits for whom ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One text in a list of review. ``obj``: as its own type; ``by``: who submitted or returned it."""

    obj: Any
    run_id: int
    content_type_id: int
    stage: ReviewStage | None
    status: str
    by: Any
    since: Any
    reason: str = ""
    is_urgent: bool = False


def task_states_for(user: Any, stage: ReviewStage) -> QuerySet[TaskState]:
    """Decisions that wait at ``stage`` for ``user``, for Wagtail's own lists."""
    runs = [item.run_id for item in waiting_for(user) if item.stage == stage]
    found: QuerySet[TaskState] = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, workflow_state_id__in=runs
    )
    return found


def waiting_for(user: Any, *, limit: int | None = None) -> list[QueueItem]:
    """What waits at a stage that ``user`` reviews, oldest first; their own texts too, which they can
    only return.
    """
    mine = [r for r in reviewers_here() if r.user_id == user.pk]
    if not mine:
        return []
    states = _runs(
        WorkflowState.objects.filter(
            status=WorkflowState.STATUS_IN_PROGRESS,
            current_task_state__status=TaskState.STATUS_IN_PROGRESS,
            current_task_state__task__in=ReviewTask.objects.filter(
                stage__in={reviewer.stage for reviewer in mine}
            ).values("task_ptr_id"),
        ).order_by("current_task_state__started_at", "pk")
    )
    items = _items(states)
    found = [
        item
        for item in items
        if any(r.stage == item.stage and r.covers(review_path(item.obj)) for r in mine)
    ]
    return found[:limit]


def returned_to(user: Any, *, limit: int | None = None) -> list[QueueItem]:
    """What was returned and waits for ``user``, who submitted it or wrote it. Newest first."""
    states = _runs(
        WorkflowState.objects.filter(status=WorkflowState.STATUS_NEEDS_CHANGES).order_by(
            "-current_task_state__finished_at", "-pk"
        )
    )
    if not states:
        return []
    written = _written_by(user, states)
    return _items([s for s in states if s.requested_by_id == user.pk or s.pk in written])[:limit]


def submitted_by(user: Any, *, limit: int | None = None) -> list[QueueItem]:
    """What ``user`` submitted and is in review. Newest first."""
    return _items(
        _runs(
            WorkflowState.objects.filter(
                status=WorkflowState.STATUS_IN_PROGRESS, requested_by_id=user.pk
            ).order_by("-created_at", "-pk")
        )
    )[:limit]


def urgent_releases(*, only_open: bool = False) -> QuerySet[UrgentRelease]:
    """Urgent releases of the open site, those that still owe reviews first."""
    rows = UrgentRelease.objects.select_related("released_by").order_by(
        "closed_at", "-released_at", "-pk"
    )
    return rows.filter(closed_at=None) if only_open else rows


def _runs(states: Any) -> list[WorkflowState]:
    return list(
        states.filter(workflow__review_stages__isnull=False).select_related(
            "current_task_state__finished_by", "requested_by", "submission", "content_type"
        )
    )


def _written_by(user: Any, states: Iterable[WorkflowState]) -> set[int]:
    """Of these runs, those whose text ``user`` changed since the last finished review. One query."""
    baseline = {
        (state.base_content_type_id, state.object_id): (
            state.pk,
            state.submission.baseline_revision_id,
        )
        for state in states
        if hasattr(state, "submission")
    }
    wanted = Q(pk__in=[])
    by_type: dict[int, list[str]] = {}
    for content_type_id, object_id in baseline:
        by_type.setdefault(content_type_id, []).append(object_id)
    for content_type_id, object_ids in by_type.items():
        wanted |= Q(base_content_type_id=content_type_id, object_id__in=object_ids)
    newest: dict[tuple[int, str], int] = {}
    rows = Revision.objects.filter(wanted, user_id=user.pk).order_by("pk")
    for content_type_id, object_id, pk in rows.values_list(
        "base_content_type_id", "object_id", "pk"
    ):
        newest[content_type_id, object_id] = pk
    return {
        run_id
        for key, (run_id, from_revision) in baseline.items()
        if newest.get(key, 0) > from_revision
    }


def _items(states: list[WorkflowState]) -> list[QueueItem]:
    """The texts of these runs, with one query a model and two for the rest."""
    by_type: dict[ContentType, list[str]] = {}
    for state in states:
        by_type.setdefault(state.content_type, []).append(state.object_id)
    objects: dict[tuple[int, str], Any] = {}
    for content_type, object_ids in by_type.items():
        model: Any = content_type.model_class()
        if model is None:
            continue
        for obj in model._base_manager.filter(pk__in=object_ids):
            objects[content_type.pk, str(obj.pk)] = obj
    stage_of = dict(ReviewTask.objects.values_list("pk", "stage"))
    found = []
    for state in states:
        obj = objects.get((state.content_type_id, state.object_id))
        if obj is None:
            continue
        task_state = state.current_task_state
        is_returned = state.status == WorkflowState.STATUS_NEEDS_CHANGES
        code = stage_of.get(task_state.task_id) if task_state is not None else None
        found.append(
            QueueItem(
                obj=obj,
                run_id=state.pk,
                content_type_id=state.base_content_type_id,
                stage=ReviewStage(code) if code else None,
                status="returned" if is_returned else "in_review",
                by=task_state.finished_by if is_returned else state.requested_by,
                since=(
                    (task_state.finished_at if is_returned else task_state.started_at)
                    if task_state is not None
                    else state.created_at
                ),
                reason=task_state.comment if is_returned else "",
                is_urgent=hasattr(state, "submission")
                and state.submission.urgent_release_id is not None,
            )
        )
    return found


def may_see_all_reviews(user: Any) -> bool:
    """Whether ``user`` exports the whole record of the site: its administrator, and whoever reviews last."""
    return bool(rights_of(user).roles & {RoleCode.SITE_ADMINISTRATOR, RoleCode.FINAL_REVIEWER})


def entries_between(start: date, end: date) -> QuerySet[ReviewEntry]:
    """The review record of the open site from ``start`` to ``end`` (dates, both included)."""
    zone = timezone.get_current_timezone()
    first = datetime.combine(start, time.min, tzinfo=zone)
    last = datetime.combine(end, time.max, tzinfo=zone)
    return (
        ReviewEntry.objects.filter(at__gte=first, at__lte=last)
        .select_related("person")
        .order_by("at", "pk")
    )
