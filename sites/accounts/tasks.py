"""Celery tasks of staff accounts; the platform's own."""

from celery import shared_task

from sites.tenancy.scope import system_scope

from .services import end_expired_memberships


@shared_task(name="accounts.end_expired_memberships")
def sweep_memberships() -> None:
    """End memberships whose last day is over."""
    with system_scope("memberships whose last day is over, in all tenants"):
        end_expired_memberships()
