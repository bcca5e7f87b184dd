"""The explanation never disagrees with what happens: every role, every action, over the states of a page."""

from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.permission_policies.pages import PagePermissionPolicy

from cms_core.explainer.enums import Reason
from cms_core.explainer.page_answers import actions_of, page_lines, stage_code
from cms_core.explainer.page_facts import facts_of
from cms_core.explainer.people import asking, people_here
from cms_core.pages import lifecycle_rights
from cms_core.pages.models import ArticlePage, BasePage, RecycledPage, seeing_the_bin
from cms_core.pages.recycle_bin import purge_pages, recycle_pages, restore_page
from cms_core.pages.withdrawal import withdraw_pages
from cms_core.pages.withdrawal_rules import WithdrawalNotice
from cms_core.workflow import services as review
from cms_core.workflow.engine import current_task_state
from cms_core.workflow.enums import ReviewStage
from cms_core.workflow.exceptions import ReviewRefused
from cms_core.workflow.selectors import run_of
from sites.accounts.enums import RoleCode
from sites.accounts.models import User
from tests.cms_core.workflow.conftest import Office, make_office
from tests.sites.accounts import people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    cache.clear()
    with translation.override("en"):
        yield
    cache.clear()


@pytest.fixture
def office() -> Office:
    return make_office("alpha")


def crew(office: Office) -> list[User]:
    """One of each kind: every role, and an editor and a last reviewer of another section only."""
    with office.as_(office.administrator):
        from cms_core.pages.rows import SectionRow
        from cms_core.pages.services import create_section

        other = create_section(
            actor=office.administrator,
            parent=office.house.home,
            row=SectionRow(key="other", title="Elsewhere", slug="elsewhere"),
        )
    member = people.member
    return [
        office.editor,
        office.first,
        office.second,
        office.final,
        office.administrator,
        member(office.tenant, RoleCode.LETTER_HANDLER),
        member(office.tenant, RoleCode.DISCLOSURE_OFFICER, sections=[office.section]),
        member(office.tenant, RoleCode.EDITOR, name="editor-elsewhere", sections=[other]),
        member(office.tenant, RoleCode.FINAL_REVIEWER, name="final-elsewhere", sections=[other]),
    ]


# -- the states -------------------------------------------------------------------------------------


def drafted(office: Office) -> Any:
    return office.draft()


def drafted_below_a_review(office: Office) -> Any:
    office.policy()
    return office.draft()


def submitted(office: Office, *approvers: User, author: User | None = None) -> Any:
    office.policy()
    page = office.draft(author=author)
    with office.as_(office.editor):
        review.submit_for_review(actor=author or office.editor, obj=page)
    for person in approvers:
        with office.as_(person):
            review.approve(actor=person, task_state=current_task_state(run_of(page)))
    return page


def at_the_last_stage(office: Office) -> Any:
    return submitted(office, office.first, office.second)


def corrected_by_its_last_reviewer(office: Office) -> Any:
    page = at_the_last_stage(office)
    with office.as_(office.final):
        again = ArticlePage.objects.get(pk=page.pk)
        again.summary = "corrected"
        again.save_revision(user=office.final)
    return page


def returned(office: Office) -> Any:
    page = submitted(office)
    with office.as_(office.first):
        review.return_for_changes(
            actor=office.first, task_state=current_task_state(run_of(page)), reason="Say more."
        )
    return page


def live(office: Office) -> Any:
    return office.house.articles[0]


def live_below_a_review(office: Office) -> Any:
    office.policy()
    return office.house.articles[0]


def live_with_a_correction_in_review(office: Office) -> Any:
    office.policy()
    with office.as_(office.editor):
        page = ArticlePage.objects.get(pk=office.house.articles[0].pk)
        page.summary, page.source_name = "changed", "示例办公室"
        page.save_revision(user=office.editor)
        review.submit_for_review(actor=office.editor, obj=page)
    return page


def locked_by(office: Office, holder: User, page: Any) -> Any:
    with office.as_(holder):
        BasePage.objects.filter(pk=page.pk).update(
            locked=True, locked_by=holder, locked_at=timezone.now()
        )
    return page


def locked_by_the_last_reviewer(office: Office) -> Any:
    return locked_by(office, office.final, live(office))


def locked_in_review(office: Office) -> Any:
    return locked_by(office, office.first, submitted(office))


def planned(office: Office) -> Any:
    page = office.draft()
    with office.as_(office.editor):
        page = ArticlePage.objects.get(pk=page.pk)
        page.go_live_at = timezone.now() + timedelta(days=1)
        page.save_revision(user=office.editor).publish(user=office.editor)
    return page


