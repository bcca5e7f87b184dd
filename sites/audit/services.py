"""Recording domain events, in the transaction of what they tell of."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from sites.outbox.faults import commit_point
from sites.outbox.rules import check_codes
from sites.tenancy.scope import require_scope, system_scope

from .keys import event_mac
from .models import DomainEvent, PendingSeal
from .origin import current_origin
from .rules import content_bytes


def record_event(
    *,
    kind: str,
    subject: models.Model,
    actor: AbstractBaseUser | int | None,
    data: Mapping[str, Any] | None = None,
) -> DomainEvent:
    """Record that ``actor`` did ``kind`` to ``subject``, in the open scope's tenant. Two queries.

    Call it inside the transaction of the change, so that both are committed or neither. Where the
    scope belongs to no tenant, the event is the platform's. The event gets no chain number here: one
    lock a chain would queue all writers.

    ``subject``: a saved row. ``actor``: a user, a user's id, or ``None`` for the platform itself.
    ``data``: ids, codes and keyed digests only.

    :raises NotACode: ``data`` holds free text.
    :raises TenantScopeMissing: no scope is open.
    """
    tenant_id = require_scope().tenant_id
    if not tenant_id:
        return record_platform_event(kind=kind, subject=subject, actor=actor, data=data)
    return _record(tenant_id, kind, subject, actor, data)


def record_platform_event(
    *,
    kind: str,
    subject: models.Model,
    actor: AbstractBaseUser | int | None,
    data: Mapping[str, Any] | None = None,
) -> DomainEvent:
    """Record an event that belongs to no tenant: a sign-in, a platform role, a new site.

    As :func:`record_event`, and possible in any scope or none.
    """
    with system_scope("an event of the platform belongs to no tenant"):
        return _record(None, kind, subject, actor, data)


def _record(
    tenant_id: int | None,
    kind: str,
    subject: models.Model,
    actor: AbstractBaseUser | int | None,
    data: Mapping[str, Any] | None,
) -> DomainEvent:
    check_codes(data or {}, where="data")
    if subject.pk is None:
        raise ValueError(f"{kind}: the subject was not saved yet")
    origin = current_origin()
    event = DomainEvent(
        tenant_id=tenant_id,
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        actor_id=getattr(actor, "pk", actor),
        data=dict(data or {}),
        ip_digest=origin.ip_digest,
        break_glass_id=origin.break_glass_id,
    )
    event.mac = event_mac(content_bytes(event.content()))
    with transaction.atomic(savepoint=False):
        event.save(force_insert=True)
        PendingSeal.objects.create(tenant_id=tenant_id, chain=event.chain, event_id=event.pk)
        commit_point("audit.recorded")
    return event
