"""Two people at the same instant: one is done, the other is told; nothing is done twice or by half."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sites.outbox.live import database_copy, run_module

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture(scope="module")
def told(
    django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any
) -> dict[str, list[Any]]:
    folder: Path = tmp_path_factory.mktemp("races")
    with django_db_blocker.unblock(), database_copy(folder) as environment:
        return json.loads(run_module("tests.cms_core.workflow.races", environment=environment))


def test_two_final_reviewers_publish_once(told):
    assert all(row == [["done", "refused"], [True, 1]] for row in told["two approve"]), told


def test_a_text_is_approved_or_returned(told):
    for outcome, is_live, publications in told["approve and return"]:
        assert outcome == ["done", "refused"]
        assert (is_live, publications) in [(True, 1), (False, 0)]


def test_a_text_is_submitted_once(told):
    assert all(row == [["done", "refused"], 1] for row in told["submit twice"]), told


def test_a_submission_is_taken_back_or_published(told):
    for outcome, is_live, publications in told["take back"]:
        assert outcome == ["done", "refused"]
        assert (is_live, publications) in [(True, 1), (False, 0)]


def test_an_urgent_release_and_the_last_approval_do_not_wait_for_each_other(told):
    assert all(row == [["done", "refused"], True] for row in told["urgent"]), told["urgent"]


def test_first_submissions_share_one_workflow(told):
    assert all(row == [["done", "done"], 1] for row in told["first submissions"]), told


def test_a_withdrawn_page_is_not_public_and_a_public_one_not_withdrawn(told):
    for outcome, is_live, stones in told["withdraw and publish"]:
        assert outcome in (["done", "done"], ["done", "refused"])
        assert (is_live, stones) in [(True, 0), (False, 1)]


def test_a_finding_is_waived_once(told):
    assert all(row == [["done", "refused"], 1] for row in told["waive"]), told["waive"]


@pytest.mark.parametrize("is_public", [True, False])
def test_two_forms_in_the_same_instant_lose_nothing_and_the_second_is_told(told, is_public):
    seen = told["two forms"][0 if is_public else 1]

    assert seen["statuses"] == [200, 200]
    assert seen["told"] == 1
    assert sorted(seen["versions"]) == ["乙的标题", "甲的标题"]
    if is_public:
        # The first is public, and the second a draft that is newer than it.
        assert [seen["public"], seen["newest"]] == seen["versions"]