def withdrawn(office: Office) -> Any:
    page = live(office)
    with office.as_(office.editor):
        withdraw_pages(
            actor=office.editor,
            pages=[BasePage.objects.get(pk=page.pk)],
            notice=WithdrawalNotice("outdated"),
        )
    return page


def deleted(office: Office) -> Any:
    page = live(office)
    with office.as_(office.editor):
        recycle_pages(
            actor=office.editor,
            pages=[BasePage.objects.get(pk=page.pk)],
            notice=WithdrawalNotice("outdated"),
        )
    return page


def a_section(office: Office) -> Any:
    return office.section


def a_section_below_a_review(office: Office) -> Any:
    office.policy()
    return office.section


def the_home_page(office: Office) -> Any:
    return office.house.home


STATES = [
    drafted,
    drafted_below_a_review,
    submitted,
    at_the_last_stage,
    corrected_by_its_last_reviewer,
    returned,
    live,
    live_below_a_review,
    live_with_a_correction_in_review,
    locked_by_the_last_reviewer,
    locked_in_review,
    planned,
    withdrawn,
    deleted,
    a_section,
    a_section_below_a_review,
    the_home_page,
]


# -- what really happens ----------------------------------------------------------------------------


@contextmanager
def undone():
    """Whatever happens inside is rolled back."""
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            yield
        finally:
            transaction.savepoint_rollback(point)


def happens(action: Callable[[], Any]) -> bool:
    """Whether the service does it."""
    with undone():
        try:
            action()
        except ReviewRefused:
            return False
        return True


def really(office: Office, page: Any, user: User, codes: Any) -> dict[str, bool]:
    """What the functions behind the screens answer, for one person and a page, freshly read."""
    user = people.fresh(user)
    with office.as_(user), seeing_the_bin():
        row = BasePage.objects.get(pk=page.pk)
        tester = row.permissions_for_user(user)
        entry = RecycledPage.objects.filter(page_id=page.pk).select_related("former_parent").first()
        (whole,) = lifecycle_rights.with_state([row])
        run = run_of(row)
        waiting = current_task_state(run) if run is not None else None
        is_free = not tester.page_locked()
        parent = entry.former_parent if entry is not None else None

        def is_listed() -> bool:
            if entry is not None:
                return lifecycle_rights.may_see_deleted(entry, user)
            try:
                found = PagePermissionPolicy().explorable_instances(user)
            except BasePage.DoesNotExist:  # no grant at all: no ancestor
                return False
            return found.filter(pk=page.pk).exists()

        def approves(stage: str) -> bool:
            if waiting is None or waiting.task.specific.stage != stage:
                return False
            return happens(lambda: review.approve(actor=user, task_state=waiting))

        ways: dict[str, Callable[[], Any]] = {
            "see": is_listed,
            "edit": lambda: tester.can_edit() and is_free,
            "add_below": tester.can_add_subpage,
            "publish": lambda: tester.can_edit() and tester.can_publish() and is_free,
            "submit": lambda: happens(
                lambda: review.submit_for_review(actor=user, obj=row.specific)
            ),
            "withdraw": lambda: not lifecycle_rights.why_not_withdraw(whole, user),
            "move": lambda: not lifecycle_rights.why_not_move(whole, user),
            "delete": lambda: not lifecycle_rights.why_not_delete(whole, user),
            "lock": tester.can_lock,
            "unlock": tester.can_unlock,
            "restore": lambda: lifecycle_rights.may_restore_below(parent, user),
            "purge": lambda: lifecycle_rights.may_purge(entry, user),
        }
        return {
            code: bool(approves(code.partition(":")[2]) if ":" in code else ways[code]())
            for code in codes
        }


def explained(office: Office, page: Any, user: User) -> dict[str, Any]:
    """The lines of the explanation by code."""
    return explained_to(office, page, [user])[user.pk]


def explained_to(office: Office, page: Any, users: list[User]) -> dict[int, dict[str, Any]]:
    """The same for several who ask."""
    with office.as_(people.fresh(office.administrator)):
        facts = facts_of(page.pk)
        assert facts is not None
        everybody = people_here()
        return {
            user.pk: {
                line.code: line for line in page_lines(facts, asking(user, everybody), everybody)
            }
            for user in users
        }


def test_the_explanation_says_what_happens(office: Office) -> None:
    """In every state of a page, for one of each kind of people, who are made once."""
    staff = crew(office)
    wrong: list[Any] = []
    for state in STATES:
        with undone():
            cache.clear()
            wrong += disagreements(office, staff, state)
    assert wrong == []


