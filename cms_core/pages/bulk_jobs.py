"""Many pages changed by the worker, one after the other, as the person who asked for it.

What a request does with up to :data:`MOST_IN_REQUEST` pages is one transaction, all or none. More is
noted page by page (:class:`BulkChange`), and the worker takes a few pages at a time: it loads the
person and their rights anew, calls the services that the request calls, and notes in the same
transaction what became of each page. So editors are never held up for seconds, a killed worker's
successor does nothing twice, and a right that was lost meanwhile ends with the next few pages.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from itertools import takewhile
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cms_core.workflow.exceptions import ReviewRefused
from sites.accounts.rights import rights_of
from sites.audit.origin import event_origin
from sites.audit.services import record_event
from sites.outbox.attempts import short_transaction
from sites.outbox.exceptions import LeaseLost
from sites.outbox.models import Job
from sites.outbox.services import enqueue_job
from sites.tenancy.models import Tenant
from sites.tenancy.scope import current_tenant_id, tenant_scope

from . import lifecycle_rights as rights
from .bulk_changes import MOST_PUBLISHED, move_pages, publish_pages
from .enums import BulkActionKind, BulkItemState
from .models import REASON_LENGTH, BasePage, BulkChange, BulkChangeItem
from .recycle_bin import recycle_pages
from .withdrawal import withdraw_pages
from .withdrawal_rules import WithdrawalNotice

log = logging.getLogger("jiyue.pages")

JOB_KIND = "bulk_change"
#: Pages changed within a request: a publication costs the most, and its limit is that of all, so that
#: people need to know one number.
MOST_IN_REQUEST = MOST_PUBLISHED
#: Pages of one change. Their rights are looked at once more while the form is shown: about a second.
MOST_IN_A_JOB = 5000
#: Pages in one step, so that a step stays well below half a second: a publication has about 40
#: statements, the others share theirs.
_AT_ONCE = {
    BulkActionKind.PUBLISH: 2,
    BulkActionKind.WITHDRAW: 40,
    BulkActionKind.DELETE: 40,
    BulkActionKind.MOVE: 40,
}
#: How long a worker stays with one change before others have their turn.
STRETCH_SECONDS = 10.0
#: Actions that take what lies below a page along.
_WITH_BELOW = frozenset({BulkActionKind.WITHDRAW, BulkActionKind.DELETE, BulkActionKind.MOVE})
#: How long a finished change can be looked up.
KEPT_DAYS = 90
#: Old changes deleted when a new one starts: each may have thousands of lines.
_PURGED_AT_ONCE = 3
_BATCH = 500

WHY_NOT: dict[str, Callable[[BasePage, Any], str]] = {
    BulkActionKind.WITHDRAW: rights.why_not_withdraw,
    BulkActionKind.DELETE: rights.why_not_delete,
    BulkActionKind.PUBLISH: rights.why_not_publish,
    BulkActionKind.MOVE: rights.why_not_move,
}


@transaction.atomic
def start_change(
    *,
    actor: Any,
    action: str,
    pages: Sequence[BasePage],
    left: Sequence[tuple[BasePage, str]] = (),
    notice: WithdrawalNotice | None = None,
    target: BasePage | None = None,
) -> BulkChange:
    """Ask the worker to do ``action`` with ``pages``, as ``actor`` and with their rights then.

    ``left``: chosen pages that cannot be taken, with the reason: they stand in the report too.

    :raises ValidationError: more than :data:`MOST_IN_A_JOB` pages.
    """
    if len(pages) + len(left) > MOST_IN_A_JOB:
        raise ValidationError(too_many())
    told = asdict(notice) if notice is not None else {}
    change = BulkChange.objects.create(
        action=action,
        target=target,
        replaced_by_id=told.pop("replaced_by_id", None),
        notice=told,
        language=translation.get_language() or "zh-hans",
        started_by_id=actor.pk,
    )
    taken = topmost(pages) if action in _WITH_BELOW else list(pages)
    items = [
        BulkChangeItem(
            change=change, page=page, title=page.title[:255], has_below=bool(page.numchild)
        )
        for page in taken
    ] + [
        BulkChangeItem(
            change=change,
            page=page,
            title=page.title[:255],
            state=BulkItemState.REFUSED,
            reason=reason[:REASON_LENGTH],
        )
        for page, reason in left
    ]
    BulkChangeItem.objects.bulk_create(items, batch_size=_BATCH)
    record_event(
        kind="bulk_change_started",
        subject=change,
        actor=actor,
        data={"action": str(action), "pages": len(taken)},
    )
    _forget_old()
    carry_on_later(actor=actor, change=change)
    return change


def too_many() -> str:
    return _(
        "At most %(most)d pages are changed with one order. Nothing was changed. Choose fewer, or "
        "take the sections one after the other."
    ) % {"most": MOST_IN_A_JOB}


def topmost(pages: Sequence[BasePage]) -> list[BasePage]:
    """The pages that lie below no other one of them: what lies below goes along."""
    found: list[BasePage] = []
    for page in sorted(pages, key=lambda page: page.path):
        if not (found and page.path.startswith(found[-1].path)):
            found.append(page)
    return found


def _forget_old() -> None:
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    old = BulkChange.objects.filter(finished_at__lt=before).order_by("finished_at", "pk")
    keys = list(old.values_list("pk", flat=True)[:_PURGED_AT_ONCE])
    if keys:
        BulkChange.objects.filter(pk__in=keys).delete()


def carry_on_later(*, actor: Any, change: BulkChange) -> None:
    """Wake the worker for what is left of ``change``: at its start, after a stretch, after it was given up."""
    left = change.items.waiting().count()
    # What is left grows less, so the next stretch can be asked for while this one is still noted as open.
    enqueue_job(
        actor=actor, kind=JOB_KIND, key=f"{change.pk}.{left}", arguments={"change": change.pk}
    )


def is_worked_on(change: BulkChange) -> bool:
    """Whether a worker is at ``change`` or will be; if not, and it is unfinished, it was given up."""
    return Job.objects.open().filter(kind=JOB_KIND, key__startswith=f"{change.pk}.").exists()


@transaction.atomic
def stop_change(*, actor: Any, change: BulkChange) -> int:
    """Leave the pages that were not reached yet as they are; how many. What was done stays done.

    :raises PermissionDenied: somebody else asked for the change.
    """
    if change.started_by_id != actor.pk:
        raise PermissionDenied
    waiting = list(
        change.items.waiting().select_for_update(of=("self",)).values_list("pk", flat=True)
    )
    change.items.filter(pk__in=waiting).update(
        state=BulkItemState.REFUSED, reason=_("You stopped before it was reached.")
    )
    _finish(change)
    return len(waiting)


def carry_on(
    *, change_id: int, checkpoint: Callable[[], None], seconds: float = STRETCH_SECONDS
) -> None:
    """Do what is left of a change, step by step; ``checkpoint`` renews the worker's lease in each.

    After ``seconds`` the rest is asked for anew, so that it waits behind other tenants' work.
    """
    change = BulkChange.objects.filter(pk=change_id, finished_at=None).first()
    if change is None:
        return  # stopped
    tenant = Tenant.objects.get(pk=current_tenant_id())
    until = time.monotonic() + seconds
    with tenant_scope(tenant, change.started_by_id), translation.override(change.language):
        while items := _next(change):
            if time.monotonic() > until:
                carry_on_later(actor=change.started_by_id, change=change)
                return
            _step(change, items, checkpoint)
        _finish(change)


def _finish(change: BulkChange) -> None:
    BulkChange.objects.filter(pk=change.pk, finished_at=None).update(finished_at=timezone.now())


def _next(change: BulkChange) -> list[BulkChangeItem]:
    """A step: a few pages without any below, or one that has some."""
    waiting = list(change.items.waiting()[: _AT_ONCE[BulkActionKind(change.action)]])
    leaves = list(takewhile(lambda item: not item.has_below, waiting))
    return leaves or waiting[:1]


def _step(change: BulkChange, items: list[BulkChangeItem], checkpoint: Callable[[], None]) -> None:
    if len(items) > 1:
        # A refusal undoes the transaction: then each is tried alone, and the refused one says why.
        if not _tried(change, items, checkpoint):
            return
    for item in items:
        reason = _tried(change, [item], checkpoint)
        if reason:
            with short_transaction("noting what was left of a change of many pages"):
                _note([item], BulkItemState.REFUSED, reason)
                checkpoint()


def _tried(change: BulkChange, items: list[BulkChangeItem], checkpoint: Callable[[], None]) -> str:
    """Change the pages of ``items`` in one transaction; why it was undone, ``""`` where it stands."""
    try:
        with short_transaction("a change of many pages"):
            _carry_out(change, items)
            checkpoint()
    except (OperationalError, InterfaceError, LeaseLost):
        raise  # nothing to do with the pages: the job is repeated from here
    except ValidationError as error:
        return " ".join(error.messages)
    except (ReviewRefused, PermissionDenied) as error:
        return str(error) or _("You may not do that here any more.")
    except Exception:  # one page that fails must not keep the others from their turn
        log.exception("change %s: a page failed", change.pk)
        return _("The platform made a mistake here. Its operator finds it in the log.")
    return ""


def _carry_out(change: BulkChange, items: list[BulkChangeItem]) -> None:
    """Inside a transaction: look at the rights of now, change what may be changed, note it all."""
    rows = change.items.waiting().select_for_update(of=("self",))
    held = list(rows.filter(pk__in=[item.pk for item in items]))
    user: Any = get_user_model().objects.filter(pk=change.started_by_id or 0).first()
    if user is None:
        raise PermissionDenied(_("The person who asked for it is gone."))
    keys = [BasePage(pk=item.page_id) for item in held if item.page_id]
    pages = {page.pk: page for page in rights.with_state(keys)}
    why_not = WHY_NOT[change.action]
    able: list[BasePage] = []
    done: list[BulkChangeItem] = []
    for item in held:
        page = pages.get(item.page_id or 0)
        reason = why_not(page, user) if page is not None else _("It is not there any more.")
        if reason or page is None:
            _note([item], BulkItemState.REFUSED, reason)
        else:
            able.append(page)
            done.append(item)
    if able:
        with event_origin(break_glass_id=rights_of(user).break_glass_id):
            _serve(change, user, able)
        _note(done, BulkItemState.DONE)


def _serve(change: BulkChange, user: Any, pages: list[BasePage]) -> None:
    match change.action:
        case BulkActionKind.PUBLISH:
            publish_pages(actor=user, pages=pages)
        case BulkActionKind.MOVE:
            target = BasePage.objects.filter(pk=change.target_id or 0).first()
            if target is None:
                raise ValidationError(_("The page below which they were to stand is gone."))
            refuse_target(target, pages, user)
            move_pages(actor=user, pages=pages, target=target)
        case BulkActionKind.WITHDRAW:
            withdraw_pages(actor=user, pages=pages, notice=_notice(change))
        case _:
            recycle_pages(actor=user, pages=pages, notice=_notice(change))


def refuse_target(target: BasePage, pages: Sequence[BasePage], user: Any) -> None:
    """:raises ValidationError: ``user`` may not put ``pages`` below ``target``."""
    if not rights.may_restore_below(target, user) or (
        any(page.live for page in pages) and not rights.may_publish_below(target, user)
    ):
        raise ValidationError(_("You may not put pages there. Choose another place."))


def _notice(change: BulkChange) -> WithdrawalNotice:
    return WithdrawalNotice(**change.notice, replaced_by_id=change.replaced_by_id)


def _note(items: Sequence[BulkChangeItem], state: BulkItemState, reason: str = "") -> None:
    BulkChangeItem.objects.filter(pk__in=[item.pk for item in items]).update(
        state=state, reason=reason[:REASON_LENGTH]
    )
