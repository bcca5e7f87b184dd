"""A real worker with its scheduler: what two tenants planned happens, and an order of many pages is done."""

import time

import pytest

from tests.sites.outbox.live import Worker, database_copy, running_editor

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def run(django_db_setup, django_db_blocker, tmp_path_factory):
    """What stood before the worker started, and what it made of it."""
    folder = tmp_path_factory.mktemp("plans")
    with django_db_blocker.unblock(), database_copy(folder) as given:
        environment = {
            **given,
            "BROKER_URL": f"sqla+sqlite:///{folder}/broker.sqlite3",
            "DJANGO_SETTINGS_MODULE": "tests.cms_core.pages.live_settings",
        }
        schedule = f"--schedule={folder}/beat"
        with running_editor(environment, "tests.cms_core.pages.live_plans") as editor:
            before = editor("plan", 0)
            editor("order", 3)
            schedule = f"--schedule={folder}/beat"
            worker = Worker(environment, folder / "worker.log", more=("--beat", schedule))
            try:
                after = editor("wait", 90)
                time.sleep(1.5)  # one more round of the scheduler: nothing happens twice
                later = editor("look", 0)
            finally:
                worker.kill()
        yield before, after, later, worker.log_text()


def test_each_tenants_plans_are_carried_out_in_time(run):
    before, after, later, log = run

    for code in ("plan-a", "plan-b"):
        assert before[code]["live"] == ["a1", "a2"], log[-2000:]
        assert after[code]["live"] == ["a2", "soon"], log[-2000:]
        assert after[code]["notices"] == [["news/a1/", "expired"]]
        assert later[code] | {"done": 0} == after[code] | {"done": 0}


def test_an_order_of_many_pages_is_done_by_the_same_worker(run):
    _before, after, _later, log = run

    assert (after["plan-a"]["done"], after["plan-a"]["published"]) == (3, 3), log[-2000:]
    assert (after["plan-b"]["done"], after["plan-b"]["published"]) == (0, 0)
