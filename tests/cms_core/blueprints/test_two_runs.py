"""Two runs of one list at once: each site is opened by one of them, once."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sites.outbox.live import database_copy, run_module

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_two_runs_take_turns(django_db_setup: Any, django_db_blocker: Any, tmp_path: Path) -> None:
    with django_db_blocker.unblock(), database_copy(tmp_path) as environment:
        told = json.loads(run_module("tests.cms_core.blueprints.races", environment=environment))

    first, second = told["outcomes"]
    assert [sorted(pair) for pair in zip(first, second, strict=True)] == [["opened", "stands"]] * 6
    assert told["sites"] == 6
    assert told["tree"] == [0] * 5
