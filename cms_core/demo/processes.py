"""Web server, worker and scheduler of the demo as one process group: all live, or all end."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import FrameType

from cms_core.celery import WORKER_ARGUMENTS

#: Seconds that a child may take to end by itself before it is killed.
GRACE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Service:
    """One child: its name and its command line."""

    name: str
    command: Sequence[str]


def demo_services(port: int, data_dir: str) -> list[Service]:
    """The three children. The worker is a real Celery worker in its own process."""
    python = sys.executable
    return [
        Service(
            "web",
            [python, "-m", "gunicorn", "cms_core.wsgi", f"--bind=127.0.0.1:{port}", "--workers=1", "--threads=8",
             "--timeout=60", "--graceful-timeout=5", "--log-level=warning"],
        ),
        Service(
            "worker",
            [python, "-m", "celery", "-A", "cms_core", *WORKER_ARGUMENTS, "--concurrency=1",
             "--loglevel=WARNING", f"--pidfile={data_dir}/worker.pid"],
        ),
        Service(
            "scheduler",
            [python, "-m", "celery", "-A", "cms_core", "beat", "--loglevel=WARNING",
             f"--pidfile={data_dir}/scheduler.pid"],
        ),
    ]  # fmt: skip


def answers(port: int) -> bool:
    """Whether the portal answers on the port. An open port is not enough: gunicorn opens it early."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("HEAD", "/", headers={"Host": "localhost"})
        return connection.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def run_together(
    services: Sequence[Service],
    environment: Mapping[str, str],
    *,
    first_is_ready: Callable[[], bool],
    on_ready: Callable[[], None],
) -> int:
    """Start every service and wait. When one ends, or a signal comes, end them all.

    The first one starts alone, and ``on_ready`` is called when it is ready: three starting at once
    would share two cores, and the visitor waits for the first.

    :returns: 0 after Ctrl-C or SIGTERM, otherwise the exit status of the service that failed.
    """
    children: dict[str, subprocess.Popen[bytes]] = {}
    wanted_end = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal wanted_end
        wanted_end = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    try:
        waiting = list(services)
        _start(waiting.pop(0), environment, children)
        while not wanted_end:
            for name, child in children.items():
                status = child.poll()
                if status is not None:
                    sys.stderr.write(f"{name} ended with status {status}; the others end too\n")
                    return status or 1
            if waiting and first_is_ready():
                on_ready()
                while waiting:
                    _start(waiting.pop(0), environment, children)
            time.sleep(0.1)
        return 0
    finally:
        end_all(children)


def _start(
    service: Service,
    environment: Mapping[str, str],
    children: dict[str, "subprocess.Popen[bytes]"],
) -> None:
    # A group of its own: the terminal's Ctrl-C reaches us alone, and we end the children in order.
    children[service.name] = subprocess.Popen(  # noqa: S603  (our own command lines)
        service.command, env={**os.environ, **environment}, start_new_session=True
    )


def end_all(children: Mapping[str, "subprocess.Popen[bytes]"]) -> None:
    """Ask every child's group to end, and kill what has not after the grace time."""
    for child in children.values():
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children.values():
        try:
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal_group(child, signal.SIGKILL)
            child.wait()


def _signal_group(child: "subprocess.Popen[bytes]", number: int) -> None:
    if child.poll() is None:
        try:
            os.killpg(child.pid, number)
        except ProcessLookupError:  # it ended between the two lines
            return
