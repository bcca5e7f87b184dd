"""Reads of staff accounts and their rights."""

from typing import Any

from django.utils import timezone

from sites.tenancy.models import Tenant

from .models import BreakGlassSession, Membership


def may_enter(*, user: Any, tenant: Tenant) -> bool:
    """Whether ``user`` may work in ``tenant`` now: a running membership or break-glass session.

    Asked inside the tenant's scope, on every request. At most two queries.
    """
    if not user.is_authenticated or not user.is_active:
        return False
    now = timezone.now()
    members = Membership.objects.filter(user_id=user.pk, tenant_id=tenant.pk)
    if members.exclude(expires_on__lt=timezone.localdate(now)).exists():
        return True
    return BreakGlassSession.objects.filter(
        user_id=user.pk, tenant_id=tenant.pk, ended_at__isnull=True, expires_at__gt=now
    ).exists()
