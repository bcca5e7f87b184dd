"""Writes of people and their memberships. Each function is one transaction and one audit event.

They run inside the tenant's scope (a site administrator at work) or an opening scope of it (the
platform). ``actor`` is the member of staff who acts; ``None`` is the platform itself, accepted in a
system or opening scope only.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.audit.services import record_event
from sites.tenancy.models import Tenant
from sites.tenancy.rules import HOME_DEPTH
from sites.tenancy.scope import opening_scope, system_scope

from .enums import RoleCode, SessionEnd
from .events import AccountEvent
from .models import Invitation, Membership, PlatformAssignment, User
from .permissions import (
    acts_for_the_platform,
    may_manage_people,
    require_may_edit_account,
    require_may_grant,
)
from .policy import sign_in_policy
from .role_groups import GroupPlan, delete_unused_section_groups, plans_for, write_groups
from .role_templates import ROLE_TEMPLATES
from .sealing import plain_digest
from .sessions import end_sessions

_TENANTS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Invited:
    """A new account and the token of its one-time link, which is shown once and stored nowhere."""

    user: User
    membership: Membership
    token: str


def provision_roles(*, actor: Any, tenant: Tenant, roles: Iterable[RoleCode] | None = None) -> None:
    """Make or correct the generated groups of one tenant. See :func:`provision_roles_in_bulk`."""
    provision_roles_in_bulk(actor=actor, tenants=[tenant], roles=roles)


@transaction.atomic
def provision_roles_in_bulk(
    *, actor: Any, tenants: Sequence[Tenant], roles: Iterable[RoleCode] | None = None
) -> int:
    """Make or correct the generated groups of many tenants, with as many statements as for one.

    ``roles``: those that the sites begin with; the group of any other is made when it is first given.
    (For each thousand: SQLite takes 32,766 values in a statement.) Runs in a system or opening scope.
    Returns the number of groups.
    """
    made = 0
    wanted = None if roles is None else list(roles)
    for start in range(0, len(tenants), _TENANTS_AT_ONCE):
        made += len(write_groups(plans_for(tenants[start : start + _TENANTS_AT_ONCE], wanted)))
    return made


@transaction.atomic
def grant_membership(
    *,
    actor: Any,
    user: User,
    tenant: Tenant,
    role: RoleCode,
    sections: Iterable[Any] | None = None,
    expires_on: date | None = None,
) -> Membership:
    """Give ``user`` a role in ``tenant``, for all of it or for ``sections``; replaces the same role.

    :param sections: pages of the tenant; ``None`` for the whole tenant.
    :raises PermissionDenied: the actor would give more than they hold, or attaches an account that
        the tenant does not manage.
    :raises ValidationError: no such sections, a role that takes none, a date in the past, an account
        of the platform.
    """
    role = RoleCode(role)
    if tenant is None or tenant.pk is None:
        raise ValidationError(
            {"tenant": _("The membership of %(user)s names no site.") % {"user": user.username}}
        )
    pages = None if sections is None else list(sections)
    _check_sections(tenant, role, pages)
    if expires_on is not None and expires_on < timezone.localdate():
        raise ValidationError({"expires_on": _("The last day lies in the past.")})
    require_may_grant(
        actor, role=role, section_paths=None if pages is None else [page.path for page in pages]
    )
    _attach(actor, user, tenant)
    section_ids = None if pages is None else frozenset(page.pk for page in pages)
    plan = GroupPlan(tenant.pk, tenant.code, role, section_ids)
    group_id = write_groups([plan])[plan]
    former = Membership.objects.filter(user=user, tenant=tenant, role=role).first()
    membership, _made = Membership.objects.update_or_create(
        user=user,
        tenant=tenant,
        role=role,
        defaults={"is_limited": pages is not None, "group_id": group_id, "expires_on": expires_on},
    )
    membership.sections.set(pages or [])
    if former is not None and former.group_id != group_id:
        user.groups.remove(former.group_id)
        delete_unused_section_groups(tenant=tenant)
    user.groups.add(group_id)
    record_event(
        kind=AccountEvent.MEMBERSHIP_GRANTED,
        subject=membership,
        actor=actor,
        data={
            "user_id": user.pk,
            "role": role.value,
            "section_ids": None if section_ids is None else sorted(section_ids),
            "expires_on": expires_on.isoformat() if expires_on else None,
        },
    )
    return membership


def _check_sections(tenant: Tenant, role: RoleCode, pages: list[Any] | None) -> None:
    if pages is None:
        return
    if not ROLE_TEMPLATES[role].takes_sections:
        raise ValidationError(
            {"sections": _("The role “%(role)s” is for the whole site.") % {"role": role.label}}
        )
    if not pages:
        raise ValidationError({"sections": _("Choose at least one section, or the whole site.")})
    if any(page.tenant_id != tenant.pk or page.depth <= HOME_DEPTH for page in pages):
        raise ValidationError({"sections": _("A section must belong to this site.")})


def _attach(actor: Any, user: User, tenant: Tenant) -> None:
    """Check that ``user`` may become a member, and note when an account becomes a shared one."""
    with system_scope("membership: does the account hold a platform role"):
        is_platform = PlatformAssignment.objects.filter(user=user).exists()
    if is_platform:
        raise ValidationError(
            {"user": _("Holders of a platform role are members of no site (三员分立).")}
        )
    if user.managed_by_id == tenant.pk:
        return
    if tenant.is_practice and acts_for_the_platform(actor):
        return  # a guest: whoever manages the account keeps it
    if not acts_for_the_platform(actor):
        raise PermissionDenied(_("Only the platform attaches an account that is used elsewhere."))
    if user.managed_by_id is not None:
        with system_scope("an account becomes shared: from now on the platform changes it"):
            User.objects.filter(pk=user.pk).update(managed_by=None)
        user.managed_by = None


@transaction.atomic
def revoke_membership(*, actor: Any, membership: Membership) -> None:
    """Take a role away. The site keeps at least one site administrator.

    :raises PermissionDenied: the actor may not give the role either.
    :raises ValidationError: it is the last site administrator of the tenant.
    """
    role = RoleCode(membership.role)
    if not acts_for_the_platform(actor):
        require_may_grant(actor, role=role, section_paths=_paths_of(membership))
        _keep_an_administrator([membership])
    _revoke(actor, membership)
    delete_unused_section_groups(tenant=membership.tenant)


def _paths_of(membership: Membership) -> list[str] | None:
    if not membership.is_limited:
        return None
    return list(membership.sections.values_list("path", flat=True))


def _keep_an_administrator(leaving: Sequence[Membership]) -> None:
    administrators = Membership.objects.active().filter(
        tenant_id__in={row.tenant_id for row in leaving},
        role=RoleCode.SITE_ADMINISTRATOR,
        user__is_active=True,
    )
    if not any(row.role == RoleCode.SITE_ADMINISTRATOR for row in leaving):
        return
    if not administrators.exclude(pk__in=[row.pk for row in leaving]).exists():
        raise ValidationError(_("This is the last site administrator. Appoint another one first."))


def _revoke(actor: Any, membership: Membership) -> None:
    user = membership.user
    record_event(
        kind=AccountEvent.MEMBERSHIP_REVOKED,
        subject=membership,
        actor=actor,
        data={"user_id": user.pk, "role": membership.role},
    )
    group_id = membership.group_id
    user.groups.remove(group_id)
    membership.delete()


@transaction.atomic
def invite_user(
    *,
    actor: Any,
    tenant: Tenant,
    username: str,
    display_name: str,
    role: RoleCode,
    email: str = "",
    sections: Iterable[Any] | None = None,
    expires_on: date | None = None,
) -> Invited:
    """Make an account that the tenant manages, give it a role, and a one-time link to set a password.

    :raises ValidationError: the name is malformed or taken (user names are unique platform-wide).
    :raises PermissionDenied: as :func:`grant_membership`.
    """
    if not acts_for_the_platform(actor) and not may_manage_people(actor):
        raise PermissionDenied(_("You do not manage the people of this site."))
    user = make_account(
        username=username, display_name=display_name, email=email, managed_by=tenant
    )
    membership = grant_membership(
        actor=actor, user=user, tenant=tenant, role=role, sections=sections, expires_on=expires_on
    )
    token = issue_invitation(user, tenant)
    record_event(
        kind=AccountEvent.INVITED, subject=user, actor=actor, data={"role": RoleCode(role).value}
    )
    return Invited(user, membership, token)


def make_account(
    *, username: str, display_name: str, email: str = "", managed_by: Tenant | None
) -> User:
    """A new account without a usable password. No default account exists anywhere (CES1-06).

    :raises ValidationError: the name is malformed or taken.
    """
    user = User(
        username=username.strip(),
        display_name=display_name.strip(),
        email=email.strip(),
        managed_by=managed_by,
    )
    user.set_unusable_password()
    user.clean_fields(exclude=["password"])
    with system_scope("user names are unique platform-wide, and differ in more than capitals"):
        is_taken = User.objects.filter(username__iexact=user.username).exists()
    if is_taken:
        raise ValidationError(
            {
                "username": _(
                    "The user name “%(name)s” is taken. User names are unique on the whole platform: "
                    "put your site's short name before it."
                )
                % {"name": user.username}
            }
        )
    user.save(force_insert=True)
    return user


@transaction.atomic
def renew_invitation(*, actor: Any, tenant: Tenant, user: User) -> str:
    """A new one-time link for somebody who lost the first, or the password. Returns the token.

    Former links of the same account stop working.

    :raises PermissionDenied: the account is used elsewhere too: the platform renews it.
    """
    require_may_edit_account(actor, tenant=tenant, user=user)
    token = issue_invitation(user, tenant)
    record_event(kind=AccountEvent.INVITED, subject=user, actor=actor, data={"renewed": True})
    return token


def issue_invitation(user: User, tenant: Tenant | None) -> str:
    """A one-time link's token; earlier ones of the same account stop working."""
    now = timezone.now()
    Invitation.objects.filter(user=user, used_at__isnull=True).update(used_at=now)
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        user=user,
        tenant=tenant,
        token_digest=plain_digest(token),
        expires_at=now + timedelta(hours=sign_in_policy().invitation_hours),
    )
    return token


