"""Writes of notices: one person proposes, another confirms, one lifts. Each with an audit event.

Notices of the platform belong to no tenant: their functions open the system scope they need.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.accounts.enums import PlatformRoleCode
from sites.accounts.permissions import require_platform_role
from sites.audit.services import record_event, record_platform_event
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope

from .enums import NoticeKind, NoticeState
from .events import AppearanceEvent
from .models import Notice, PlatformNotice, PlatformNoticeTarget, SiteNotice
from .permissions import require_may_announce
from .rules import LONGEST, notice_faults, notice_state
from .selectors import forget_notices

#: Most sites of one notice that is not for all: the audit event names each of them.
MOST_TARGETS = 100


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """What is proposed. ``starts_at``: ``None`` for as soon as it is confirmed."""

    kind: NoticeKind
    reason: str
    ends_at: datetime | None
    headline: str = ""
    text: str = ""
    starts_at: datetime | None = None


def state_of(notice: Notice, now: datetime | None = None) -> NoticeState:
    """Where ``notice`` stands."""
    return notice_state(
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        confirmed_at=notice.confirmed_at,
        lifted_at=notice.lifted_at,
        now=now or timezone.now(),
    )


def _checked(row: NoticeRow) -> dict[str, Any]:
    """The columns of a proposal.

    :raises ValidationError: by field, what to do about it.
    """
    faults = notice_faults(
        kind=row.kind,
        headline=row.headline,
        text=row.text,
        reason=row.reason,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        now=timezone.now(),
    )
    if faults:
        raise ValidationError({name: _fault_text(row, name, code) for name, code in faults.items()})
    is_bar = row.kind == NoticeKind.EMERGENCY
    return {
        "kind": row.kind,
        "headline": " ".join(row.headline.split()) if is_bar else "",
        "text": row.text.strip() if is_bar else "",
        "reason": row.reason.strip()[:300],
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
    }


def _fault_text(row: NoticeRow, name: str, code: str) -> str:
    if code == "before_begin":
        return _("The end must lie after the beginning, and after now.")
    if code == "too_long":
        days = LONGEST[NoticeKind(row.kind)].days
        return _("At most %(days)d days at a time; propose a new one when it is over.") % {
            "days": days
        }
    return {
        "headline": _("Say in one line what has happened."),
        "text": _("Write what people should do; the bar leads to this text."),
        "reason": _("Say who ordered it, and why. The second person reads this."),
        "ends_at": _("Say when it ends. It ends by itself."),
    }[name]


# --- one site -------------------------------------------------------------------


@transaction.atomic
def propose_site_notice(*, actor: Any, row: NoticeRow) -> SiteNotice:
    """Propose a notice on the open tenant's pages; nothing is shown yet.

    :raises PermissionDenied: ``actor`` is no administrator of this site.
    :raises ValidationError: see :func:`_checked`.
    """
    require_may_announce(actor)
    notice = SiteNotice.objects.create(proposed_by=actor, **_checked(row))
    record_event(
        kind=AppearanceEvent.NOTICE_PROPOSED, subject=notice, actor=actor, data=_data(notice)
    )
    return notice


@transaction.atomic
def confirm_site_notice(*, actor: Any, notice: SiteNotice) -> SiteNotice:
    """Put a proposed notice into force, as a second person.

    :raises PermissionDenied: no administrator of this site, or the one who proposed it.
    :raises ValidationError: it was confirmed, taken back, or its end has come.
    """
    require_may_announce(actor)
    _confirm(SiteNotice, notice, actor)
    record_event(
        kind=AppearanceEvent.NOTICE_CONFIRMED, subject=notice, actor=actor, data=_data(notice)
    )
    transaction.on_commit(forget_notices)
    return notice


@transaction.atomic
def lift_site_notice(*, actor: Any, notice: SiteNotice, reason: str) -> SiteNotice:
    """End a notice early, or take a proposal back: one person is enough to stop.

    :raises PermissionDenied: no administrator of this site.
    :raises ValidationError: no reason, or it is over.
    """
    require_may_announce(actor)
    _lift(SiteNotice, notice, actor, reason)
    record_event(
        kind=AppearanceEvent.NOTICE_LIFTED, subject=notice, actor=actor, data=_data(notice)
    )
    transaction.on_commit(forget_notices)
    return notice


# --- the platform ---------------------------------------------------------------


@transaction.atomic
def propose_platform_notice(
    *, actor: Any, row: NoticeRow, tenants: Sequence[Tenant] | None
) -> PlatformNotice:
    """Propose a notice on all sites (``tenants`` is ``None``) or on some.

    :raises PermissionDenied: ``actor`` is no platform operator.
    :raises ValidationError: see :func:`_checked`; or no site was named, or too many.
    """
    _require_operator(actor)
    values = _checked(row)
    if tenants is not None and not tenants:
        raise ValidationError({"tenants": _("Name at least one site, or choose all sites.")})
    if tenants is not None and len(tenants) > MOST_TARGETS:
        raise ValidationError(
            {"tenants": _("At most %(count)d sites; choose all sites.") % {"count": MOST_TARGETS}}
        )
    with system_scope("a notice of the platform is written by its operators"):
        notice = PlatformNotice.objects.create(
            proposed_by=actor, is_for_all=tenants is None, **values
        )
        PlatformNoticeTarget.objects.bulk_create(
            PlatformNoticeTarget(notice=notice, tenant=tenant) for tenant in tenants or ()
        )
    _record_platform(AppearanceEvent.NOTICE_PROPOSED, notice, actor)
    return notice


@transaction.atomic
def confirm_platform_notice(*, actor: Any, notice: PlatformNotice) -> PlatformNotice:
    """Put a proposed notice into force on its sites, as a second operator.

    :raises PermissionDenied: no platform operator, or the one who proposed it.
    :raises ValidationError: it was confirmed, taken back, or its end has come.
    """
    _require_operator(actor)
    with system_scope("a notice of the platform is written by its operators"):
        _confirm(PlatformNotice, notice, actor)
    _record_platform(AppearanceEvent.NOTICE_CONFIRMED, notice, actor)
    return notice


@transaction.atomic
def lift_platform_notice(*, actor: Any, notice: PlatformNotice, reason: str) -> PlatformNotice:
    """End a notice early, or take a proposal back.

    :raises PermissionDenied: no platform operator.
    :raises ValidationError: no reason, or it is over.
    """
    _require_operator(actor)
    with system_scope("a notice of the platform is written by its operators"):
        _lift(PlatformNotice, notice, actor, reason)
    _record_platform(AppearanceEvent.NOTICE_LIFTED, notice, actor)
    return notice


def _require_operator(actor: Any) -> None:
    """Also refuses ``None``: two persons cannot be a command."""
    if actor is None:
        raise PermissionDenied(_("Notices are switched by two persons."))
    require_platform_role(actor, PlatformRoleCode.OPERATOR)


def _confirm(model: Any, notice: Notice, actor: Any) -> None:
    if actor.pk == notice.proposed_by_id:
        raise PermissionDenied(_("You proposed this notice: somebody else confirms it."))
    now = timezone.now()
    changed = (
        model.objects.waiting(now)
        .filter(pk=notice.pk)
        .exclude(proposed_by_id=actor.pk)
        .update(confirmed_by=actor, confirmed_at=now)
    )
    if not changed:
        raise ValidationError(
            _("This notice no longer waits: it was confirmed, lifted or is over.")
        )
    notice.refresh_from_db()


def _lift(model: Any, notice: Notice, actor: Any, reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it ends early.")})
    now = timezone.now()
    changed = model.objects.filter(pk=notice.pk, lifted_at__isnull=True, ends_at__gt=now).update(
        lifted_by=actor, lifted_at=now, lift_reason=reason.strip()[:300]
    )
    if not changed:
        raise ValidationError(_("This notice is over already."))
    notice.refresh_from_db()


def _data(notice: Notice) -> dict[str, Any]:
    return {
        "kind": notice.kind,
        "starts_at": notice.starts_at.isoformat() if notice.starts_at else None,
        "ends_at": notice.ends_at.isoformat(),
        "proposed_by": notice.proposed_by_id,
    }


def _record_platform(event: AppearanceEvent, notice: PlatformNotice, actor: Any) -> None:
    targets = PlatformNoticeTarget.objects.filter(notice=notice).order_by("tenant__code")
    record_platform_event(
        kind=event,
        subject=notice,
        actor=actor,
        data=_data(notice)
        | {
            "is_for_all": notice.is_for_all,
            "tenants": list(targets.values_list("tenant__code", flat=True)),
        },
    )
