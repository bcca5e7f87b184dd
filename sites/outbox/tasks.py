"""Celery tasks of the outbox: a scope and a service call each."""

from celery import shared_task

from . import delivery, jobs, sweep, tenant_commands, wake_up
from .task_base import TenantTask


@shared_task(base=TenantTask, name=wake_up.DELIVER_EVENTS)
def deliver_events(*, tenant_id: int) -> None:
    """Deliver a tenant's due events; what is left over waits behind the other tenants."""
    if delivery.deliver_due().has_more:
        wake_up.send(wake_up.WakeUp(wake_up.DELIVER_EVENTS, tenant_id))


@shared_task(base=TenantTask, name=wake_up.RUN_JOB)
def run_job(*, tenant_id: int, job_id: int) -> None:
    """Run a background job of the tenant."""
    jobs.run_job(job_id=job_id)


@shared_task(name="outbox.sweep")
def sweep_outbox() -> None:
    """Wake the worker for everything that is due and nobody was woken for."""
    sweep.sweep_outbox()


@shared_task(name="outbox.publish_scheduled")
def publish_scheduled() -> None:
    """Let each tenant that has something due by now publish and expire it, in a task of its own."""
    for tenant_id in tenant_commands.tenants_with_scheduled_work():
        publish_scheduled_in_tenant.delay(tenant_id=tenant_id)


@shared_task(base=TenantTask, name="outbox.publish_scheduled_in_tenant", expires=60)
def publish_scheduled_in_tenant(*, tenant_id: int) -> None:
    """Publish and expire what a tenant scheduled."""
    tenant_commands.publish_scheduled()
