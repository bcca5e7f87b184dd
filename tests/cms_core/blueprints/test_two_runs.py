"""Two runs of one list at once: each site is opened by one of them, once."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sites.outbox.live import database_copy, run_module

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture(scope="module")
def told(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> dict[str, Any]:
    folder: Path = tmp_path_factory.mktemp("runs")
    # Before the test's own transaction begins: SQLite would wait for ever for its end.
    with django_db_blocker.unblock(), database_copy(folder) as environment:
        return json.loads(run_module("tests.cms_core.blueprints.races", environment=environment))


def test_two_runs_take_turns(told):
    first, second = told["outcomes"]
    assert [sorted(pair) for pair in zip(first, second, strict=True)] == [["opened", "stands"]] * 6
    assert told["sites"] == 6
    assert told["tree"] == [0] * 5
