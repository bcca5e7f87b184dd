"""The Celery app. ``celery -A cms_core worker`` and ``celery -A cms_core beat`` find it here."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms_core.settings")

app = Celery("jiyue", task_cls="sites.outbox.task_base:ScopelessTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

#: How a worker is started, after ``celery -A cms_core``. Workers do not talk to each other: what
#: they must agree on stands in rows, and the embedded broker cannot broadcast.
WORKER_ARGUMENTS = ("worker", "--without-gossip", "--without-mingle", "--without-heartbeat")


@beat_init.connect
@worker_init.connect
def _prepare_broker(**kwargs: Any) -> None:
    from sites.outbox.broker import prepare_embedded_broker

    prepare_embedded_broker()


@worker_process_init.connect
def _forget_inherited_broker_connections(**kwargs: Any) -> None:
    """A SQLite connection must not cross a fork: the child process opens its own."""
    from kombu.transport.sqlalchemy import Channel

    for engine, _session in Channel._engines.values():
        engine.dispose(close=False)
    Channel._engines.clear()
