"""What stands against submitting a text, whoever asks: the service refuses by it, screens tell it."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Revision, WorkflowState

from . import rules, selectors, submission_checks
from .engine import ReviewRun
from .exceptions import ReviewRefused
from .models import UrgentRelease
from .rules import Stages
from .selectors import ReviewState


def newest_revision(obj: Any) -> Revision:
    revision = obj.get_latest_revision()
    if revision is None:
        raise ReviewRefused(_("Nothing was written yet: save a draft first."), obj)
    found: Revision = revision
    return found


def refuse_standing(
    obj: Any, stages: Stages, run: ReviewRun | None, owes: UrgentRelease | None
) -> None:
    """:raises ReviewRefused: where the text stands, there is nothing to submit, whoever asks."""
    if run is not None and run.status == WorkflowState.STATUS_IN_PROGRESS:
        raise ReviewRefused(_("This text is in review already. Nothing was submitted twice."), obj)
    if run is not None or owes is not None:
        return
    if not stages:
        raise ReviewRefused(_("No review applies here: publish the text directly."), obj)
    if obj.live and not obj.has_unpublished_changes:
        raise ReviewRefused(
            _("The public text is the newest one: there is nothing to review."), obj
        )


def refuse_unstaffed(obj: Any, stages: Stages, baseline: int) -> None:
    reviewers = {stage: selectors.reviewers_of(stage, obj) for stage in stages}
    missing = rules.unstaffed_stages(stages, reviewers, selectors.authors_since(obj, baseline))
    if missing:
        raise ReviewRefused(
            _(
                "Nobody could do the %(stages)s of this text. Ask the administrator of the site to "
                "give somebody else the role. Your text is saved."
            )
            % {"stages": "、".join(str(stage.label) for stage in missing)},
            obj,
        )


def why_not_submit(obj: Any, state: ReviewState) -> str:
    """What stands against submitting ``obj`` now, whoever asks; ``""`` where nothing does.

    ``state``: of :func:`selectors.review_state`. The text is not checked again: findings are those of
    its last check.
    """
    run, owes, submission = state.run, state.owes, state.submission
    try:
        stages = selectors.stages_for(obj)
        refuse_standing(obj, stages, run, owes)
        revision = newest_revision(obj)
        if run is None and owes is not None:
            refuse_unstaffed(obj, owes.missing_stages, owes.baseline_revision_id)
            return ""
        submission_checks.refuse_open_findings(obj=obj, revision=revision)
        if submission is not None:
            stages = state.required if state.is_make_up else stages
            baseline = submission.baseline_revision_id
        else:
            baseline = selectors.baseline_of(obj)
        if not stages:
            raise ReviewRefused(_("No review applies here: publish the text directly."), obj)
        refuse_unstaffed(obj, stages, baseline)
    except ReviewRefused as refused:
        return str(refused)
    return ""
