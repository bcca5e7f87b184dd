"""Outbox rows for the isolation probe, and tasks that forget their scope."""

import uuid
from threading import Thread
from typing import Any

from django.db import transaction

from sites.registry.delivery import JobKind, job_kinds
from sites.registry.isolation import (
    IsolationCases,
    Laboratory,
    Resident,
    register_isolation_cases,
)
from sites.tenancy.models import Tenant
from sites.tenancy.scope import current_scope, enter_scope, tenant_scope

from .models import ConsumerCursor, Job, OutboxEvent
from .services import emit, enqueue_job
from .task_base import ScopelessTask, TenantTask

_KIND = "isolation_probe"


def furnish(resident: Resident) -> None:
    """An event, a consumer's cursor and a waiting job."""
    actor = resident.people["site_administrator"]
    subject = uuid.uuid4()
    with transaction.atomic():
        event = emit(
            kind="probe.happened", subject=subject, version=1, payload={"code": resident.word}
        )
    cursor = ConsumerCursor.objects.create(
        consumer="probe", subject_uuid=subject, applied_version=1
    )
    with job_kinds.replaced_by(**{_KIND: JobKind(_KIND, lambda progress: None)}):
        job = enqueue_job(
            actor=actor, kind=_KIND, key=resident.word, arguments={"code": resident.word}
        )
    resident.note("outbox_event", event)
    resident.note("cursor", cursor)
    resident.note("job", job)


class _Forgetful(ScopelessTask):
    """Leaves another tenant's scope open behind it."""

    name = "isolation_probe.forgetful"

    def run(self, tenant: Tenant) -> None:
        block = tenant_scope(tenant)
        enter_scope(block.__enter__())


class _Innocent(ScopelessTask):
    """Reads without a scope."""

    name = "isolation_probe.innocent"

    def run(self) -> list[Any]:
        return list(OutboxEvent.objects.values_list("payload", flat=True))


class _Proper(TenantTask):
    """Reads in the scope of its tenant."""

    name = "isolation_probe.proper"

    def run(self, *, tenant_id: int) -> list[Any]:
        return list(OutboxEvent.objects.values_list("payload", flat=True))


def check_tasks(laboratory: Laboratory) -> None:
    """A task after one that forgot its scope, run at once as a worker runs them."""
    own, other = laboratory.own, laboratory.other
    surface = "tasks"
    _Forgetful()(other.tenant)
    laboratory.expect(surface, current_scope() is None, "a task left its scope open")
    laboratory.expect_refusal(surface, lambda: _Innocent()(), "a task without a scope read rows")
    with laboratory.inside(other):
        laboratory.expect_refusal(
            surface, lambda: _Innocent()(), "a task used the scope of whoever called it"
        )
    seen = _Proper()(tenant_id=own.tenant.pk)
    laboratory.expect_clean(surface, seen, "a task of the own tenant")
    laboratory.expect(surface, bool(seen), "a task of the own tenant sees nothing")
    with laboratory.inside(own, "site_administrator"):
        for model in (OutboxEvent, ConsumerCursor, Job):
            laboratory.expect_clean(surface, list(model.objects.values()), model.__name__)
        written = Job.objects.filter(pk=other.first("job")).update(key="stolen")
        laboratory.expect(surface, written == 0, "a job of another tenant was changed")


def check_thread_of_task(laboratory: Laboratory) -> None:
    """A thread that a task starts begins without a scope."""
    seen: list[Any] = []
    with laboratory.inside(laboratory.other):
        thread = Thread(target=lambda: seen.append(current_scope()))
        thread.start()
        thread.join()
    laboratory.expect("threads of tasks", seen == [None], "a new thread inherited a scope")


register_isolation_cases(
    "sites_outbox",
    IsolationCases(
        furnish=furnish, checks={"tasks": check_tasks, "threads of tasks": check_thread_of_task}
    ),
)