def disagreements(office: Office, staff: list[User], state: Any) -> list[Any]:
    """Where the explanation of a page in ``state`` and what happens differ."""
    page = state(office)
    told = explained_to(office, page, staff)
    happened = {user.pk: really(office, page, user, told[user.pk]) for user in staff}
    wrong: list[Any] = []
    for user in staff:
        for code, line in told[user.pk].items():
            answer = line.answer
            if answer.allowed != happened[user.pk][code]:
                wrong.append((state.__name__, user.username, code, answer))
            # A no without words helps nobody, and nobody is told why not where they may.
            if bool(answer.words) is answer.allowed or (
                (answer.reason == Reason.NONE) is not answer.allowed
            ):
                wrong.append((state.__name__, user.username, code, answer.words, answer.reason))
    # The list of people is the same for whoever asks, and true for each of them.
    for code, line in told[staff[0].pk].items():
        can = {person.user.pk for person in line.can}
        if can != {user.pk for user in staff if happened[user.pk][code]}:
            wrong.append((state.__name__, "can", code, can))
    return wrong


def reasons(office: Office, page: Any, user: User) -> dict[str, Reason]:
    return {code: line.answer.reason for code, line in explained(office, page, user).items()}


def test_the_reason_is_the_one_that_holds(office: Office) -> None:
    staff = {user.username: user for user in crew(office)}
    elsewhere, handler = staff["editor-elsewhere"], staff["alpha-letter_handler"]
    page = corrected_by_its_last_reviewer(office)

    assert reasons(office, page, handler)["edit"] == Reason.NO_ROLE
    assert reasons(office, page, elsewhere)["edit"] == Reason.OTHER_SECTION
    assert reasons(office, page, elsewhere)["approve:final"] == Reason.NO_ROLE
    assert reasons(office, page, staff["final-elsewhere"])["approve:final"] == Reason.OTHER_SECTION
    assert reasons(office, page, office.editor)["edit"] == Reason.IN_REVIEW
    assert reasons(office, page, office.editor)["publish"] == Reason.REVIEW_FIRST
    assert reasons(office, page, office.editor)["submit"] == Reason.NOTHING_TO_SUBMIT
    assert reasons(office, page, office.final)["approve:final"] == Reason.AUTHOR
    assert reasons(office, page, office.first)["approve:first"] == Reason.NOT_ITS_TURN


def test_a_lock_names_its_holder_and_time(office: Office) -> None:
    crew(office)
    page = locked_by_the_last_reviewer(office)

    answer = explained(office, page, office.editor)["edit"].answer

    assert answer.reason == Reason.LOCKED
    assert "final_reviewer" in answer.words
    assert timezone.localtime().strftime("%Y-%m-%d") in answer.words
    assert explained(office, page, office.final)["edit"].answer.allowed


def test_who_lacks_a_role_is_told_whom_to_ask(office: Office) -> None:
    handler = people.member(office.tenant, RoleCode.LETTER_HANDLER)

    answer = explained(office, live(office), handler)["edit"].answer

    assert "Letter handler" in answer.words
    assert "site_administrator" in answer.way_out


def test_the_number_of_queries_does_not_grow_with_people_or_pages(office: Office) -> None:
    page = submitted(office)

    def queries() -> int:
        cache.clear()
        user = people.fresh(office.administrator)
        with office.as_(user), CaptureQueriesContext(connection) as captured:
            facts = facts_of(page.pk)
            everybody = people_here()
            page_lines(facts, asking(user, everybody), everybody)
        return len(captured)

    few = queries()
    for number, role in enumerate([*RoleCode] * 2):
        limit = [office.section] if role is RoleCode.EDITOR else None
        people.member(office.tenant, role, name=f"more-{number}", sections=limit)
    for number in range(5):
        office.draft(slug=f"more-{number}")

    assert queries() == few


def test_deleting_for_good_and_restoring_are_done_by_whom_it_is_told(office: Office) -> None:
    """The two services themselves: they ask no rights, their screens do."""
    page = deleted(office)
    lines = explained(office, page, office.administrator)
    assert lines["restore"].answer.allowed
    assert lines["purge"].answer.allowed
    with office.as_(office.administrator):
        entry = RecycledPage.objects.get(page_id=page.pk)
        with undone():
            restore_page(
                actor=office.administrator, entry=entry, parent=entry.former_parent, as_live=False
            )
        assert purge_pages(actor=office.administrator, entries=[entry]) == 1


def test_every_stage_has_its_line(office: Office) -> None:
    page = submitted(office)
    with office.as_(office.editor):
        codes = [code for code, _label in actions_of(facts_of(page.pk))]
    assert [stage_code(stage) in codes for stage in ReviewStage] == [True, True, True]
