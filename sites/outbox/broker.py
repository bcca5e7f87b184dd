"""The embedded broker: a SQLite file of its own, written by kombu's SQLAlchemy transport.

The transport marks a delivered message and never deletes it, and a message taken by a worker that
died is never redelivered. The sweep deletes the marked rows here and repairs the second by leases.
"""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from celery import current_app

_SCHEME = "sqla+sqlite:///"
_BUSY_TIMEOUT_SECONDS = 2


def embedded_broker_path() -> Path | None:
    """The broker's file, or ``None`` where a broker of its own is configured."""
    url: str = current_app.conf.broker_url
    return Path(url.removeprefix(_SCHEME)) if url.startswith(_SCHEME) else None


@cache
def prepare_embedded_broker(*, timeout_seconds: float = _BUSY_TIMEOUT_SECONDS) -> None:
    """Set the broker's file and this process's connections to it up; called before the first of them.

    Write-ahead mode is kept by the file: readers and writers do not wait for each other. Connections
    do not wait for the disk: a message lost with the machine's power is one that the sweep sends
    again, and a caller's wake-up would cost 20 ms instead of 1.

    :raises sqlite3.Error: the file is locked or cannot be written.
    """
    path = embedded_broker_path()
    if path is None or not path.parent.is_dir():
        return
    with closing(sqlite3.connect(path, timeout=timeout_seconds)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    from sqlalchemy import Engine, event

    # The transport makes its engine itself; nothing else in the platform uses SQLAlchemy.
    event.listen(Engine, "connect", _do_not_wait_for_the_disk)


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def purge_delivered_messages() -> int:
    """Delete delivered messages of the embedded broker; their number. 0 with another broker."""
    path = embedded_broker_path()
    if path is None or not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=_BUSY_TIMEOUT_SECONDS)) as connection:
        exists = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'kombu_message'"
        ).fetchone()
        if exists is None:
            return 0  # no message was ever sent
        with connection:
            return connection.execute("DELETE FROM kombu_message WHERE visible = 0").rowcount
