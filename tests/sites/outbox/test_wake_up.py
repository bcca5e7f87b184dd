"""The bell: a broker that is down or slow neither fails nor slows the caller."""

import importlib
import socket
import sqlite3
import time

import pytest
from django.db import transaction

import cms_core
from sites.outbox import wake_up
from sites.outbox.broker import prepare_embedded_broker
from sites.outbox.models import OutboxEvent
from sites.outbox.services import emit
from sites.outbox.wake_up import WakeUp, bell, held_wake_ups, send

SUBJECT = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def broker(monkeypatch):
    """Sets the address of the broker for one test."""

    def use(url):
        monkeypatch.setattr(cms_core.celery_app.conf, "broker_url", url)
        monkeypatch.setattr(cms_core.celery_app.conf, "broker_write_url", url)

    wake_up._connection.cache_clear()
    prepare_embedded_broker.cache_clear()
    bell.rests_until = 0
    yield use
    wake_up._connection.cache_clear()
    bell.rests_until = 0


@pytest.fixture
def silent_port():
    """A port that accepts a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def unreachable(kind, silent_port, tmp_path):
    return {
        "redis refused": f"redis://127.0.0.1:{closed_port()}/0",
        "redis silent": f"redis://127.0.0.1:{silent_port}/0",
        "amqp refused": f"amqp://127.0.0.1:{closed_port()}//",
        "amqp silent": f"amqp://127.0.0.1:{silent_port}//",
        "file in a folder that is gone": f"sqla+sqlite:///{tmp_path}/gone/broker.sqlite3",
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "redis refused",
        "redis silent",
        "amqp refused",
        "amqp silent",
        "file in a folder that is gone",
    ],
)
def test_an_unreachable_broker_costs_a_moment_once(broker, silent_port, tmp_path, caplog, kind):
    # Loading these is not waiting for the broker, and takes seconds on a busy machine.
    for transport in ("pyamqp", "redis", "sqlalchemy"):
        importlib.import_module(f"kombu.transport.{transport}")

    broker(unreachable(kind, silent_port, tmp_path))
    started = time.monotonic()

    assert send(WakeUp("outbox.deliver_events", 1)) is False
    assert time.monotonic() - started < 1.0
    assert "the sweep will follow" in caplog.text

    started = time.monotonic()
    assert send(WakeUp("outbox.deliver_events", 1)) is False
    assert time.monotonic() - started < 0.01


@pytest.mark.parametrize("is_first_use", [True, False])
def test_a_locked_broker_file_costs_a_moment(broker, tmp_path, is_first_use):
    path = tmp_path / "broker.sqlite3"
    broker(f"sqla+sqlite:///{path}")
    if not is_first_use:
        assert send(WakeUp("outbox.deliver_events", 1))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()

    assert send(WakeUp("outbox.deliver_events", 1)) is False
    assert time.monotonic() - started < 1.5
    holder.close()


def test_a_message_reaches_the_embedded_broker(broker, tmp_path):
    broker(f"sqla+sqlite:///{tmp_path}/broker.sqlite3")

    assert send(WakeUp("outbox.run_job", 7, (("job_id", 3),)))
    with cms_core.celery_app.connection_for_read(f"sqla+sqlite:///{tmp_path}/broker.sqlite3") as c:
        message = c.SimpleQueue(cms_core.celery_app.conf.task_default_queue).get(timeout=2)
    assert message.headers["task"] == "outbox.run_job"
    assert message.payload[1] == {"tenant_id": 7, "job_id": 3}
    assert message.headers["expires"] is not None


def test_the_embedded_broker_does_not_wait_for_the_disk(broker, tmp_path):
    from kombu.transport.sqlalchemy import Channel

    url = f"sqla+sqlite:///{tmp_path}/broker.sqlite3"
    broker(url)
    send(WakeUp("outbox.deliver_events", 1))
    engine, _session = Channel._engines[url.removeprefix("sqla+")]
    with engine.connect() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous")
        ]

    assert modes == ["wal", 0]


@pytest.mark.django_db(transaction=True)
def test_a_commit_survives_a_broker_that_is_down(broker, in_a):
    broker(f"redis://127.0.0.1:{closed_port()}/0")
    with transaction.atomic():
        emit(kind="note.changed", subject=SUBJECT, version=1)

    assert OutboxEvent.objects.undelivered().count() == 1


@pytest.mark.django_db(transaction=True)
def test_bulk_work_rings_once(in_a, monkeypatch):
    sent = []
    monkeypatch.setattr("sites.outbox.wake_up.send", sent.append)
    with held_wake_ups():
        for version in range(5):
            with transaction.atomic():
                emit(kind="note.changed", subject=SUBJECT, version=version)
        assert sent == []

    assert [message.tenant_id for message in sent] == [in_a.pk]
