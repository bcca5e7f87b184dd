"""What apps offer to the outbox: consumers of its events and kinds of background job."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from .registry import Registry


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event as a consumer receives it, inside the scope of its tenant.

    ``version`` grows with every change of the subject. A consumer that writes outside the database
    passes it on (external versioning), because a worker that slept through its lease can wake up
    after a newer version was applied.
    """

    event_id: int
    tenant_id: int
    kind: str
    subject_uuid: UUID
    version: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Consumer:
    """Somebody who acts on outbox events.

    ``name``: stands in the cursor rows, so it never changes. ``kinds``: the events it wants.
    ``handle``: idempotent; raising means "try again later". ``is_transactional``: ``handle`` writes
    this database only; it then runs in the transaction that moves the cursor, so its rows and the
    cursor change together, once.
    """

    name: str
    kinds: frozenset[str]
    handle: Callable[[Delivery], None]
    is_transactional: bool = False


class JobProgress(Protocol):
    """A running job as its function sees it."""

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What the job was asked for."""

    @property
    def progress(self) -> Mapping[str, Any]:
        """What the last checkpoint kept; empty at the first start."""

    def checkpoint(self, **progress: Any) -> None:
        """Keep ``progress`` and renew the lease; raises ``LeaseLost`` when another took over."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of background job.

    ``run``: idempotent and resumable: it works in steps of short transactions and calls
    ``checkpoint`` after each. ``lease_seconds``: how long a step may take before the job counts as
    abandoned. ``most_attempts``: starts without success after which it is given up as failed.
    """

    name: str
    run: Callable[[JobProgress], None]
    lease_seconds: int = 60
    most_attempts: int = field(default=8)


consumers: Registry[Consumer] = Registry("outbox consumers", module="outbox_consumers")
job_kinds: Registry[JobKind] = Registry("kinds of job", module="job_kinds")


def register_consumer(
    name: str,
    kinds: set[str] | frozenset[str],
    handle: Callable[[Delivery], None],
    *,
    is_transactional: bool = False,
) -> Consumer:
    """Offer a consumer; called in an app's ``outbox_consumers.py``."""
    if not kinds:
        raise ValueError(f"consumer {name!r} wants no kind of event")
    return consumers.register(
        name, Consumer(name, frozenset(kinds), handle, is_transactional=is_transactional)
    )


def register_job_kind(
    name: str,
    run: Callable[[JobProgress], None],
    *,
    lease_seconds: int = 60,
    most_attempts: int = 8,
) -> JobKind:
    """Offer a kind of job; called in an app's ``job_kinds.py``."""
    return job_kinds.register(
        name, JobKind(name, run, lease_seconds=lease_seconds, most_attempts=most_attempts)
    )
