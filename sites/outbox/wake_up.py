"""Waking the worker after a commit. The broker is only a bell: what must be done stands in rows.

A broker that is down or slow must not fail or slow the caller, so every step has a short timeout,
nothing is retried, and after a failure the bell rests for a while. The sweep finds what nobody was
woken for.
"""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

from celery import current_app
from django.db import transaction
from kombu import Connection
from kombu.exceptions import LimitExceeded, OperationalError
from kombu.pools import producers

from .broker import prepare_embedded_broker
from .faults import commit_point

log = logging.getLogger("jiyue.outbox")

#: A local broker answers in a millisecond; a caller never waits longer than this.
BROKER_TIMEOUT_SECONDS = 0.3
#: After a failure the bell is left alone this long: the sweep runs more often than that.
REST_AFTER_FAILURE_SECONDS = 30
#: A wake-up that nobody took by then is worthless, the sweep has sent another.
EXPIRES_SECONDS = 30

DELIVER_EVENTS = "outbox.deliver_events"
RUN_JOB = "outbox.run_job"


@dataclass
class Bell:
    """State of the broker as this process last saw it."""

    rests_until: float = 0.0

    def is_resting(self) -> bool:
        return time.monotonic() < self.rests_until

    def rest(self) -> None:
        self.rests_until = time.monotonic() + REST_AFTER_FAILURE_SECONDS


bell = Bell()
_held: ContextVar[set["WakeUp"] | None] = ContextVar("jiyue_held_wake_ups", default=None)


@dataclass(frozen=True, slots=True)
class WakeUp:
    """One message to the worker: a task's name and its arguments, in a form that can be compared."""

    task: str
    tenant_id: int
    arguments: tuple[tuple[str, Any], ...] = ()

    def __call__(self) -> None:
        """What runs after the commit."""
        commit_point("outbox.committed")
        held = _held.get()
        if held is not None:
            held.add(self)
        else:
            send(self)


def wake_up_on_commit(wake_up: WakeUp) -> None:
    """Send ``wake_up`` once when the open transaction commits, however often it is asked for."""
    waiting = transaction.get_connection().run_on_commit
    if not any(entry[1] == wake_up for entry in waiting):
        transaction.on_commit(wake_up, robust=True)


@contextmanager
def held_wake_ups() -> Iterator[None]:
    """Collect the wake-ups of many small transactions and send each once at the end: for bulk work."""
    held: set[WakeUp] = set()
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
        for wake_up in sorted(held, key=lambda item: (item.task, item.tenant_id, item.arguments)):
            send(wake_up)


def send(wake_up: WakeUp) -> bool:
    """Send one message now. False when the broker could not be reached: logged, never raised."""
    if bell.is_resting():
        return False
    try:
        _publish(wake_up)
    except _unreachable() as error:
        bell.rest()
        log.warning("the broker was not reached, the sweep will follow: %s", type(error).__name__)
        return False
    commit_point("outbox.woken")
    return True


def _publish(wake_up: WakeUp) -> None:
    connection = _connection()
    with producers[connection].acquire(block=True, timeout=BROKER_TIMEOUT_SECONDS) as producer:
        current_app.send_task(
            wake_up.task,
            kwargs={"tenant_id": wake_up.tenant_id, **dict(wake_up.arguments)},
            producer=producer,
            retry=False,
            expires=EXPIRES_SECONDS,
            ignore_result=True,
        )


def _unreachable() -> tuple[type[BaseException], ...]:
    """What sending raises while the broker is away: kombu's errors and those of its transport."""
    transport: tuple[type[BaseException], ...] = ()
    if _connection.cache_info().currsize:
        transport = (*_connection().connection_errors, *_connection().channel_errors)
    return (OperationalError, LimitExceeded, OSError, sqlite3.Error, *transport)


@cache
def _connection() -> Connection:
    """The process's own connection to the broker, with short timeouts and without retries."""
    url = current_app.conf.broker_url
    if url.startswith("sqla+sqlite"):
        prepare_embedded_broker(timeout_seconds=BROKER_TIMEOUT_SECONDS)
        options: dict[str, Any] = {"connect_args": {"timeout": BROKER_TIMEOUT_SECONDS}}
    else:
        options = {
            "socket_connect_timeout": BROKER_TIMEOUT_SECONDS,
            "socket_timeout": BROKER_TIMEOUT_SECONDS,
            "connect_timeout": BROKER_TIMEOUT_SECONDS,
        }
    return current_app.connection_for_write(
        connect_timeout=BROKER_TIMEOUT_SECONDS, transport_options={**options, "max_retries": 0}
    )
