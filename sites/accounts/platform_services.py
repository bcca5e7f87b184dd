"""Writes of the platform's own people: three roles kept apart (三员分立), break-glass, address ranges.

Rows of this module belong to no tenant: each function opens the system or opening scope it needs.
"""

import ipaddress
from datetime import timedelta
from typing import Any

from axes.utils import reset as reset_attempts
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.audit.services import record_event, record_platform_event
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, system_scope

from .enums import PlatformRoleCode, RoleCode, SessionEnd
from .events import AccountEvent
from .models import (
    BreakGlassSession,
    Membership,
    PlatformAddressRange,
    PlatformAssignment,
    SecondFactor,
    User,
)
from .permissions import require_platform_role
from .policy import sign_in_policy
from .selectors import platform_role_of
from .services import invite_user, issue_invitation, make_account
from .sessions import end_sessions


@transaction.atomic
def appoint(*, actor: Any, user: User, role: PlatformRoleCode) -> PlatformAssignment:
    """Give ``user`` a platform role. Their sessions end, so that the new limits hold at once.

    :param actor: a security administrator; ``None`` for the command that appoints the first one.
    :raises PermissionDenied: anybody else, or oneself.
    :raises ValidationError: the user holds another platform role, or a role in a tenant.
    """
    require_platform_role(actor, PlatformRoleCode.SECURITY_ADMINISTRATOR)
    role = PlatformRoleCode(role)
    if actor is not None and actor.pk == user.pk:
        raise PermissionDenied(_("Nobody changes their own platform role."))
    with system_scope("appoint to a platform role: the account must hold nothing else"):
        if PlatformAssignment.objects.filter(user=user).exclude(role=role).exists():
            raise ValidationError(
                _("%(name)s holds another platform role. Nobody holds two of them (三员分立).")
                % {"name": user}
            )
        if Membership.objects.filter(user=user).exists():
            raise ValidationError(
                _("%(name)s is a member of a site. Platform staff use an account of its own.")
                % {"name": user}
            )
        assignment, _made = PlatformAssignment.objects.get_or_create(user=user, role=role)
        User.objects.filter(pk=user.pk).update(managed_by=None)
        end_sessions(user=user, reason=SessionEnd.ENDED_ELSEWHERE)
    record_platform_event(
        kind=AccountEvent.PLATFORM_ROLE_ASSIGNED,
        subject=assignment,
        actor=actor,
        data={"user_id": user.pk, "role": role.value},
    )
    return assignment


@transaction.atomic
def dismiss(*, actor: Any, user: User) -> None:
    """Withdraw the platform role of ``user``; running break-glass sessions and sign-ins end.

    :raises PermissionDenied: not by a security administrator, or oneself.
    :raises ValidationError: the user holds none.
    """
    require_platform_role(actor, PlatformRoleCode.SECURITY_ADMINISTRATOR)
    if actor is not None and actor.pk == user.pk:
        raise PermissionDenied(_("Nobody changes their own platform role."))
    with system_scope("withdraw a platform role"):
        assignment = PlatformAssignment.objects.filter(user=user).first()
        if assignment is None:
            raise ValidationError(_("%(name)s holds no platform role.") % {"name": user})
        record_platform_event(
            kind=AccountEvent.PLATFORM_ROLE_WITHDRAWN,
            subject=assignment,
            actor=actor,
            data={"user_id": user.pk, "role": assignment.role},
        )
        assignment.delete()
        running = BreakGlassSession.objects.active(timezone.now()).filter(user=user)
        running.update(ended_at=timezone.now())
        end_sessions(user=user, reason=SessionEnd.ENDED_ELSEWHERE)


@transaction.atomic
def make_platform_account(
    *, actor: Any, username: str, display_name: str, email: str, role: PlatformRoleCode
) -> tuple[User, str]:
    """A new account with a platform role. Returns it with the token of its one-time link.

    :raises PermissionDenied: not by a security administrator.
    :raises ValidationError: the name is malformed or taken.
    """
    require_platform_role(actor, PlatformRoleCode.SECURITY_ADMINISTRATOR)
    with system_scope("make an account of the platform"):
        user = make_account(
            username=username, display_name=display_name, email=email, managed_by=None
        )
        token = issue_invitation(user, None)
    appoint(actor=actor, user=user, role=role)
    return user, token


@transaction.atomic
def reset_sign_in(*, actor: Any, user: User) -> str:
    """Forget password and second factors of somebody who lost them. Returns a new link's token.

    :raises PermissionDenied: not by a security administrator, or for oneself.
    """
    require_platform_role(actor, PlatformRoleCode.SECURITY_ADMINISTRATOR)
    if actor is not None and actor.pk == user.pk:
        raise PermissionDenied(_("Nobody resets their own sign-in."))
    with system_scope("reset the sign-in of an account"):
        SecondFactor.objects.filter(user=user).delete()
        user.set_unusable_password()
        user.save(update_fields=["password"])
        end_sessions(user=user, reason=SessionEnd.ENDED_ELSEWHERE)
        token = issue_invitation(user, None)
    record_platform_event(
        kind=AccountEvent.INVITED, subject=user, actor=actor, data={"reset": True}
    )
    return token


