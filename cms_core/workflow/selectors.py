"""Reads of review: what applies where, who reviews, what waits for whom.

The policy and the reviewers of a site are read once a scope: every screen asks for them many times.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.models import Revision, TaskState, WorkflowState

from sites.accounts.enums import RoleCode
from sites.accounts.models import Membership
from sites.tenancy.scope import require_scope

from . import rules
from .engine import ReviewRun, ReviewTask, current_task_state
from .enums import ROLE_OF_STAGE, Decision, ReviewStage
from .models import ReviewEntry, ReviewPolicy, StageWorkflow, Submission, UrgentRelease
from .rules import PolicyTable, Stages

_POLICY = "review.policy"
_REVIEWERS = "review.reviewers"


# -- what applies where -----------------------------------------------------------------------------


def tenant_id_of(obj: Any) -> int:
    """The tenant of ``obj``; of the open scope where the guard has not filled it yet."""
    found = getattr(obj, "tenant_id", None) or require_scope().tenant_id
    return int(found or 0)


def policy_table(tenant_id: int) -> PolicyTable:
    """The review policy of one site. One query a scope."""
    memo = require_scope().memo
    tables: dict[int, PolicyTable] = memo.setdefault(_POLICY, {})
    if tenant_id not in tables:
        tables[tenant_id] = _read_policy(tenant_id)
    return tables[tenant_id]


def _read_policy(tenant_id: int) -> PolicyTable:
    site: Stages = ()
    is_on = False
    sections = []
    rows = ReviewPolicy.objects.filter(tenant_id=tenant_id)
    for path, stages, switched_on in rows.values_list("section__path", "stages", "is_on"):
        if path is None:
            site, is_on = rules.parse_stages(stages), switched_on
        else:
            sections.append((path, rules.parse_stages(stages)))
    return PolicyTable(is_on, site, tuple(sorted(sections)))


def forget_policy() -> None:
    """After a change in this scope."""
    require_scope().memo.pop(_POLICY, None)


def review_path(obj: Any) -> str:
    """Where ``obj`` stands in the tree of sections; ``""`` for what has no place of its own."""
    return str(obj.review_path())


def stages_for(obj: Any) -> Stages:
    """The reviews that ``obj`` must pass before it is published."""
    return policy_table(tenant_id_of(obj)).stages_at(review_path(obj))


def is_under_review(obj: Any) -> bool:
    """Whether nobody may publish ``obj`` directly: reviews apply to it, or one is running."""
    table = policy_table(tenant_id_of(obj))
    if table.stages_at(review_path(obj)):
        return True
    if obj.pk is None or not table.is_declared:
        return False
    running = WorkflowState.objects.for_instance(obj).filter(
        status=WorkflowState.STATUS_IN_PROGRESS, workflow__review_stages__isnull=False
    )
    return bool(running.exists())


def workflow_for(tenant_id: int, stages: Stages) -> StageWorkflow | None:
    return (
        StageWorkflow.objects.filter(tenant_id=tenant_id, stages=rules.stages_code(stages))
        .select_related("workflow")
        .first()
    )


def policy_rows() -> list[ReviewPolicy]:
    """The policies of the open site's sections, by their place; the site's own row first."""
    return list(
        ReviewPolicy.objects.select_related("section").order_by("section__path", "section_id", "pk")
    )


# -- who reviews ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reviewer:
    """One membership of a reviewer. ``paths``: ``None`` for the whole site."""

    user_id: int
    stage: ReviewStage
    paths: tuple[str, ...] | None

    def covers(self, path: str) -> bool:
        return self.paths is None or any(path.startswith(own) for own in self.paths)


def _reviewers(tenant_id: int) -> tuple[_Reviewer, ...]:
    memo = require_scope().memo
    known: dict[int, tuple[_Reviewer, ...]] = memo.setdefault(_REVIEWERS, {})
    if tenant_id not in known:
        known[tenant_id] = _read_reviewers(tenant_id)
    return known[tenant_id]


def _read_reviewers(tenant_id: int) -> tuple[_Reviewer, ...]:
    stage_of = {role.value: stage for stage, role in ROLE_OF_STAGE.items()}
    rows = Membership.objects.active().filter(
        tenant_id=tenant_id, role__in=stage_of, user__is_active=True
    )
    found: dict[int, tuple[int, str, bool, list[str]]] = {}
    for pk, user_id, role, is_limited, path in rows.values_list(
        "pk", "user_id", "role", "is_limited", "sections__path"
    ):
        paths = found.setdefault(pk, (user_id, role, is_limited, []))[3]
        if path:
            paths.append(path)
    return tuple(
        _Reviewer(user_id, stage_of[role], tuple(paths) if is_limited else None)
        for user_id, role, is_limited, paths in found.values()
    )


def forget_reviewers() -> None:
    """After a change of memberships in this scope."""
    require_scope().memo.pop(_REVIEWERS, None)


def reviewers_of(stage: ReviewStage, obj: Any) -> frozenset[int]:
    """Ids of those who review ``obj`` at ``stage``, by their memberships."""
    path = review_path(obj)
    return frozenset(
        reviewer.user_id
        for reviewer in _reviewers(tenant_id_of(obj))
        if reviewer.stage == stage and reviewer.covers(path)
    )


def reviews_at(user: Any, stage: ReviewStage, obj: Any) -> bool:
    """Whether ``user`` reviews ``obj`` at ``stage``."""
    return user.pk in reviewers_of(stage, obj)


def is_reviewer(user: Any) -> bool:
    """Whether ``user`` reviews anything on the open site."""
    tenant_id = require_scope().tenant_id or 0
    return any(reviewer.user_id == user.pk for reviewer in _reviewers(tenant_id))


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
    tenant_id = require_scope().tenant_id or 0
    mine = [r for r in _reviewers(tenant_id) if r.user_id == user.pk]
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
    from sites.accounts.rights import rights_of

    return bool(rights_of(user).roles & {RoleCode.SITE_ADMINISTRATOR, RoleCode.FINAL_REVIEWER})


def entries_between(start: Any, end: Any) -> QuerySet[ReviewEntry]:
    """The review record of the open site from ``start`` to ``end`` (dates, both included)."""
    zone = timezone.get_current_timezone()
    first = timezone.datetime.combine(start, timezone.datetime.min.time(), tzinfo=zone)
    last = timezone.datetime.combine(end, timezone.datetime.max.time(), tzinfo=zone)
    return (
        ReviewEntry.objects.filter(at__gte=first, at__lte=last)
        .select_related("person")
        .order_by("at", "pk")
    )