@transaction.atomic
def change_account(
    *, actor: Any, tenant: Tenant, user: User, display_name: str, email: str
) -> User:
    """Change name and mail address of an account that the tenant manages.

    :raises PermissionDenied: the account is used elsewhere too.
    """
    require_may_edit_account(actor, tenant=tenant, user=user)
    user.display_name, user.email = display_name.strip(), email.strip()
    user.clean_fields(exclude=["password"])
    user.save(update_fields=["display_name", "email"])
    return user


@transaction.atomic
def remove_person(*, actor: Any, tenant: Tenant, user: User) -> None:
    """Take all roles in ``tenant`` away. An account that belongs nowhere else is closed too.

    What the person was working on stays theirs: hand it over first
    (:func:`sites.accounts.handover.hand_over`).

    :raises PermissionDenied: the actor could not give one of the roles.
    :raises ValidationError: the last site administrator would go.
    """
    rows = list(
        Membership.objects.filter(user=user, tenant=tenant).select_related("user", "tenant")
    )
    if not acts_for_the_platform(actor):
        if actor is None or not may_manage_people(actor):
            raise PermissionDenied(_("You do not manage the people of this site."))
        for row in rows:
            require_may_grant(actor, role=RoleCode(row.role), section_paths=_paths_of(row))
        _keep_an_administrator(rows)
    for row in rows:
        _revoke(actor, row)
    delete_unused_section_groups(tenant=tenant)
    if user.managed_by_id == tenant.pk:
        close_account(actor=actor, user=user)


