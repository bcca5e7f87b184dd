"""Words, marks and addresses that the screens show of a review."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from . import selectors
from .enums import ReviewStage
from .selectors import ReviewState


@dataclass(frozen=True, slots=True)
class StageMark:
    """One stage in the line of stages: shape and word, never a colour alone."""

    stage: ReviewStage
    shape: str
    word: str
    code: str


def stage_marks(state: ReviewState) -> list[StageMark]:
    """The line of stages of a text."""
    marks = []
    for stage in state.required:
        if stage in state.approved and stage != state.stage:
            marks.append(StageMark(stage, "✓", _("approved"), "done"))
        elif stage == state.stage and state.status == "returned":
            marks.append(StageMark(stage, "↩", _("returned"), "returned"))
        elif stage == state.stage:
            marks.append(StageMark(stage, "▶", _("waits here"), "here"))
        elif state.status == "done":
            marks.append(StageMark(stage, "✓", _("approved"), "done"))
        else:
            marks.append(StageMark(stage, "○", _("not yet"), "ahead"))
    return marks


def record_address(obj: Any) -> str:
    """The screen with the review record of ``obj``."""
    # Named outright: services and tasks speak of it outside a request to the administration.
    return reverse(
        "review:item",
        args=[selectors.content_type_of(obj).pk, obj.pk],
        urlconf="cms_core.urls.tenant_admin",
    )


def lock_message(obj: Any, task: Any) -> Any:
    """Why the text cannot be changed now, and where to read on."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("This text is in the %(stage)s: only its reviewers change it now.")
        % {"stage": task.review_stage.label},
        record_address(obj),
        _("Review record"),
    )
