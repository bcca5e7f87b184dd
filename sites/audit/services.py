"""Recording domain events, in the transaction of what they tell of."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from sites.outbox.faults import commit_point
from sites.outbox.rules import check_codes
from sites.tenancy.exceptions import TenantScopeMissing
from sites.tenancy.guarded_rows import insert_objects, insert_rows
from sites.tenancy.plain_rows import insert_plain_rows
from sites.tenancy.scope import require_scope, system_scope

from .keys import event_mac
from .models import DomainEvent, PendingSeal
from .origin import current_origin
from .rules import content_bytes

#: Who did it: a user, a user's id, or the platform itself.
Actor = AbstractBaseUser | int | None


def record_event(
    *,
    kind: str,
    subject: models.Model,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
) -> DomainEvent:
    """Record that ``actor`` did ``kind`` to ``subject``, in the open scope's tenant. Two queries.

    Call it inside the transaction of the change, so that both are committed or neither. Where the
    scope belongs to no tenant, the event is the platform's. The event gets no chain number here: one
    lock a chain would queue all writers.

    ``subject``: a saved row. ``data``: ids, codes and keyed digests only.

    :raises NotACode: ``data`` holds free text.
    :raises TenantScopeMissing: no scope is open.
    """
    return record_events(kind=kind, subjects=[(subject, data or {})], actor=actor)[0]


def record_events(
    *, kind: str, subjects: Sequence[tuple[models.Model, Mapping[str, Any]]], actor: Actor
) -> list[DomainEvent]:
    """As :func:`record_event` for many subjects, each with its data, in two queries."""
    tenant_id = require_scope().tenant_id
    if tenant_id:
        return _record(tenant_id, kind, subjects, actor)
    with system_scope("an event of the platform belongs to no tenant"):
        return _record(None, kind, subjects, actor)


def record_events_of_sites(
    *,
    kind: str,
    subjects: Sequence[tuple[int, models.Model, Mapping[str, Any]]],
    actor: Actor,
) -> list[DomainEvent]:
    """As :func:`record_events` for subjects of many tenants, each after its tenant's key, in two queries.

    In a system scope only: within a tenant its own events are recorded.

    :raises TenantScopeMissing: no system scope is open.
    """
    scope = require_scope()
    if not scope.all or scope.tenant_id:
        raise TenantScopeMissing("events of many tenants are recorded in a system scope only")
    events = [
        _event(tenant_id, kind, subject, data, actor) for tenant_id, subject, data in subjects
    ]
    columns = [f.attname for f in DomainEvent._meta.concrete_fields if not f.primary_key]
    with transaction.atomic(savepoint=False):
        keys = insert_plain_rows(
            DomainEvent, columns, [attrgetter(*columns)(event) for event in events]
        )
        for event, key in zip(events, keys, strict=True):
            event.pk = key
        insert_plain_rows(
            PendingSeal,
            ("tenant_id", "chain", "event_id"),
            [(event.tenant_id, event.chain, event.pk) for event in events],
        )
        commit_point("audit.recorded")
    return events


def record_platform_event(
    *,
    kind: str,
    subject: models.Model,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
) -> DomainEvent:
    """Record an event that belongs to no tenant: a sign-in, a platform role, a new site.

    As :func:`record_event`, and possible in any scope or none.
    """
    with system_scope("an event of the platform belongs to no tenant"):
        return _record(None, kind, [(subject, data or {})], actor)[0]


def _record(
    tenant_id: int | None,
    kind: str,
    subjects: Sequence[tuple[models.Model, Mapping[str, Any]]],
    actor: Actor,
) -> list[DomainEvent]:
    return _write([_event(tenant_id, kind, subject, data, actor) for subject, data in subjects])


def _event(
    tenant_id: int | None, kind: str, subject: models.Model, data: Mapping[str, Any], actor: Actor
) -> DomainEvent:
    check_codes(data, where="data")
    if subject.pk is None:
        raise ValueError(f"{kind}: the subject was not saved yet")
    origin = current_origin()
    event = DomainEvent(
        tenant_id=tenant_id,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        actor_id=getattr(actor, "pk", actor),
        data=dict(data),
        ip_digest=origin.ip_digest,
        break_glass_id=origin.break_glass_id,
    )
    event.mac = event_mac(content_bytes(event.content()))
    return event


def _write(events: list[DomainEvent]) -> list[DomainEvent]:
    with transaction.atomic(savepoint=False):
        if all(event.tenant_id for event in events):
            insert_objects(events)
            insert_rows(
                PendingSeal,
                ("tenant_id", "chain", "event_id"),
                [(event.tenant_id, event.chain, event.pk) for event in events],
            )
        else:  # the platform's own: rows without an owner
            DomainEvent.objects.bulk_create(events)
            PendingSeal.objects.bulk_create(
                PendingSeal(tenant_id=event.tenant_id, chain=event.chain, event_id=event.pk)
                for event in events
            )
        commit_point("audit.recorded")
    return events
