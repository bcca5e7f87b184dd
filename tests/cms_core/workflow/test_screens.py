"""The screens of review over HTTP: the whole path of an article, lists, settings, export."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms_core.content_checks.models import CheckRun, Finding
from cms_core.pages.lifecycle_rights import why_not_withdraw, with_state
from cms_core.pages.models import ArticlePage, BasePage
from cms_core.workflow import selectors
from cms_core.workflow.models import ReviewEntry, ReviewPolicy, UrgentRelease
from cms_core.workflow.services import submit_for_review
from tests.cms_core.workflow.conftest import Office, make_office
from tests.cms_core.workflow.test_paths import at, form_of, is_live
from tests.sites.accounts import people

pytestmark = pytest.mark.django_db


def record(office: Office, page: Any) -> str:
    kind = ContentType.objects.get_for_model(BasePage)
    return at(office, f"review/{kind.pk}/{page.pk}/")


def seen(office: Office, page: Any) -> dict[str, Any]:
    """The hidden fields of the form of approval."""
    with office.as_(None):
        revision = ArticlePage.objects.get(pk=page.pk).get_latest_revision()
        from cms_core.workflow.services import digest_of

        return {"revision": revision.pk, "digest": digest_of(revision)}


def decide(browser: Client, office: Office, page: Any, action: str, **fields: Any) -> str:
    sent = {"action": action} | {f"{action}-{name}": value for name, value in fields.items()}
    answer = browser.post(record(office, page), sent, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_article_from_draft_through_three_reviews(office: Office) -> None:
    page = office.draft()
    editor = people.signed_in(office.editor)
    edit = at(office, f"pages/{page.pk}/edit/")
    editor.post(edit, form_of(editor, edit, **{"action-submit": "1"}))
    assert page.title in editor.get(at(office, "review/mine/")).content.decode()
    # Submitted twice: told so, nothing doubled.
    decide(editor, office, page, "submit")
    with office.as_(None):
        assert ReviewEntry.objects.filter(decision="submitted").count() == 1

    first = people.signed_in(office.first)
    assert page.title in first.get(at(office, "review/")).content.decode()
    # The desk leads there too: to where one decides, not into the editor.
    assert f'href="{record(office, page)}"' in first.get(at(office, "")).content.decode()
    shown = first.get(record(office, page)).content.decode()
    assert "▶" in shown
    assert 'name="approve-note"' in shown
    decide(first, office, page, "approve", note="可以", **seen(office, page))

    second = people.signed_in(office.second)
    decide(second, office, page, "return", comment="不行", to="author")  # too short a reason
    decide(second, office, page, "return", comment="请补充发文单位", to="author")
    assert "请补充发文单位" in editor.get(at(office, "review/returned/")).content.decode()
    assert "请补充发文单位" in editor.get(edit).content.decode()
    editor.post(edit, form_of(editor, edit, summary="补充了单位", **{"action-submit": "1"}))

    stale = seen(office, page) | {"digest": "0" * 64}
    decide(first, office, page, "approve", **stale)
    with office.as_(None):
        assert selectors.review_state(ArticlePage.objects.get(pk=page.pk)).approved == ()
    decide(first, office, page, "approve", **seen(office, page))
    # The editor's own buttons, as its scripts send them.
    second.post(
        edit,
        form_of(second, edit)
        | {
            "action-workflow-action": "true",
            "workflow-action-name": "approve",
            "workflow-action-extra-data": '{"comment": "同意"}',
        },
    )
    final = people.signed_in(office.final)
    assert not is_live(office, page)
    decide(final, office, page, "approve", **seen(office, page))
    assert is_live(office, page)
    printed = final.get(record(office, page)).content.decode()
    for line in ("可以", "请补充发文单位", "同意"):
        assert line in printed


def test_an_outdated_editor_approves_nothing(office: Office) -> None:
    page = office.draft()
    with office.as_(office.editor):
        submit_for_review(actor=office.editor, obj=page)
    browser = people.signed_in(office.first)
    browser.post(
        at(office, f"pages/{page.pk}/edit/"),
        form_of(browser, at(office, f"pages/{page.pk}/edit/"))
        | {
            "loaded_revision_id": "1",
            "action-workflow-action": "true",
            "workflow-action-name": "approve",
        },
    )
    with office.as_(None):
        assert not ReviewEntry.objects.filter(decision="approved").exists()


def test_findings_hold_a_submission_back_and_nothing_is_lost(office: Office) -> None:
    page = office.draft()
    browser = people.signed_in(office.editor)
    answer = browser.post(
        at(office, f"pages/{page.pk}/edit/"),
        form_of(
            browser,
            at(office, f"pages/{page.pk}/edit/"),
            summary="请拨打13812345678。",
            **{"action-submit": "1"},
        ),
        follow=True,
    )
    assert "review/" in answer.content.decode()
    with office.as_(None):
        draft = ArticlePage.objects.get(pk=page.pk)
        assert selectors.review_state(draft).status == "draft"
        assert draft.get_latest_revision_as_object().summary == "请拨打13812345678。"
    assert 'id="findings"' in browser.get(record(office, page)).content.decode()


def test_an_urgent_release_is_flagged_until_it_is_made_up(office: Office) -> None:
    page = office.draft()
    browser = people.signed_in(office.administrator)
    decide(browser, office, page, "release", reason="台风红色预警", **seen(office, page))
    assert is_live(office, page)
    listed = browser.get(at(office, "review/urgent/")).content.decode()
    assert "台风红色预警" in listed
    assert page.title in people.signed_in(office.first).get(at(office, "review/")).content.decode()
    with office.as_(None):
        assert UrgentRelease.objects.filter(closed_at=None).count() == 1


def test_only_the_administrator_changes_the_settings(office: Office) -> None:
    section = office.section
    address = at(office, "review/settings/")
    assert people.signed_in(office.final).post(address, {"action": "site"}).status_code in (
        302,
        403,
    )
    browser = people.signed_in(office.administrator)
    assert section.title in browser.get(address).content.decode()
    browser.post(address, {"action": "section", "section": section.pk, "stages": ["final"]})
    with office.as_(None):
        assert ReviewPolicy.objects.get(section=section).stages == "final"
    browser.post(address, {"action": "section", "section": section.pk, "stages": ["fourth"]})
    browser.post(address, {"action": "follow", "section": section.pk})
    with office.as_(None):
        assert not ReviewPolicy.objects.filter(section=section).exists()
    browser.post(address, {"action": "site", "stages": ["first"]})
    with office.as_(None):
        assert selectors.stages_for(section) == ()


def test_the_export_of_a_period(office: Office) -> None:
    page = office.draft()
    with office.as_(office.editor):
        submit_for_review(actor=office.editor, obj=page)
        ReviewEntry.objects.update(title="=1+1")
    day = timezone.localdate()
    query = f"review/export/?start={day}&end={day}"
    assert people.signed_in(office.editor).get(at(office, query)).status_code in (302, 403)
    browser = people.signed_in(office.final)
    answer = browser.get(at(office, query))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in answer.content.decode()
    before = day - timedelta(days=2)
    empty = browser.get(at(office, f"review/export/?start={before}&end={before}"))
    assert len(empty.content.decode().splitlines()) == 1
    assert browser.get(at(office, f"review/export/?start={day}&end={before}")).status_code == 200


def test_another_sites_record_is_not_there(office: Office) -> None:
    beta = make_office("beta")
    page = office.draft()
    browser = people.signed_in(beta.final)
    for path in (record(office, page), record(beta, page), at(beta, "review/999999/1/")):
        assert browser.get(path).status_code == 404
    assert browser.post(record(beta, page), {"action": "submit"}).status_code == 404
    with beta.as_(beta.administrator):
        from cms_core.workflow.policy_services import set_section_policy
        from sites.tenancy.exceptions import CrossTenantWrite

        with pytest.raises(CrossTenantWrite):
            set_section_policy(actor=beta.administrator, section=office.section, stages=("final",))


def test_lists_ask_no_more_with_more_rows(office: Office) -> None:
    browser = people.signed_in(office.first)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(at(office, "review/")).status_code == 200
        return len(captured)

    def submit(number: int) -> None:
        page = office.draft(f"n{number}")
        with office.as_(office.editor):
            submit_for_review(actor=office.editor, obj=page)

    submit(0)
    asked()
    few = asked()
    for number in range(1, 6):
        submit(number)
    assert asked() == few


def test_what_is_public_is_taken_off_in_the_middle_of_a_review(office: Office) -> None:
    """Offered wherever the deciding function allows it: in the editor's menu and in the lists' menus."""
    page = office.draft()
    browser = people.signed_in(office.administrator)
    edit = at(office, f"pages/{page.pk}/edit/")
    decide(browser, office, page, "release", reason="台风红色预警", **seen(office, page))
    way = at(office, f"pages/{page.pk}/unpublish/")
    listing = at(office, f"pages/{office.section.pk}/")
    for address in (edit, listing):
        assert way in browser.get(address).content.decode()
    assert browser.get(way).status_code == 200
    # Who does not publish is offered nothing; nor anybody where another person locked it.
    assert way not in people.signed_in(office.first).get(edit).content.decode()
    with office.as_(office.final):
        BasePage.objects.filter(pk=page.pk).update(locked=True, locked_by=office.final)
    for address in (edit, listing):
        assert way not in browser.get(address).content.decode()
    with office.as_(None):
        found = with_state([BasePage.objects.get(pk=page.pk)])[0]
        for user in (office.administrator, office.final, office.editor, office.first):
            offered = found.permissions_for_user(user).can_unpublish()
            assert offered is not bool(why_not_withdraw(found, user))


def test_a_refused_submission_leads_to_where_findings_are_answered(office: Office) -> None:
    """To correct or to waive; the newest draft is checked; the reviewers see what was waived, and why."""
    page = office.draft()
    editor = people.signed_in(office.editor)
    edit = at(office, f"pages/{page.pk}/edit/")

    def send(words: str, **more: str) -> str:
        form = form_of(editor, edit, summary=words, **more)
        return str(editor.post(edit, form, follow=True).content.decode())

    said = send("身份证号430702199001011230，电话13812345678。", **{"action-submit": "1"})
    kind = ContentType.objects.get_for_model(BasePage).pk
    way = at(office, f"checks/of/{kind}/{page.pk}/")
    assert f'href="{way}"' in said
    assert "有1处必须改正，不能说明放行" in said  # an identity number is never waived
    assert "有1处要改正，或说明" in said
    assert "<br>送审前有1处要改正" in said  # a line for each
    assert said.count("审核记录") >= 2  # at the top of the form too
    first = editor.get(way, follow=True)
    assert "可以保留" in first.content.decode()
    checked = first.redirect_chain[-1][0]

    # Saved once more without a check, as the editor does by itself: the way on stays.
    send("电话13812345678。")
    shown = editor.get(way, follow=True)
    assert shown.redirect_chain[-1][0] == checked
    text = shown.content.decode()
    assert "检查最新的草稿" in text
    assert "可以保留" in text
    assert "去改正" in text
    assert 'id="findings"' in editor.get(record(office, page)).content.decode()
    newest = editor.post(checked, {"action": "check"}, follow=True)
    assert newest.redirect_chain[-1][0] != checked
    with office.as_(None):
        (left,) = Finding.objects.filter(run=CheckRun.objects.order_by("-pk")[0])
    answered = editor.post(
        newest.redirect_chain[-1][0],
        {"action": "waive", "finding": left.pk, "reason": "局长公开接访电话"},
        follow=True,
    ).content.decode()
    assert 'id="submit-text"' in answered
    decide(editor, office, page, "submit")
    for reader in (office.first, office.administrator):
        printed = people.signed_in(reader).get(record(office, page)).content.decode()
        assert "局长公开接访电话" in printed
        assert str(office.editor) in printed
        assert way in printed

    # Returned and sent in again: what was changed since is one press away.
    first_reviewer = people.signed_in(office.first)
    decide(first_reviewer, office, page, "return", comment="请写明单位", to="author")
    with office.as_(None):
        returned = ArticlePage.objects.get(pk=page.pk).latest_revision_id
    send("电话13812345678。", source_name="县政府办公室", **{"action-submit": "1"})
    compared = at(office, f"pages/{page.pk}/revisions/compare/{returned}...latest/")
    assert compared in first_reviewer.get(record(office, page)).content.decode()
