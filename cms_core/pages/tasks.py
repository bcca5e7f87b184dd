"""Celery tasks of pages: a scope and a service call each."""

from celery import shared_task
from django.utils import timezone

from sites.outbox.task_base import TenantTask

from . import lifecycle_selectors, recycle_bin


@shared_task(name="pages.purge_recycle_bins")
def purge_recycle_bins() -> None:
    """Let each tenant whose bin holds something older than promised purge it, in a task of its own."""
    for tenant_id in lifecycle_selectors.tenants_with_due_purges(timezone.localdate()):
        purge_recycle_bin.delay(tenant_id=tenant_id)


@shared_task(base=TenantTask, name="pages.purge_recycle_bin")
def purge_recycle_bin(*, tenant_id: int) -> None:
    """Delete for good what stood in the tenant's bin for its whole time."""
    recycle_bin.purge_due(today=timezone.localdate())
