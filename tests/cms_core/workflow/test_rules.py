"""The rules of review on every combination, without a database."""

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cms_core.workflow import rules
from cms_core.workflow.enums import ROLE_OF_STAGE, Decision, ReviewStage
from cms_core.workflow.rules import Obstacle, PolicyTable

STAGES = list(ReviewStage)
SUBSETS = [tuple(found) for found in chain.from_iterable(combinations(STAGES, n) for n in range(4))]
some_stages = st.sampled_from([subset for subset in SUBSETS if subset])
people = st.frozensets(st.integers(1, 5), max_size=5)
quick = settings(max_examples=120, deadline=None)


@pytest.mark.parametrize("stages", SUBSETS)
def test_stages_are_stored_in_their_order(stages):
    assert rules.parse_stages(rules.stages_code(reversed(stages))) == stages


def test_every_stage_has_its_role():
    assert set(ROLE_OF_STAGE) == set(ReviewStage)


@pytest.mark.parametrize("code", ["fourth", "FIRST", "first,,x"])
def test_unknown_stages_are_refused(code):
    with pytest.raises(ValueError, match="is not a valid"):
        rules.parse_stages(code)


@quick
@given(some_stages, st.data(), st.integers(1, 5), people, people, people)
def test_who_may_approve(stages, data, person, reviewers, authors, earlier):
    stage = data.draw(st.sampled_from(stages))
    obstacle = rules.obstacle_to_approval(
        person=person,
        stage=stage,
        stages=stages,
        reviewers=reviewers,
        authors=authors,
        earlier=earlier,
    )
    free = reviewers - authors - earlier - {person}
    if obstacle is None:
        assert person in reviewers
        assert not (person in authors and stage == stages[-1])
        assert not (free and person in authors | earlier)
    # Nobody who has nothing to do with the text is turned away.
    if person in reviewers - authors - earlier:
        assert obstacle is None
    # While nobody else is there, an earlier review stops nobody but the author at the end.
    if obstacle == Obstacle.REVIEWED_BEFORE:
        assert free


@quick
@given(some_stages, st.dictionaries(st.sampled_from(STAGES), people), people)
def test_what_is_submitted_can_come_out(stages, reviewers, authors):
    """Where no stage is unstaffed, somebody may approve each of them, whoever approved before."""
    if rules.unstaffed_stages(stages, reviewers, authors):
        return
    earlier: set[int] = set()
    for stage in stages:
        able = [
            person
            for person in reviewers[stage]
            if rules.obstacle_to_approval(
                person=person,
                stage=stage,
                stages=stages,
                reviewers=reviewers[stage],
                authors=authors,
                earlier=earlier,
            )
            is None
        ]
        assert able
        earlier.add(able[0])


decision = st.sampled_from([Decision.APPROVED, Decision.RETURNED_TO_PREVIOUS, Decision.RETURNED])


@quick
@given(some_stages, st.data())
def test_approvals_in_force(stages, data):
    entries = data.draw(
        st.lists(st.tuples(decision, st.sampled_from(stages), st.integers(1, 5)), max_size=8)
    )
    found = rules.approvals_in_force(entries, stages)
    assert list(found) == [stage for stage in stages if stage in found]
    for stage, person in found.items():
        last = [e for e in entries if e[:2] == (Decision.APPROVED, stage)][-1]
        assert last[2] == person
    missing = rules.missing_stages(stages, found)
    assert set(missing) | set(found) == set(stages)
    assert not set(missing) & set(found)


def test_a_return_takes_the_approval_before_it_back():
    entries = [("approved", "first", 1), ("returned_to_previous", "second", 2)]
    assert rules.approvals_in_force(entries, STAGES) == {}


@quick
@given(
    st.lists(st.tuples(st.text("ab", min_size=1, max_size=4), st.sampled_from(SUBSETS)), max_size=4)
)
def test_the_nearest_section_counts(sections):
    table = PolicyTable(True, (ReviewStage.FINAL,), tuple(dict(sections).items()))
    above = [s for s in table.sections if "abab".startswith(s[0])]
    nearest = max(above, key=lambda s: len(s[0]), default=("", (ReviewStage.FINAL,)))
    assert table.stages_at("abab") == nearest[1]
    assert PolicyTable(False, table.site_stages, table.sections).stages_at("abab") == ()


@pytest.mark.parametrize("source", SUBSETS)
@pytest.mark.parametrize("destination", SUBSETS)
def test_public_texts_move_to_no_stricter_place(source, destination):
    assert rules.may_move_live(source, destination) == all(s in source for s in destination)


def test_the_digest_is_of_the_text():
    text = {"title": "标题", "body": "[]", "path": "0001", "live": False}
    same = {"title": "标题", "body": "[]", "path": "0002", "live": True, "url_path": "/x/"}
    assert rules.text_digest(text) == rules.text_digest(same)
    assert rules.text_digest(text) != rules.text_digest(text | {"title": "标题。"})