@transaction.atomic
def invite_administrator(
    *, actor: Any, tenant: Tenant, username: str, display_name: str, email: str
) -> tuple[User, str]:
    """A new site administrator for ``tenant``: its first, or one more. Returns the one-time link's token.

    :raises PermissionDenied: not by a security administrator.
    :raises ValidationError: the name is malformed or taken.
    """
    require_platform_role(actor, PlatformRoleCode.SECURITY_ADMINISTRATOR)
    with opening_scope(tenant, "the security administrator appoints a site administrator"):
        invited = invite_user(
            actor=actor,
            tenant=tenant,
            username=username,
            display_name=display_name,
            email=email,
            role=RoleCode.SITE_ADMINISTRATOR,
        )
    return invited.user, invited.token


@transaction.atomic
def release_lock(*, actor: Any, user: User) -> int:
    """Forget the failed sign-ins of ``user``. Returns how many records there were.

    :raises PermissionDenied: not by a security administrator.
    """
    require_platform_role(actor, PlatformRoleCode.SECURITY_ADMINISTRATOR)
    released: int = reset_attempts(username=user.username)
    record_platform_event(kind=AccountEvent.LOCK_RELEASED, subject=user, actor=actor)
    return released


@transaction.atomic
def start_break_glass(
    *, actor: Any, tenant: Tenant, reason: str, minutes: int
) -> BreakGlassSession:
    """Let an operator work inside ``tenant`` for a while, for a reason.

    They hold a site administrator's rights there, but for those over people. A running session of
    the same operator in the same tenant ends first. It ends by itself at ``expires_at``: rights are
    computed with the clock.

    :raises PermissionDenied: the actor is no platform operator.
    :raises ValidationError: no reason, or longer than the policy allows.
    """
    if actor is None or platform_role_of(actor) != PlatformRoleCode.OPERATOR:
        raise PermissionDenied(_("Only a platform operator enters a site this way."))
    policy = sign_in_policy()
    reason = reason.strip()
    if len(reason) < policy.break_glass_min_reason_characters:
        raise ValidationError({"reason": _("Say what you are going to do there, and who asked.")})
    if not 1 <= minutes <= policy.break_glass_longest_hours * 60:
        raise ValidationError(
            {
                "minutes": _("At most %(hours)d hours at a time.")
                % {"hours": policy.break_glass_longest_hours}
            }
        )
    now = timezone.now()
    with opening_scope(tenant, "start a break-glass session"):
        running = BreakGlassSession.objects.active(now).filter(user=actor, tenant=tenant)
        running.update(ended_at=now)
        session = BreakGlassSession.objects.create(
            user=actor,
            tenant=tenant,
            reason=reason[:300],
            expires_at=now + timedelta(minutes=minutes),
        )
        # In the tenant's own chain: its people see who looked in, and how long.
        record_event(
            kind=AccountEvent.BREAK_GLASS_STARTED,
            subject=session,
            actor=actor,
            data={"minutes": minutes},
        )
    return session


@transaction.atomic
def end_break_glass(*, actor: Any, session: BreakGlassSession) -> None:
    """End a break-glass session: one's own, or anybody's by the security administrator.

    :raises PermissionDenied: somebody else.
    """
    if actor is None or actor.pk != session.user_id:
        require_platform_role(actor, PlatformRoleCode.SECURITY_ADMINISTRATOR)
    with opening_scope(session.tenant, "end a break-glass session"):
        ended = BreakGlassSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(
            ended_at=timezone.now()
        )
        if ended:
            record_event(kind=AccountEvent.BREAK_GLASS_ENDED, subject=session, actor=actor)


@transaction.atomic
def add_address_range(*, actor: Any, network: str, note: str) -> PlatformAddressRange:
    """Let platform roles work from one more range of addresses (CIDR).

    :raises PermissionDenied: not by a security administrator.
    :raises ValidationError: not a range, no note, or on the list already.
    """
    require_platform_role(actor, PlatformRoleCode.SECURITY_ADMINISTRATOR)
    try:
        parsed = str(ipaddress.ip_network(network.strip()))
    except ValueError as error:
        raise ValidationError(
            {
                "network": _("%(value)s is no address range. Write it like 10.20.0.0/16.")
                % {"value": network}
            }
        ) from error
    if not note.strip():
        raise ValidationError({"note": _("Say whose addresses these are.")})
    with system_scope("the address ranges of the platform's staff"):
        if PlatformAddressRange.objects.filter(network=parsed).exists():
            raise ValidationError({"network": _("%(value)s is on the list.") % {"value": parsed}})
        row = PlatformAddressRange.objects.create(network=parsed, note=note.strip()[:120])
    record_platform_event(
        kind=AccountEvent.ADDRESS_RANGE_CHANGED,
        subject=row,
        actor=actor,
        data={"added": row.network},
    )
    return row


@transaction.atomic
def remove_address_range(*, actor: Any, address_range: PlatformAddressRange) -> None:
    """Take a range off the list. :raises PermissionDenied: not by a security administrator."""
    require_platform_role(actor, PlatformRoleCode.SECURITY_ADMINISTRATOR)
    record_platform_event(
        kind=AccountEvent.ADDRESS_RANGE_CHANGED,
        subject=address_range,
        actor=actor,
        data={"removed": address_range.network},
    )
    with system_scope("the address ranges of the platform's staff"):
        address_range.delete()