def close_account(*, actor: Any, user: User) -> None:
    """Deactivate an account and end its sessions. Rows that name it keep it: nothing is deleted."""
    with system_scope("close an account that belongs to no tenant any more"):
        User.objects.filter(pk=user.pk).update(is_active=False)
        end_sessions(user=user, reason=SessionEnd.ACCOUNT_CLOSED)
    user.is_active = False
    record_event(kind=AccountEvent.ACCOUNT_CLOSED, subject=user, actor=actor, data={})


@transaction.atomic
def take_back(*, actor: Any, tenant: Tenant, user: User, role: RoleCode) -> str:
    """Give a role to somebody whose account the tenant manages and closed. Returns a new link's token.

    :raises PermissionDenied: as :func:`grant_membership`.
    """
    require_may_edit_account(actor, tenant=tenant, user=user)
    user.is_active = True
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    grant_membership(actor=actor, user=user, tenant=tenant, role=role)
    return renew_invitation(actor=actor, tenant=tenant, user=user)


@transaction.atomic
def end_expired_memberships(*, now: Any = None) -> int:
    """Delete memberships whose last day is over: they gave no right any more, their groups did.

    Runs daily in a system scope; each row's end is recorded in its own tenant. Returns how many.
    """
    today = timezone.localdate(now)
    rows = Membership.objects.filter(expires_on__lt=today).select_related("tenant", "user")
    ended = 0
    for row in rows:
        with opening_scope(row.tenant, "end an expired membership"):
            _revoke(None, row)
            delete_unused_section_groups(tenant=row.tenant)
        ended += 1
    return ended
