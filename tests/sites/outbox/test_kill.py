"""Kill -9 at every commit point leaves before or after, never between, and what follows repairs it."""

import ast
import json
from pathlib import Path

import pytest

import cms_core.resources
import sites.audit
import sites.outbox
from sites.outbox import faults
from tests.sites.outbox import kill_scenarios
from tests.sites.outbox.kill_scenarios import POINTS
from tests.sites.outbox.live import database_copy, run_module

pytestmark = pytest.mark.django_db  # the processes work on a copy of the test database

CASES = [(scenario, point) for scenario, points in POINTS.items() for point in points]
#: Points that lie inside the transaction of their scenario: killed there, nothing has happened.
INSIDE = {
    "resources.written",
    "outbox.emitted",
    "audit.recorded",
    "resources.announced",
    "outbox.job_enqueued",
}


@pytest.fixture(scope="module")
def runs(django_db_setup, django_db_blocker, tmp_path_factory):
    """Every scenario killed at every point: (scenario, point) -> what was seen."""
    folder = tmp_path_factory.mktemp("kill")
    with django_db_blocker.unblock(), database_copy(folder) as environment:
        output = run_module(
            kill_scenarios.__name__,
            environment={
                **environment,
                "KILL_FOLDER": str(folder),
                "BROKER_URL": "memory://",
            },
        )
    lines = [json.loads(line) for line in output.splitlines()]
    return {(line["scenario"], line["point"]): line for line in lines}


@pytest.mark.parametrize(("scenario", "point"), CASES)
def test_the_process_was_killed_there(runs, scenario, point):
    assert runs[scenario, point]["killed"]


@pytest.mark.parametrize("point", POINTS["publish"])
def test_publishing_is_whole_or_did_not_happen(runs, point):
    run = runs["publish", point]
    expected = 0 if point in INSIDE else 1

    assert set(run["after_kill"].values()) == {expected}
    assert set(run["after_recovery"].values()) == {1}  # the user's second try


@pytest.mark.parametrize("point", POINTS["deliver"])
def test_a_consumers_rows_and_its_cursor_change_together(runs, point):
    seen = runs["deliver", point]["after_kill"]

    assert seen["inside"] == seen["inside_cursor"]
    # Outside the database once more than noted is possible, never once less.
    assert seen["outside"] >= seen["outside_cursor"]


@pytest.mark.parametrize("point", POINTS["deliver"])
def test_the_next_worker_delivers_what_is_left(runs, point):
    seen = runs["deliver", point]["after_recovery"]

    assert (seen["inside"], seen["inside_cursor"], seen["outside_cursor"]) == (1, 1, 1)
    assert seen["outside"] == (2 if point == "outbox.handled" else 1)
    assert seen["undelivered"] == 0


@pytest.mark.parametrize("point", POINTS["job"])
def test_a_jobs_steps_and_its_progress_change_together(runs, point):
    run = runs["job", point]

    assert run["after_kill"]["steps"] == run["after_kill"]["progress"]
    assert run["after_recovery"] == {"jobs": 1, "steps": 3, "progress": 3, "done": 1}


def test_a_job_goes_on_at_its_last_checkpoint(runs):
    assert runs["job", "outbox.job_checkpointed:2"]["after_kill"]["steps"] == 1


def test_asking_for_a_job_is_whole_or_did_not_happen(runs):
    run = runs["enqueue", "outbox.job_enqueued"]

    assert (run["after_kill"]["jobs"], run["after_recovery"]["jobs"]) == (0, 1)


@pytest.mark.parametrize("point", POINTS["seal"])
def test_the_chain_holds_after_a_killed_sealer(runs, point):
    run = runs["seal", point]
    expected = 0 if point == "audit.sealed_in_transaction" else 1

    assert run["after_kill"]["problems"] == []
    assert (run["after_kill"]["links"], run["after_kill"]["head"]) == (expected, expected)
    assert run["after_recovery"] == {"problems": [], "links": 1, "head": 1, "copied": 1}


def test_every_commit_point_has_its_kill():
    named = set()
    for package in (sites.outbox, sites.audit, cms_core.resources):
        for path in Path(package.__path__[0]).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(
                        func=ast.Name(id="commit_point"), args=[ast.Constant(value=name)]
                    ):
                        named.add(name)

    assert named == {point.partition(":")[0] for _scenario, point in CASES}


def test_production_has_no_faults(settings, monkeypatch):
    settings.JIYUE_ENV = "production"
    killed = []
    monkeypatch.setenv("JIYUE_FAULT_AT", "x.y")
    monkeypatch.setattr(faults.os, "kill", lambda pid, number: killed.append(number))
    faults.commit_point("x.y")
    assert killed == []

    settings.JIYUE_ENV = "demo"
    faults.commit_point("x.y")
    assert killed == [9]
