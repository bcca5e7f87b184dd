"""The embedded broker: a SQLite file of its own, written by kombu's SQLAlchemy transport.

The transport marks a delivered message and never deletes it, and a message taken by a worker that
died is never redelivered. The sweep deletes the marked rows here and repairs the second by leases.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from celery import current_app

_SCHEME = "sqla+sqlite:///"
_BUSY_TIMEOUT_SECONDS = 2


def embedded_broker_path() -> Path | None:
    """The broker's file, or ``None`` where a broker of its own is configured."""
    url: str = current_app.conf.broker_url
    return Path(url.removeprefix(_SCHEME)) if url.startswith(_SCHEME) else None


def prepare_embedded_broker() -> None:
    """Put the broker's file into write-ahead mode, once for its life: readers and writers do not wait."""
    path = embedded_broker_path()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_BUSY_TIMEOUT_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")


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
