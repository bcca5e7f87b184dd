"""Processes of the product, started for a test on a database and a broker of its own."""

import json
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def database_copy(folder: Path) -> Iterator[dict[str, str]]:
    """The environment of processes that work on a copy of the test database, gone after the block.

    For fixtures that live longer than a test: inside a test's transaction SQLite would wait for ever
    for it to end. Database access must be unblocked.
    """
    environment = {
        **os.environ,
        "JIYUE_ENV": "test",
        "DATA_DIR": str(folder),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "cms_core.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if connection.vendor == "sqlite":
        environment.pop("DATABASE_URL", None)
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / "jiyue.sqlite3")) as file:
            connection.connection.backup(file)
        yield environment
        return
    given = connection.settings_dict
    address = f"{given['HOST']}:{given['PORT']}"
    user = f"{given['USER']}:{given['PASSWORD']}" if given["PASSWORD"] else given["USER"]
    name = f"{given['NAME']}_{uuid.uuid4().hex[:8]}"
    connection.close()  # a template must have no visitors
    with psycopg.connect(f"postgresql://{user}@{address}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {given['NAME']}")
        try:
            yield {**environment, "DATABASE_URL": f"postgresql://{user}@{address}/{name}"}
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run_module(module: str, *arguments: str, environment: dict[str, str]) -> str:
    """Run ``python -m module`` to its end; its output. Its errors fail the test."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@contextmanager
def running_editor(
    environment: dict[str, str], module: str = "tests.sites.outbox.live_editor"
) -> Iterator[Callable[[str, int], dict[str, int]]]:
    """A process that publishes and looks (``live_editor``): called with a command and a number."""
    with subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(command: str, number: int) -> dict[str, int]:
            process.stdin.write(f"{command} {number}\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            assert answer, f"the editor's process ended at {command}"
            return json.loads(answer)

        yield ask
        process.stdin.close()


@dataclass
class Worker:
    """A real Celery worker in a process group of its own."""

    environment: dict[str, str]
    log: Path
    more: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        from cms_core.celery import WORKER_ARGUMENTS

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "celery",
                    "-A",
                    "cms_core",
                    *WORKER_ARGUMENTS,
                    "--concurrency=1",
                    "--loglevel=INFO",
                    "--include=tests.sites.outbox.live_consumer",
                    *self.more,
                ],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL for the worker and its pool."""
        os.killpg(self.process.pid, 9)
        self.process.wait(timeout=10)

    def log_text(self) -> str:
        return self.log.read_text(errors="replace")
