"""The sweep: finds what nobody was woken for, says what needs a person, clears what is done."""

import json
import sqlite3
import uuid
from contextlib import closing
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

import cms_core
from sites.outbox import sweep as sweep_module
from sites.outbox import wake_up
from sites.outbox.broker import prepare_embedded_broker, purge_delivered_messages
from sites.outbox.enums import JobStatus
from sites.outbox.models import Job, OutboxEvent
from sites.outbox.services import emit
from sites.outbox.sweep import STUCK_ATTEMPTS, sweep_outbox
from sites.outbox.wake_up import DELIVER_EVENTS, RUN_JOB, WakeUp, send
from sites.tenancy.scope import system_scope, tenant_scope


def ago(**span):
    return timezone.now() - timedelta(**span)


@pytest.fixture
def rings(monkeypatch, settings, tmp_path):
    """Messages of the sweep; the broker's file is the test's own."""
    sent = []

    def note(message):
        sent.append(message)
        return True

    monkeypatch.setattr(sweep_module, "send", note)
    monkeypatch.setattr(
        cms_core.celery_app.conf, "broker_url", f"sqla+sqlite:///{tmp_path}/broker.sqlite3"
    )
    return sent


def event_in(tenant, **columns):
    with tenant_scope(tenant):
        event = emit(kind="note.changed", subject=uuid.uuid4(), version=1)
        OutboxEvent.objects.filter(pk=event.pk).update(
            **{"available_at": ago(minutes=1), **columns}
        )
    return event


def job_in(tenant, **columns):
    with tenant_scope(tenant):
        return Job.objects.create(
            kind="counting", key=str(uuid.uuid4()), **{"available_at": ago(minutes=1), **columns}
        )


def test_due_events_wake_each_tenant_once(tenants, rings):
    event_in(tenants.a)
    event_in(tenants.a)
    event_in(tenants.b)
    report = sweep_outbox()

    assert rings == [WakeUp(DELIVER_EVENTS, tenants.a.pk), WakeUp(DELIVER_EVENTS, tenants.b.pk)]
    assert (report.due_events, report.wake_ups_sent, report.is_clean) == (3, 2, True)


def test_expired_leases_are_due_and_running_ones_are_not(tenants, rings):
    abandoned = job_in(tenants.a, status=JobStatus.RUNNING, attempts=1)
    job_in(tenants.a, status=JobStatus.RUNNING, available_at=timezone.now() + timedelta(minutes=1))
    job_in(tenants.a, status=JobStatus.DONE)
    event_in(tenants.b, available_at=timezone.now() + timedelta(minutes=1))
    event_in(tenants.b, delivered_at=timezone.now())
    sweep_outbox()

    assert rings == [WakeUp(RUN_JOB, tenants.a.pk, (("job_id", abandoned.pk),))]


def test_rows_just_committed_are_left_to_their_own_wake_up(tenants, rings):
    event_in(tenants.a, available_at=timezone.now())
    sweep_outbox()

    assert rings == []


def test_stuck_rows_need_a_person(tenants, rings):
    event_in(tenants.a, attempts=STUCK_ATTEMPTS)
    job_in(tenants.b, status=JobStatus.FAILED)
    report = sweep_outbox()

    assert (report.stuck_events, report.failed_jobs, report.is_clean) == (1, 1, False)


def test_events_delivered_long_ago_are_deleted_in_batches(tenants, rings, monkeypatch):
    monkeypatch.setattr(sweep_module, "PURGE_BATCH", 2)
    old = [event_in(tenants.a, delivered_at=ago(days=8)) for _ in range(3)]
    event_in(tenants.a, delivered_at=ago(days=6))
    event_in(tenants.b, created_at=ago(days=60))

    assert [sweep_outbox().purged_events for _ in range(3)] == [2, 1, 0]
    with tenant_scope(tenants.a):
        assert not OutboxEvent.objects.filter(pk__in=[event.pk for event in old]).exists()
        assert OutboxEvent.objects.count() == 1
    with tenant_scope(tenants.b):
        assert OutboxEvent.objects.count() == 1


def test_queries_do_not_grow_with_the_tenants(tenants, rings, django_assert_num_queries):
    event_in(tenants.a)
    with django_assert_num_queries(7):
        sweep_outbox()
    event_in(tenants.b)
    event_in(tenants.b)
    with django_assert_num_queries(7):
        sweep_outbox()


@pytest.fixture
def broker_file(monkeypatch, tmp_path):
    """The embedded broker in a file of the test's own."""
    path = tmp_path / "broker.sqlite3"
    monkeypatch.setattr(cms_core.celery_app.conf, "broker_url", f"sqla+sqlite:///{path}")
    monkeypatch.setattr(cms_core.celery_app.conf, "broker_write_url", f"sqla+sqlite:///{path}")
    wake_up._connection.cache_clear()
    prepare_embedded_broker.cache_clear()
    wake_up.bell.rests_until = 0
    yield path
    wake_up._connection.cache_clear()


def messages_in(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM kombu_message").fetchone()[0]


def test_delivered_messages_of_the_embedded_broker_are_deleted(broker_file):
    assert purge_delivered_messages() == 0  # before there is a file
    prepare_embedded_broker()
    assert purge_delivered_messages() == 0  # before there is a table
    for _ in range(3):
        assert send(WakeUp(DELIVER_EVENTS, 1))
    with cms_core.celery_app.connection_for_read(f"sqla+sqlite:///{broker_file}") as connection:
        queue = connection.SimpleQueue(cms_core.celery_app.conf.task_default_queue)
        queue.get(timeout=2).ack()
        queue.get(timeout=2).ack()
    assert messages_in(broker_file) == 3

    assert purge_delivered_messages() == 2
    assert messages_in(broker_file) == 1


def test_another_broker_is_left_alone(monkeypatch):
    monkeypatch.setattr(cms_core.celery_app.conf, "broker_url", "redis://127.0.0.1:1/0")

    assert purge_delivered_messages() == 0


def run(*arguments):
    out = StringIO()
    status = 0
    try:
        call_command("sweep_outbox", "--once", *arguments, stdout=out)
    except SystemExit as exit_:
        status = exit_.code
    return status, out.getvalue().splitlines()


def test_the_command(tenants, rings):
    event_in(tenants.a)
    status, lines = run("--json")
    assert status == 0
    figures = json.loads(lines[-1])
    assert (figures["holds"], figures["due_events"], figures["wake_ups_sent"]) == (True, 1, 1)

    with system_scope("an event gets stuck in a test"):
        OutboxEvent.objects.update(attempts=STUCK_ATTEMPTS)
    status, lines = run("--json")
    assert (status, json.loads(lines[-1])["stuck_events"]) == (1, 1)


def test_the_command_fails_while_the_broker_is_away(tenants, rings, monkeypatch):
    event_in(tenants.a)
    monkeypatch.setattr(sweep_module, "send", lambda message: False)
    status, lines = run()

    assert status == 1
    assert "wake-ups: 0 sent, 1 not" in lines
