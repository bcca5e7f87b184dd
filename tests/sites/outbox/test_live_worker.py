"""A real worker in its own process, killed in the middle of its work, on each broker."""

import os
import time

import pytest

from tests.sites.outbox.live import Worker, database_copy, running_editor

pytestmark = pytest.mark.django_db

EVENTS = 12
#: The worker's pool process dies here after some deliveries: claimed, handled, not committed.
FAULT = "outbox.applied_in_transaction:5"


def wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def killed_and_started_again(environment, folder):
    """What the first worker left behind, and what was there when the second one was done."""
    with running_editor(environment) as editor:
        assert editor("publish", EVENTS) == {"effects": 0, "applied": 0, "undelivered": EVENTS}
        first = Worker({**environment, "JIYUE_FAULT_AT": FAULT}, folder / "first.log")
        try:
            wait_for(lambda: "signal 9" in first.log_text())
        finally:
            first.kill()
        left = editor("look", 0)

        second = Worker(environment, folder / "second.log")
        try:
            wait_for(lambda: "ready" in second.log_text())
            editor("expire", 0)
            done = editor("wait", 40)
        finally:
            second.kill()
    return left, done


@pytest.fixture(scope="module", params=["embedded", pytest.param("redis", marks=pytest.mark.redis)])
def run(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """What a killed worker left, and what was there when another was done; on each broker."""
    folder = tmp_path_factory.mktemp("live")
    url = f"sqla+sqlite:///{folder}/broker.sqlite3"
    if request.param == "redis":
        url = os.environ["REDIS_URL"]
    with django_db_blocker.unblock(), database_copy(folder) as environment:
        return killed_and_started_again({**environment, "BROKER_URL": url}, folder)


def test_a_killed_worker_left_whole_deliveries_only(run):
    left, _done = run

    assert left["effects"] == left["applied"] == 4  # the fifth was rolled back whole
    assert left["undelivered"] == EVENTS - 4


def test_another_worker_delivers_the_rest_once(run):
    """The embedded broker redelivers nothing after a kill: the sweep does."""
    _left, done = run

    assert done == {"effects": EVENTS, "applied": EVENTS, "undelivered": 0}
