"""The sweep: finds due rows that nobody works on, wakes the worker for them, and clears what is done."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from sites.tenancy.scope import system_scope

from .broker import purge_delivered_messages
from .models import Job, OutboxEvent
from .wake_up import DELIVER_EVENTS, RUN_JOB, WakeUp, send

#: Younger rows have just been committed, and their own wake-up is on its way.
GRACE_SECONDS = 2
#: Delivered events are kept this long for whoever asks what happened.
KEEP_DELIVERED_DAYS = 7
#: Rows deleted in one statement: a long delete would hold SQLite's only write lock.
PURGE_BATCH = 1000
#: An event tried this often without success needs a person.
STUCK_ATTEMPTS = 8
#: Messages sent in one sweep; the next one follows in seconds.
MOST_WAKE_UPS = 500


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep found and did. Counts of rows and messages."""

    due_events: int
    due_jobs: int
    wake_ups_sent: int
    wake_ups_failed: int
    stuck_events: int
    failed_jobs: int
    purged_events: int
    purged_messages: int

    @property
    def is_clean(self) -> bool:
        """Nothing needs a person: the broker answered, and no row is stuck."""
        return not (self.wake_ups_failed or self.stuck_events or self.failed_jobs)


def sweep_outbox() -> SweepReport:
    """One sweep over all tenants."""
    with system_scope("the sweep looks for due events and jobs of every tenant"):
        before = timezone.now() - timedelta(seconds=GRACE_SECONDS)
        due_events = OutboxEvent.objects.undelivered().filter(available_at__lte=before)
        due_jobs = Job.objects.open().filter(available_at__lte=before)
        wake_ups = [
            WakeUp(DELIVER_EVENTS, tenant_id)
            for tenant_id in due_events.order_by().values_list("tenant_id", flat=True).distinct()
        ]
        wake_ups += [
            WakeUp(RUN_JOB, tenant_id, (("job_id", pk),))
            for tenant_id, pk in due_jobs.order_by("pk").values_list("tenant_id", "pk")[
                :MOST_WAKE_UPS
            ]
        ]
        counts = {
            "due_events": due_events.count(),
            "due_jobs": due_jobs.count(),
            "stuck_events": OutboxEvent.objects.undelivered()
            .filter(attempts__gte=STUCK_ATTEMPTS)
            .count(),
            "failed_jobs": Job.objects.given_up().count(),
            "purged_events": _purge_delivered_events(),
        }
    sent = sum(send(wake_up) for wake_up in wake_ups[:MOST_WAKE_UPS])
    return SweepReport(
        wake_ups_sent=sent,
        wake_ups_failed=len(wake_ups[:MOST_WAKE_UPS]) - sent,
        purged_messages=purge_delivered_messages(),
        **counts,
    )


def _purge_delivered_events() -> int:
    """Delete one batch of events delivered long ago; the next sweep takes the next."""
    old = OutboxEvent.objects.filter(
        delivered_at__lt=timezone.now() - timedelta(days=KEEP_DELIVERED_DAYS)
    )
    batch = list(old.order_by("delivered_at").values_list("pk", flat=True)[:PURGE_BATCH])
    if not batch:
        return 0
    deleted, _by_model = OutboxEvent.objects.filter(pk__in=batch).delete()
    return deleted
