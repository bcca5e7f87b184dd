"""Policy, record and urgent releases for the isolation probe; texts in review come from the pages."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from swapper import load_model
from wagtail.models import TaskState, Workflow, WorkflowState

from sites.registry.isolation import (
    Argument,
    IsolationCases,
    Laboratory,
    Resident,
    register_isolation_cases,
)

from . import selectors
from .engine import ReviewTask
from .enums import Decision, ReviewStage
from .models import ReviewEntry, ReviewPolicy, StageWorkflow, Submission, UrgentRelease
from .policy_services import set_site_policy
from .services import approve, return_for_changes


def furnish(resident: Resident) -> None:
    """Review is on, and asked for by single sections only: elsewhere the probe publishes freely."""
    administrator = resident.people["site_administrator"]
    policy = set_site_policy(actor=administrator, stages=(), is_on=True)
    resident.note("review_policy", policy)
    page_type = ContentType.objects.get_for_model(load_model("wagtailcore", "Page"))
    resident.note("page_type", page_type)
    common: dict[str, Any] = {
        "content_type": page_type,
        "object_id": "0",
        "title": resident.text("reviewed text"),
        "reason": resident.text("reason"),
        "revision_digest": "0" * 64,
    }
    entry = ReviewEntry.objects.create(
        decision=Decision.RETURNED,
        stage=ReviewStage.FIRST,
        person=resident.people["final_reviewer"],
        at=timezone.now(),
        **common,
    )
    urgent = UrgentRelease.objects.create(
        stages="first,final",
        released_by=resident.people["final_reviewer"],
        released_at=timezone.now(),
        revision_id=0,
        **common,
    )
    resident.note("review_entry", entry)
    resident.note("urgent_release", urgent)


def check_reviews(laboratory: Laboratory) -> None:
    """Reviews of another tenant through models and services."""
    own, other = laboratory.own, laboratory.other
    surface = "reviews"
    with laboratory.inside(own, "final_reviewer"):
        reviewer = own.people["final_reviewer"]
        for model in (ReviewPolicy, StageWorkflow, ReviewEntry, UrgentRelease, Submission):
            laboratory.expect_clean(surface, list(model._base_manager.values()), model.__name__)
        foreign = other.first("task_state")
        for name, action in (
            ("approve", lambda: approve(actor=reviewer, task_state=_strange(foreign))),
            (
                "return",
                lambda: return_for_changes(
                    actor=reviewer, task_state=_strange(foreign), reason="probe reason"
                ),
            ),
            ("workflow", lambda: Workflow.objects.get(pk=other.first("workflow"))),
            ("run", lambda: WorkflowState.objects.get(pk=other.first("workflow_state"))),
            ("stage", lambda: ReviewTask.objects.get(pk=other.first("review_task"))),
            (
                "policy of a foreign section",
                lambda: ReviewPolicy.objects.create(section_id=other.first("section")),
            ),
        ):
            laboratory.expect_refusal(surface, action, f"a foreign {name}")
        laboratory.expect_clean(
            surface,
            [selectors.waiting_for(reviewer), list(selectors.urgent_releases())],
            "lists of review",
        )


def _strange(pk: int) -> TaskState:
    """A decision named by its number, as a request would name it."""
    return TaskState.objects.get(pk=pk)


register_isolation_cases(
    "cms_core_workflow",
    IsolationCases(
        furnish=furnish,
        arguments=(
            Argument(r"^review/", "content_type_id", kinds=("page_type",)),
            Argument(r"^review/", "object_id", kinds=("reviewed", "article"), most=2),
        ),
        fields={r"^revision$": "revision"},
        checks={"reviews": check_reviews},
    ),
)
