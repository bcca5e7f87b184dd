"""Work of the review as the desk shows it: what waits for somebody, what came back to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail.models import TaskState, WorkflowState

#: Lines that are shown; more are found in the review's own list.
MOST = 50


@dataclass(frozen=True, slots=True)
class ReviewWork:
    """A text in review. ``who``: who submitted it, or returned it; ``remark``: why."""

    page_id: int
    title: str
    since: datetime
    who: str = ""
    remark: str = ""


def waiting_for(user: Any) -> list[ReviewWork]:
    """What waits for a decision of ``user``, the longest waiting first."""
    rows = (
        TaskState.objects.reviewable_by(user)
        .order_by("started_at", "pk")
        .values_list(
            "revision__object_id",
            "revision__object_str",
            "started_at",
            "workflow_state__requested_by__display_name",
        )
    )[:MOST]
    return [ReviewWork(int(pk), title, since, who or "") for pk, title, since, who in rows]


def returned_to(user: Any) -> list[ReviewWork]:
    """What ``user`` submitted and got back, the longest waiting first."""
    rows = (
        WorkflowState.objects.filter(requested_by=user, status=WorkflowState.STATUS_NEEDS_CHANGES)
        .order_by("current_task_state__finished_at", "pk")
        .values_list(
            "object_id",
            "current_task_state__revision__object_str",
            "current_task_state__finished_at",
            "current_task_state__finished_by__display_name",
            "current_task_state__comment",
        )
    )[:MOST]
    return [
        ReviewWork(int(pk), title or "", at, who or "", remark or "")
        for pk, title, at, who, remark in rows
        if at is not None
    ]
