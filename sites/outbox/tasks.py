"""Celery tasks of the outbox: a scope and a service call each."""

from celery import shared_task

from . import delivery, jobs, sweep, wake_up
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
