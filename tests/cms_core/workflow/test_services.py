"""Submitting, deciding, returning, taking back, urgent release: through the services."""

from typing import Any

import pytest
from wagtail.models import TaskState, WorkflowState

from cms_core.pages.models import ArticlePage, RecycledPage
from cms_core.pages.models.base import seeing_the_bin
from cms_core.pages.recycle_bin import purge_pages, recycle_pages, restore_page
from cms_core.pages.withdrawal import withdraw_pages
from cms_core.pages.withdrawal_rules import WithdrawalNotice
from cms_core.workflow import selectors, submission_checks
from cms_core.workflow.enums import Decision, ReturnTo, ReviewStage
from cms_core.workflow.exceptions import ReviewRefused
from cms_core.workflow.models import ReviewEntry, UrgentRelease
from cms_core.workflow.services import (
    approve,
    return_for_changes,
    submit_for_review,
    withdraw,
)
from cms_core.workflow.urgent import release_urgently
from sites.accounts.enums import RoleCode
from sites.audit.models import DomainEvent
from tests.cms_core.workflow.conftest import Office
from tests.sites.accounts import people

pytestmark = pytest.mark.django_db


def fresh(page: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def waiting(page: ArticlePage) -> TaskState:
    """The stage that waits for a decision; fails where none does."""
    found = selectors.review_state(fresh(page)).task_state
    assert found is not None
    return found


def change(office: Office, page: ArticlePage, user: object, title: str) -> None:
    with office.as_(user):
        draft = fresh(page).get_latest_revision_as_object()
        draft.title = title
        draft.save_revision(user=user)


def decisions(page: ArticlePage) -> list[tuple[str, str]]:
    return list(selectors.entries_of(page).values_list("decision", "stage"))


def submit(office: Office, page: ArticlePage, user: object = None) -> None:
    user = user or office.editor
    with office.as_(user):
        submit_for_review(actor=user, obj=fresh(page))


def pass_stage(office: Office, page: ArticlePage, user: object, note: str = "") -> None:
    with office.as_(user):
        approve(actor=user, task_state=waiting(page), note=note)


def test_three_reviews_publish(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    for user in (office.first, office.second):
        pass_stage(office, page, user)
        with office.as_(user):
            assert not fresh(page).live
    pass_stage(office, page, office.final, note="同意")
    with office.as_(office.editor):
        public = fresh(page)
        assert public.live
        assert selectors.review_state(public).status == "done"
        lines = list(selectors.entries_of(public))
        assert [(line.decision, line.stage, line.person) for line in lines] == [
            (Decision.SUBMITTED, "", office.editor),
            (Decision.APPROVED, ReviewStage.FIRST, office.first),
            (Decision.APPROVED, ReviewStage.SECOND, office.second),
            (Decision.APPROVED, ReviewStage.FINAL, office.final),
            (Decision.PUBLISHED, "", office.final),
        ]
        assert {line.revision_digest for line in lines} == {lines[0].revision_digest}
        assert lines[3].reason == "同意"
        events = DomainEvent.objects.filter(kind__startswith="review.").order_by("pk")
        assert [event.kind for event in events] == [
            "review.policy_changed",
            "review.submitted",
            *["review.approved"] * 3,
            "review.published",
        ]
        assert "同意" not in str([event.data for event in events])


def test_the_author_never_gives_the_last_approval(office: Office) -> None:
    author = people.attached(office.editor, office.tenant, RoleCode.FINAL_REVIEWER)
    page = office.draft(author=author)
    submit(office, page, author)
    pass_stage(office, page, office.first)
    pass_stage(office, page, office.second)
    with office.as_(author), pytest.raises(ReviewRefused, match="yourself"):
        approve(actor=author, task_state=waiting(page))
    pass_stage(office, page, office.final)


def test_a_reviewer_who_changes_the_text_is_an_author(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    pass_stage(office, page, office.first)
    pass_stage(office, page, office.second)
    change(office, page, office.final, "改过的标题")
    with office.as_(office.final), pytest.raises(ReviewRefused, match="yourself"):
        approve(actor=office.final, task_state=waiting(page))


def test_a_text_that_nobody_else_could_approve_is_not_submitted(office: Office) -> None:
    page = office.draft(author=office.final)
    with office.as_(office.final), pytest.raises(ReviewRefused, match="Nobody could do"):
        submit_for_review(actor=office.final, obj=page)


def test_two_roles_do_not_make_two_reviews_while_somebody_else_is_there(office: Office) -> None:
    both = people.attached(office.first, office.tenant, RoleCode.SECOND_REVIEWER)
    page = office.draft()
    submit(office, page)
    pass_stage(office, page, both)
    with office.as_(both), pytest.raises(ReviewRefused, match="earlier review"):
        approve(actor=both, task_state=waiting(page))
    pass_stage(office, page, office.second)
    with office.as_(both):
        assert not ReviewEntry.objects.filter(is_alone=True).exists()


def test_two_roles_do_both_where_nobody_else_is_and_the_record_says_so(office: Office) -> None:
    both = people.attached(office.first, office.tenant, RoleCode.SECOND_REVIEWER)
    with office.as_(None):
        office.second.memberships.all().delete()
    page = office.draft()
    submit(office, page)
    pass_stage(office, page, both)
    pass_stage(office, page, both)
    with office.as_(both):
        assert [line.stage for line in ReviewEntry.objects.filter(is_alone=True)] == ["second"]


def test_returned_to_the_author_and_unchanged_goes_on_where_it_stopped(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    pass_stage(office, page, office.first)
    with office.as_(office.second):
        return_for_changes(actor=office.second, task_state=waiting(page), reason="来源没有核实")
    with office.as_(office.editor):
        state = selectors.review_state(fresh(page))
        assert (state.status, state.reason) == ("returned", "来源没有核实")
        assert [item.obj for item in selectors.returned_to(office.editor)] == [page]
    submit(office, page)
    with office.as_(office.editor):
        assert selectors.review_state(fresh(page)).stage == ReviewStage.SECOND
        assert selectors.returned_to(office.editor) == []


def test_returned_and_changed_starts_with_the_first_review_and_keeps_the_history(
    office: Office,
) -> None:
    page = office.draft()
    submit(office, page)
    pass_stage(office, page, office.first)
    with office.as_(office.second):
        return_for_changes(actor=office.second, task_state=waiting(page), reason="标题有误")
    change(office, page, office.editor, "改好的标题")
    submit(office, page)
    with office.as_(office.editor):
        assert selectors.review_state(fresh(page)).stage == ReviewStage.FIRST
        assert decisions(page) == [
            ("submitted", ""),
            ("approved", "first"),
            ("returned", "second"),
            ("resubmitted", ""),
        ]
    for user in (office.first, office.second, office.final):
        pass_stage(office, page, user)
    with office.as_(office.editor):
        assert fresh(page).title == "改好的标题"


def test_returned_to_the_review_before(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    pass_stage(office, page, office.first)
    with office.as_(office.second):
        return_for_changes(
            actor=office.second,
            task_state=waiting(page),
            reason="请再核对",
            to=ReturnTo.PREVIOUS,
        )
        assert selectors.review_state(fresh(page)).stage == ReviewStage.FIRST
    for user in (office.first, office.second, office.final):
        pass_stage(office, page, user)
    with office.as_(office.editor):
        assert fresh(page).live


def test_the_first_review_has_none_before_it(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    with office.as_(office.first), pytest.raises(ReviewRefused, match="no review before"):
        return_for_changes(
            actor=office.first, task_state=waiting(page), reason="请再核对", to=ReturnTo.PREVIOUS
        )


@pytest.mark.parametrize("reason", ["", "  ", "不行", "长" * 501])
def test_a_return_says_why(office: Office, reason: str) -> None:
    page = office.draft()
    submit(office, page)
    with office.as_(office.first):
        with pytest.raises(ReviewRefused, match=r"say why|longer"):
            return_for_changes(actor=office.first, task_state=waiting(page), reason=reason)
        assert selectors.review_state(fresh(page)).status == "in_review"


def test_nothing_is_decided_or_submitted_twice(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    with office.as_(office.editor), pytest.raises(ReviewRefused, match="already"):
        submit_for_review(actor=office.editor, obj=fresh(page))
    with office.as_(office.first):
        both_see = waiting(page)
        approve(actor=office.first, task_state=both_see)
        with pytest.raises(ReviewRefused, match="meanwhile"):
            approve(actor=office.first, task_state=both_see)
        with pytest.raises(ReviewRefused, match="meanwhile"):
            return_for_changes(actor=office.first, task_state=both_see, reason="晚了一步")
        assert decisions(page).count(("approved", "first")) == 1


def test_what_is_written_while_the_checks_run_is_checked_too(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = office.draft()
    check = submission_checks.check_text

    def check_and_write(*, actor: Any, revision: Any) -> None:
        check(actor=actor, revision=revision)
        monkeypatch.undo()
        change(office, page, office.editor, "工作部暑")

    monkeypatch.setattr(submission_checks, "check_text", check_and_write)
    with pytest.raises(ReviewRefused, match="部暑"):
        submit(office, page)
    with office.as_(office.editor):
        assert selectors.review_state(fresh(page)).status == "draft"


def test_an_outdated_text_is_not_approved(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    with office.as_(office.first):
        seen = fresh(page).latest_revision_id
    change(office, page, office.first, "另一个标题")
    with office.as_(office.first), pytest.raises(ReviewRefused, match="changed after"):
        approve(actor=office.first, task_state=waiting(page), revision_id=seen)


def test_only_who_submitted_takes_back(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    with office.as_(office.final):
        run = selectors.run_of(page)
        assert run is not None
        assert run.requested_by == office.editor
        with pytest.raises(ReviewRefused, match="Only who submitted"):
            withdraw(actor=office.final, run=run)
    with office.as_(office.editor):
        withdraw(actor=office.editor, run=run)
        assert selectors.review_state(fresh(page)).status == "draft"
        with pytest.raises(ReviewRefused, match="finished"):
            withdraw(actor=office.editor, run=run)


def test_a_second_person_releases_urgently_and_the_rest_is_made_up(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    pass_stage(office, page, office.first)
    with office.as_(office.editor), pytest.raises(ReviewRefused, match="yourself"):
        release_urgently(actor=office.editor, obj=fresh(page), reason="台风红色预警")
    with office.as_(office.second), pytest.raises(ReviewRefused, match="does not publish"):
        release_urgently(actor=office.second, obj=fresh(page), reason="台风红色预警")
    with office.as_(office.administrator):
        release_urgently(actor=office.administrator, obj=fresh(page), reason="台风红色预警")
        public = fresh(page)
        assert public.live
        state = selectors.review_state(public)
        assert state.is_make_up
        assert state.required == (ReviewStage.SECOND, ReviewStage.FINAL)
        assert state.owes == UrgentRelease.objects.get(
            closed_at=None, released_by=office.administrator
        )
    # The author of the released text is its author still.
    with office.as_(office.editor):
        assert office.editor.pk in selectors.review_state(fresh(page)).authors
    version = fresh_version(office, page)
    pass_stage(office, page, office.second)
    pass_stage(office, page, office.final)
    with office.as_(office.editor):
        assert UrgentRelease.objects.get().outcome == Decision.MADE_UP
        assert selectors.review_state(fresh(page)).owes is None
        assert decisions(page)[-1] == ("made_up", "")
    assert fresh_version(office, page) == version  # published once


def fresh_version(office: Office, page: ArticlePage) -> object:
    with office.as_(office.editor):
        return fresh(page).last_published_at


def test_made_up_reviews_may_ask_for_a_correction(office: Office) -> None:
    page = office.draft()
    with office.as_(office.final):
        release_urgently(actor=office.final, obj=fresh(page), reason="疫情通报")
    with office.as_(office.editor):
        run = selectors.run_of(page)
        assert run is not None
        assert run.requested_by == office.final  # who could take back a text that owes nothing
        with pytest.raises(ReviewRefused, match="released urgently"):
            withdraw(actor=office.final, run=run)
    with office.as_(office.first):
        return_for_changes(actor=office.first, task_state=waiting(page), reason="数字有误")
    change(office, page, office.editor, "更正后的通报")
    submit(office, page)
    for user in (office.first, office.second, office.final):
        pass_stage(office, page, user)
    with office.as_(office.editor):
        assert fresh(page).title == "更正后的通报"
        assert UrgentRelease.objects.get().outcome == Decision.MADE_UP


def test_an_owed_review_outlives_the_recycle_bin_and_ends_with_the_text(office: Office) -> None:
    page = office.draft()
    with office.as_(office.final):
        release_urgently(actor=office.final, obj=fresh(page), reason="疫情通报")
        fresh(page).delete()
        assert UrgentRelease.objects.get().closed_at is None
        restore_page(actor=office.final, entry=RecycledPage.objects.get())
        submit_for_review(actor=office.final, obj=fresh(page))
        assert selectors.review_state(fresh(page)).is_make_up
        assert office.editor.pk in selectors.review_state(fresh(page)).authors
        fresh(page).delete()
        purge_pages(actor=None, entries=list(RecycledPage.objects.all()))
        assert UrgentRelease.objects.get().outcome == Decision.CLOSED
        assert WorkflowState.objects.count() == 0
        assert ReviewEntry.objects.count() >= 2


def test_a_correction_of_a_public_text_is_reviewed_too(office: Office) -> None:
    page = office.draft()
    submit(office, page)
    for user in (office.first, office.second, office.final):
        pass_stage(office, page, user)
    change(office, page, office.editor, "更正")
    with office.as_(office.editor):
        assert fresh(page).title != "更正"
    submit(office, page)
    for user in (office.first, office.second, office.final):
        pass_stage(office, page, user)
    with office.as_(office.editor):
        assert fresh(page).title == "更正"


def _withdraw(page: ArticlePage, user: Any) -> None:
    notice = WithdrawalNotice("outdated", "已过时。")
    withdraw_pages(actor=user, pages=[page], notice=notice)


def _expire(page: ArticlePage, _user: Any) -> None:
    """As a take-down time does it."""
    page.unpublish(set_expired=True)


def _delete(page: ArticlePage, user: Any) -> None:
    recycle_pages(actor=user, pages=[page])


@pytest.mark.parametrize("take_off", [_withdraw, _expire, _delete])
def test_the_review_of_a_correction_ends_when_the_page_is_withdrawn(
    office: Office, take_off: Any
) -> None:
    """What was approved for a public page must not bring a withdrawn one back."""
    page = office.draft()
    submit(office, page)
    for user in (office.first, office.second, office.final):
        pass_stage(office, page, user)
    change(office, page, office.editor, "更正")
    submit(office, page)
    pass_stage(office, page, office.first)
    with office.as_(office.second):
        open_stage = waiting(page)

    with office.as_(office.administrator):
        take_off(fresh(page), office.administrator)

    with (
        office.as_(office.second),
        seeing_the_bin(),
        pytest.raises(ReviewRefused, match="meanwhile"),
    ):
        approve(actor=office.second, task_state=open_stage)
    with office.as_(office.editor), seeing_the_bin():
        assert not fresh(page).live
        assert selectors.run_of(page) is None
        assert decisions(page)[-1] == ("closed", "")
        assert selectors.waiting_for(office.second) == []


def test_a_withdrawn_page_comes_back_by_a_review_of_its_own(office: Office) -> None:
    page = office.draft()
    with office.as_(office.final):
        release_urgently(actor=office.final, obj=fresh(page), reason="疫情通报")
        _withdraw(fresh(page), office.final)
        assert UrgentRelease.objects.get().closed_at is None  # still owed
    submit(office, page)
    for user in (office.first, office.second, office.final):
        pass_stage(office, page, user)
    with office.as_(office.editor):
        assert fresh(page).live
        assert UrgentRelease.objects.get().outcome == Decision.MADE_UP


def test_another_site_decides_nothing(office: Office) -> None:
    from tests.cms_core.workflow.conftest import make_office

    beta = make_office("beta")
    beta.policy()
    page = office.draft()
    submit(office, page)
    with office.as_(office.first):
        state = waiting(page)
    with beta.as_(beta.first):
        assert selectors.waiting_for(beta.first) == []
        assert not TaskState.objects.filter(pk=state.pk).exists()
        with pytest.raises(WorkflowState.DoesNotExist):
            approve(actor=beta.first, task_state=state)
