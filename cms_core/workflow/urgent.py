"""Urgent release (紧急发布): a second person publishes at once, and the reviews are made up (补审)."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from . import gate, rules, selectors, services
from .engine import plain_state
from .enums import Decision
from .exceptions import ReviewRefused
from .models import UrgentRelease
from .permissions import holds


def obstacle_to_release(user: Any, obj: Any) -> str:
    """Why ``user`` may not release ``obj`` urgently, in words; empty where they may."""
    if not holds(user, obj, "publish"):
        return _("Your role does not publish here.")
    if not selectors.is_under_review(obj):
        return _("No review applies here: publish the text directly.")
    if selectors.open_release_of(obj) is not None:
        return _("This text was released urgently already: its reviews must be made up first.")
    revision = obj.get_latest_revision()
    if revision is None or (obj.live and obj.live_revision_id == revision.pk):
        return _("The public text is the newest one: there is nothing to release.")
    if user.pk in selectors.authors_since(obj, _baseline(obj)):
        return _("You wrote or changed this text yourself: a second person must release it.")
    if (
        revision.content.get("go_live_at")
        and obj.get_latest_revision_as_object().go_live_at > timezone.now()
    ):
        return _("The text waits for a date. Take the date away before you release it urgently.")
    return ""


def _baseline(obj: Any) -> int:
    state = selectors.review_state(obj)
    if state.submission is not None:
        return state.submission.baseline_revision_id
    return selectors.baseline_of(obj)


@transaction.atomic
def release_urgently(
    *, actor: Any, obj: Any, reason: str, revision_id: int | None = None
) -> UrgentRelease:
    """Publish the newest draft of ``obj`` without the reviews that are missing, and start them.

    ``revision_id``: the text that was seen; another one is not released.

    :raises ReviewRefused: the author, no right to publish, no reason, nothing to release, or nobody
        who could make up the reviews.
    """
    obj = services.locked(obj)
    reason = services.require_reason(reason, obj)
    words = obstacle_to_release(actor, obj)
    if words:
        raise ReviewRefused(words, obj)
    revision = obj.get_latest_revision()
    if revision_id is not None and revision_id != revision.pk:
        raise ReviewRefused(
            _(
                "The text was changed after you opened it. Read the new version, then decide. "
                "Nothing was published."
            ),
            obj,
        )
    baseline = _baseline(obj)
    where = selectors.review_state(obj)
    # Approvals count while their run goes on: a returned text may say something else by now.
    approved = where.approved if where.status == "in_review" else ()
    missing = rules.missing_stages(where.required, approved)
    if where.run is not None:
        services.close_quietly(plain_state(where.run.pk), actor)
    with gate.released(obj):
        obj.publish(revision, user=actor, skip_permission_checks=True)
    urgent = UrgentRelease.objects.create(
        content_type=selectors.content_type_of(obj),
        object_id=str(obj.pk),
        title=services.title_of(obj, revision)[:255],
        reason=reason,
        stages=rules.stages_code(missing),
        released_by=actor,
        released_at=timezone.now(),
        revision_id=revision.pk,
        revision_digest=services.digest_of(revision),
        baseline_revision_id=baseline,
    )
    fresh = services.locked(obj)
    run: WorkflowState = services.begin_make_up(
        actor=actor, obj=fresh, stages=missing, revision=revision, urgent=urgent, baseline=baseline
    )
    services.entry(
        actor=actor,
        obj=fresh,
        run=run,
        decision=Decision.RELEASED,
        revision=revision,
        reason=reason,
        is_urgent=True,
    )
    return urgent


def close_with_the_text(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A text that is deleted owes no review any more; the record says that it was closed so."""
    from .reviewed import Reviewed

    if not isinstance(instance, Reviewed):
        return
    if not selectors.policy_table(selectors.tenant_id_of(instance)).is_declared:
        return
    urgent = selectors.open_release_of(instance)
    if urgent is not None:
        services.close_release(urgent, Decision.CLOSED)
