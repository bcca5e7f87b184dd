"""Writes of the outbox: events in the caller's transaction, and background jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from sites.registry.delivery import job_kinds
from sites.tenancy.exceptions import TenantScopeMissing
from sites.tenancy.guarded_rows import insert_objects, insert_rows
from sites.tenancy.scope import current_tenant_id

from .exceptions import OutsideTransaction
from .faults import commit_point
from .models import Job, OutboxEvent
from .rules import check_codes
from .wake_up import DELIVER_EVENTS, RUN_JOB, WakeUp, wake_up_on_commit


@dataclass(frozen=True, slots=True)
class Change:
    """What an event tells: as the arguments of :func:`emit`."""

    kind: str
    subject: UUID
    version: int
    payload: Mapping[str, Any] = field(default_factory=dict)


def emit(
    *, kind: str, subject: UUID, version: int, payload: Mapping[str, Any] | None = None
) -> OutboxEvent:
    """Tell the outbox of a change, inside the transaction that makes it. One query.

    The event belongs to the tenant of the open scope. ``payload``: ids and codes only; a consumer
    reads the rest from the subject.

    :raises OutsideTransaction: no transaction is open.
    :raises NotACode: the payload holds free text.
    :raises TenantScopeMissing: no scope, or one without a tenant.
    """
    tenant_id = _in_transaction(kind)
    check_codes(payload or {})
    event = OutboxEvent(
        tenant_id=tenant_id,
        kind=kind,
        subject_uuid=subject,
        version=version,
        payload=dict(payload or {}),
    )
    insert_objects([event])
    _wake(tenant_id)
    return event


def emit_all(*, changes: Sequence[Change]) -> None:
    """As :func:`emit`, many changes in one query."""
    tenant_id = _in_transaction(changes[0].kind)
    for change in changes:
        check_codes(change.payload)
    now = timezone.now()
    insert_rows(
        OutboxEvent,
        (
            "tenant_id",
            "kind",
            "subject_uuid",
            "version",
            "payload",
            "created_at",
            "available_at",
        ),
        [
            (tenant_id, change.kind, change.subject, change.version, dict(change.payload), now, now)
            for change in changes
        ],
    )
    _wake(tenant_id)


def _in_transaction(kind: str) -> int:
    """The tenant whose events may be emitted here."""
    tenant_id = _tenant_id()
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(f"{kind} was emitted outside a transaction")
    return tenant_id


def _wake(tenant_id: int) -> None:
    commit_point("outbox.emitted")
    wake_up_on_commit(WakeUp(DELIVER_EVENTS, tenant_id))


@transaction.atomic
def enqueue_job(
    *,
    actor: AbstractBaseUser | int | None,
    kind: str,
    key: str,
    arguments: Mapping[str, Any] | None = None,
) -> Job:
    """Ask for background work in the open scope's tenant; an open job of the kind and key is returned.

    ``actor``: a user, a user's id, or ``None`` for the platform. ``key``: what is worked on.
    ``arguments``: JSON. The worker starts after the commit.

    :raises UnknownCapability: nobody offers that kind.
    """
    job_kinds.get(kind)
    tenant_id = _tenant_id()
    wanted = Job(
        tenant_id=tenant_id,
        kind=kind,
        key=key,
        arguments=dict(arguments or {}),
        created_by_id=getattr(actor, "pk", actor),
    )
    # The unique index on open jobs decides between two callers at once.
    Job.objects.bulk_create([wanted], ignore_conflicts=True)
    job = Job.objects.open().get(kind=kind, key=key)
    commit_point("outbox.job_enqueued")
    wake_up_on_commit(WakeUp(RUN_JOB, tenant_id, (("job_id", job.pk),)))
    return job


def _tenant_id() -> int:
    """The open scope's tenant; the scope of nobody (0) has none."""
    tenant_id = current_tenant_id()
    if not tenant_id:
        raise TenantScopeMissing("the outbox serves tenants, and the open scope belongs to nobody")
    return tenant_id
