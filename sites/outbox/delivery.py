"""Delivering due events to their consumers, inside the scope of one tenant.

At least once, each consumer at its own pace, never back in time. Every step is a statement of its
own, so a worker may die anywhere: the lease runs out and the next one repeats what was not noted.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from sites.registry.delivery import Consumer, Delivery, consumers

from .attempts import Attempt, short_transaction
from .exceptions import LeaseLost
from .faults import commit_point
from .models import ConsumerCursor, OutboxEvent
from .rules import backoff_seconds

#: A consumer handles one event within this time, or another worker may try.
LEASE_SECONDS = 60
BATCH = 50


class Outcome(Enum):
    """What became of one event at one consumer."""

    APPLIED = auto()
    REFUSED = auto()  # the same or a newer version was applied before
    BUSY = auto()  # another worker holds the subject
    FAILED = auto()


#: Outcomes after which the consumer needs the event no more.
SETTLED = frozenset({Outcome.APPLIED, Outcome.REFUSED})


@dataclass
class DeliveryCount:
    """What one run did. ``has_more``: it stopped at its time limit."""

    delivered: int = 0
    postponed: int = 0
    has_more: bool = False


def deliver_due(*, seconds: float = 5.0) -> DeliveryCount:
    """Deliver the open tenant's due events, oldest first, for at most about ``seconds``."""
    count = DeliveryCount()
    deadline = time.monotonic() + seconds
    while events := list(OutboxEvent.objects.due().order_by("pk")[:BATCH]):
        for event in events:
            if time.monotonic() > deadline:
                count.has_more = True
                return count
            if _claim(event):
                if _deliver(event):
                    count.delivered += 1
                else:
                    count.postponed += 1
    return count


def _claim(event: OutboxEvent) -> bool:
    """Take the lease; false when another worker was faster."""
    lease = timezone.now() + timedelta(seconds=LEASE_SECONDS)
    claimed = (
        OutboxEvent.objects.undelivered()
        .filter(pk=event.pk, available_at=event.available_at)
        .update(available_at=lease, attempts=F("attempts") + 1)
    )
    commit_point("outbox.event_claimed")
    return bool(claimed)


def _deliver(event: OutboxEvent) -> bool:
    """Offer the event to each consumer that wants it; true when none needs it any more."""
    delivery = Delivery(
        event_id=event.pk,
        tenant_id=event.tenant_id,
        kind=event.kind,
        subject_uuid=event.subject_uuid,
        version=event.version,
        payload=event.payload,
    )
    errors = []
    for consumer in consumers:
        if event.kind in consumer.kinds:
            outcome, error = deliver_to(consumer, delivery)
            if outcome not in SETTLED:
                errors.append(error)
    row = OutboxEvent.objects.filter(pk=event.pk)
    if errors:
        wait = timedelta(seconds=backoff_seconds(event.attempts + 1))
        row.update(available_at=timezone.now() + wait, last_error="; ".join(errors)[:500])
        return False
    row.update(delivered_at=timezone.now(), last_error="")
    commit_point("outbox.event_delivered")
    return True


def deliver_to(consumer: Consumer, delivery: Delivery) -> tuple[Outcome, str]:
    """Offer one event to one consumer: the outcome, and what stands in the row when it is not settled."""
    token = uuid.uuid4()
    outcome = _claim_cursor(consumer, delivery, token)
    if outcome is not None:
        return outcome, f"{consumer.name}: busy"
    commit_point("outbox.cursor_claimed")
    with Attempt(consumer.name) as attempt:
        if consumer.is_transactional:
            with short_transaction(f"consumer {consumer.name}"):
                consumer.handle(delivery)
                _advance_cursor(consumer, delivery, token)
                commit_point("outbox.applied_in_transaction")
        else:
            consumer.handle(delivery)
            commit_point("outbox.handled")
            _advance_cursor(consumer, delivery, token)
    if attempt.has_failed:
        _cursor(consumer, delivery).filter(lease_token=token).update(
            lease_token=None, lease_until=None
        )
        return Outcome.FAILED, attempt.error
    commit_point("outbox.applied")
    return Outcome.APPLIED, ""


def _cursor(consumer: Consumer, delivery: Delivery) -> QuerySet[ConsumerCursor]:
    return ConsumerCursor.objects.filter(consumer=consumer.name, subject_uuid=delivery.subject_uuid)


def _claim_cursor(consumer: Consumer, delivery: Delivery, token: uuid.UUID) -> Outcome | None:
    """Lease the cursor to ``token`` if the version is newer; else why not."""
    cursor = _cursor(consumer, delivery)
    if _lease(consumer, delivery, token):
        return None
    applied = cursor.values_list("applied_version", flat=True).first()
    if applied is None:
        ConsumerCursor.objects.bulk_create(
            [ConsumerCursor(consumer=consumer.name, subject_uuid=delivery.subject_uuid)],
            ignore_conflicts=True,
        )
        return None if _lease(consumer, delivery, token) else Outcome.BUSY
    return Outcome.REFUSED if applied >= delivery.version else Outcome.BUSY


def _lease(consumer: Consumer, delivery: Delivery, token: uuid.UUID) -> bool:
    now = timezone.now()
    return bool(
        _cursor(consumer, delivery)
        .filter(applied_version__lt=delivery.version)
        .filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
        .update(lease_token=token, lease_until=now + timedelta(seconds=LEASE_SECONDS))
    )


def _advance_cursor(consumer: Consumer, delivery: Delivery, token: uuid.UUID) -> None:
    """Note the version as applied.

    :raises LeaseLost: another worker took the subject over, perhaps with a newer version.
    """
    advanced = (
        _cursor(consumer, delivery)
        .filter(lease_token=token, applied_version__lt=delivery.version)
        .update(
            applied_version=delivery.version,
            applied_at=timezone.now(),
            lease_token=None,
            lease_until=None,
        )
    )
    if not advanced:
        raise LeaseLost(f"{consumer.name}: the lease on {delivery.subject_uuid} was lost")
