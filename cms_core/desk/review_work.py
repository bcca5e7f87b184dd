"""Work of review and checks as the desk shows it: what waits for somebody, what came back, what is found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from cms_core.content_checks import selectors as checks
from cms_core.pages.models import BasePage
from cms_core.workflow import selectors as workflow

#: Lines that are shown; more are found in the review's own lists.
MOST = 50


@dataclass(frozen=True, slots=True)
class ReviewWork:
    """A text in review or with findings. ``who``: who submitted or returned it; ``remark``: why."""

    key: int
    title: str
    url: str
    since: datetime
    who: str = ""
    remark: str = ""


def waiting_for(user: Any) -> list[ReviewWork]:
    """What waits for a decision of ``user``, the longest waiting first: each leads to where one decides."""
    return [
        _work(item, reverse("review:item", args=[item.content_type_id, item.obj.pk]))
        for item in workflow.waiting_for(user, limit=MOST)
    ]


def returned_to(user: Any) -> list[ReviewWork]:
    """What ``user`` wrote or submitted and got back: each leads to where one writes."""
    return [
        _work(item, _edit_address(item.obj, user))
        for item in workflow.returned_to(user, limit=MOST)
    ]


def _edit_address(obj: Any, user: Any) -> str:
    if isinstance(obj, BasePage):
        return reverse("wagtailadmin_pages:edit", args=[obj.pk])
    return AdminURLFinder(user).get_edit_url(obj) or ""


def _work(item: workflow.QueueItem, address: str) -> ReviewWork:
    obj = item.obj
    return ReviewWork(
        key=item.run_id,
        title=str(getattr(obj, "draft_title", "") or obj),
        url=address,
        since=item.since,
        who=str(item.by or ""),
        remark=item.reason,
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A page whose newest check holds it back, with the number of findings to answer."""

    page_id: int
    title: str
    since: datetime
    number: int


def findings_for(user: Any) -> list[Found]:
    """Pages last saved by ``user`` that hold findings to correct or waive. Two queries."""
    page_type = ContentType.objects.get_for_model(BasePage).pk
    return [
        Found(int(row.object_id), row.title, row.checked_at, row.must_correct + row.must_resolve)
        for row in checks.findings_of_tenant(limit=MOST, author=user)
        if row.content_type_id == page_type
    ]
