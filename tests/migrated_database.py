"""A migrated SQLite database to start from, so that a run of tests does not migrate from nothing.

The migrations take half a minute of processor time for each worker of a run. The first worker keeps
what they made; the others, and later runs of the same tree, read it and let ``migrate`` find that
nothing is left to do. The kept file is named by everything that the migrations are made of. On
PostgreSQL, and in ``tests/deploy``, the migrations run from nothing.
"""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import django
import wagtail
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from sites.tenancy.management.commands import migrate


def kept_file() -> Path:
    """Where the migrated database of this tree lies. A CI run keeps its own, with its data."""
    folder = (
        Path(settings.DATA_DIR)
        if os.environ.get("CI")
        else Path(tempfile.gettempdir()) / "jiyue-migrated"
    )
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"migrated-{_digest()}.sqlite3"


@cache
def _digest() -> str:
    """Of all migrations and models, and of the versions of what brings its own."""
    digest = hashlib.sha256(f"{django.VERSION}{wagtail.VERSION}{sqlite3.sqlite_version}".encode())
    for app in apps.get_app_configs():
        root = Path(app.path)
        digest.update(app.name.encode())
        for path in sorted(
            [*root.glob("migrations/*.py"), *root.glob("models.py"), *root.glob("models/**/*.py")]
        ):
            digest.update(path.read_bytes())
    # What migrations of ours call.
    digest.update((settings.BASE_DIR / "sites" / "audit" / "append_only.py").read_bytes())
    return digest.hexdigest()[:24]


@contextmanager
def kept_migrations() -> Iterator[None]:
    """Within it, ``migrate`` on an empty SQLite database starts from the kept one, or keeps its own."""
    original = migrate.Command.handle

    def handle(command: migrate.Command, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor != "sqlite" or MigrationRecorder(connection).has_table():
            original(command, *args, **options)
            return
        path = kept_file()
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():
                _copy(path, connection)
                original(command, *args, **options)
            else:
                original(command, *args, **options)
                _keep(connection, path)

    migrate.Command.handle = handle
    try:
        yield
    finally:
        migrate.Command.handle = original


def _copy(path: Path, connection: Any) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as source:
        source.backup(connection.connection)


def _keep(connection: Any, path: Path) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(unfinished)) as target:
        connection.connection.backup(target)
    unfinished.replace(path)
