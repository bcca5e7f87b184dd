"""Reads of the review policy: what applies where, and who reviews.

The policy and the reviewers of a site are read once a scope: every screen asks for them many times.
"""

from dataclasses import dataclass
from typing import Any

from wagtail.models import WorkflowState

from sites.accounts.models import Membership
from sites.tenancy.scope import require_scope

from . import rules
from .enums import ROLE_OF_STAGE, ReviewStage
from .models import ReviewPolicy, StageWorkflow
from .rules import PolicyTable, Stages

_POLICY = "review.policy"
_REVIEWERS = "review.reviewers"
#: Where an object that is only looked at keeps its run of review: see ``selectors.look_at``.
LOOKED_AT = "_review_looked_at"


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
    path: Any  # empty for the site's own row
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
    looked_at = obj.__dict__.get(LOOKED_AT)
    if looked_at is not None:
        return bool(looked_at.is_running)
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
class Reviewer:
    """One membership of a reviewer. ``paths``: ``None`` for the whole site."""

    user_id: int
    stage: ReviewStage
    paths: tuple[str, ...] | None

    def covers(self, path: str) -> bool:
        return self.paths is None or any(path.startswith(own) for own in self.paths)


def _reviewers(tenant_id: int) -> tuple[Reviewer, ...]:
    memo = require_scope().memo
    known: dict[int, tuple[Reviewer, ...]] = memo.setdefault(_REVIEWERS, {})
    if tenant_id not in known:
        known[tenant_id] = _read_reviewers(tenant_id)
    return known[tenant_id]


def _read_reviewers(tenant_id: int) -> tuple[Reviewer, ...]:
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
        Reviewer(user_id, stage_of[role], tuple(paths) if is_limited else None)
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
    return any(reviewer.user_id == user.pk for reviewer in reviewers_here())


def staff_at(stage: ReviewStage) -> int:
    """How many people review at ``stage`` somewhere on the open site."""
    return len({r.user_id for r in reviewers_here() if r.stage == stage})


def reviewers_here() -> tuple[Reviewer, ...]:
    """The reviewers of the open site, one for each membership."""
    return _reviewers(require_scope().tenant_id or 0)
