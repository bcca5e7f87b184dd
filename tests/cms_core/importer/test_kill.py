"""An import that is killed at any point, or finds the disk full, is continued with nothing lost or doubled."""

import json

import pytest
from django.db import connection

from tests.cms_core.importer import kill_scenarios
from tests.cms_core.importer.dumps import SiteDump
from tests.cms_core.importer.kill_scenarios import ARTICLES, POINTS
from tests.sites.outbox.live import database_copy, run_module

pytestmark = pytest.mark.django_db  # the processes work on a copy of the test database


@pytest.fixture(scope="module")
def runs(django_db_setup, django_db_blocker, tmp_path_factory):
    """Every case with what was seen: after the disturbance, after the next import, and the one after."""
    folder = tmp_path_factory.mktemp("kill")
    dump = SiteDump()
    dump.section(1, "新闻")
    dump.section(2, "通知", 1)
    for key in range(ARTICLES):
        picture = f"<img src='<!--#p8_attach#-->/a/{key}.jpg'>" if key % 4 == 0 else ""
        phone = "，电话13800138000" if key % 4 == 3 else ""
        dump.article(100 + key, 1 + key % 2, f"稿件{key}", f"<p>第{key}篇{picture}{phone}</p>")
    dump.article(200, 1, "稿件2", "<p>第2篇</p>", timestamp=1500000000)  # repeats another
    dump.write(folder)
    with django_db_blocker.unblock(), database_copy(folder) as environment:
        output = run_module(
            kill_scenarios.__name__,
            environment={**environment, "KILL_FOLDER": str(folder), "BROKER_URL": "memory://"},
        )
    return {line["case"]: line for line in map(json.loads, output.splitlines())}


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_import_has_whole_batches_and_is_continued(runs, point):
    run = runs[point]

    assert run["killed"]
    assert run["after"]["unaccounted"] == 0
    assert run["after"]["faults"] == []
    assert 0 < run["after"]["pages"] < ARTICLES
    assert run["whole"]["rows"] == runs["undisturbed"]["whole"]["rows"]
    assert run["whole"]["rows"]["TextToCheck"] == ARTICLES // 4
    assert run["whole"]["runs"] == ["done", "failed"]
    assert run["whole"]["ended"] == 1
    assert run["again"]["written"] == {}


def test_the_cases_die_in_different_batches(runs):
    assert len({runs[point]["after"]["pages"] for point in POINTS}) > 1


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the size of a PostgreSQL disk is not ours"
)
def test_a_full_disk_is_told_and_the_import_goes_on_afterwards(runs):
    run = runs["full disk"]

    assert "disk" in run["answer"]["told"]
    assert run["after"]["unaccounted"] == 0
    assert run["after"]["faults"] == []
    assert run["after"]["pages"] < ARTICLES
    assert run["whole"]["rows"] == runs["undisturbed"]["whole"]["rows"]
    assert run["again"]["written"] == {}
