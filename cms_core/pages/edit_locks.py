"""Editing locks of pages that somebody else takes away: with a reason, and told to who held it."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from sites.audit.services import record_event

from .models import LOCK_REASON_LENGTH, BasePage, BrokenLock

#: Shortest reason that says anything: "出差在外" has four characters.
REASON_LEAST = 4


@transaction.atomic
def take_lock_away(*, actor: Any, page: BasePage, reason: str = "") -> BrokenLock | None:
    """Unlock ``page``. One's own lock needs no reason; another's needs one, and its holder is told.

    Nothing that was written is touched: the holder's saved versions stay, and what they save from now
    on is kept beside newer versions of others. ``None``: it was one's own, or not locked any more.

    :raises PermissionDenied: ``actor`` may not unlock here.
    :raises ValidationError: no reason, or a page full.
    """
    row = (
        BasePage.objects.select_for_update(of=("self",)).select_related("locked_by").get(pk=page.pk)
    )
    if not row.permissions_for_user(actor).can_unlock():
        raise PermissionDenied(_("You may not take this lock away."))
    if not row.locked:
        return None
    holder, since = row.locked_by, row.locked_at
    is_own = holder is None or holder.pk == actor.pk
    if not is_own:
        reason = _checked(reason)
    row.locked, row.locked_by, row.locked_at = False, None, None
    row.save(update_fields=["locked", "locked_by", "locked_at"])
    log(instance=row, action="wagtail.unlock", user=actor)
    if is_own:
        return None
    broken = BrokenLock.objects.create(
        page=row,
        holder=holder,
        broken_by=actor,
        broken_at=timezone.now(),
        locked_at=since,
        reason=reason,
    )
    record_event(
        kind="edit_lock_broken",
        subject=row,
        actor=actor,
        data={"lock": broken.pk, "holder": holder.pk},
    )
    return broken


def _checked(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) < REASON_LEAST:
        raise ValidationError(
            _("Please say in a few words why: it is told to the person who locked the page.")
        )
    if len(reason) > LOCK_REASON_LENGTH:
        raise ValidationError(
            _("The reason is longer than %(most)d characters. Please shorten it.")
            % {"most": LOCK_REASON_LENGTH}
        )
    return reason


def unseen_of(user: Any) -> QuerySet[BrokenLock]:
    """Locks of ``user`` on the open site that others took away and that they did not see yet. One query."""
    return (
        BrokenLock.objects.filter(holder_id=user.pk, seen_at=None)
        .select_related("page", "broken_by")
        .order_by("-broken_at", "-pk")
    )


def mark_seen(*, actor: Any, lock_id: int) -> bool:
    """``actor`` read that their lock was taken away. ``False``: it is not theirs, or was seen."""
    rows = BrokenLock.objects.filter(pk=lock_id, holder_id=actor.pk, seen_at=None)
    return bool(rows.update(seen_at=timezone.now()))
