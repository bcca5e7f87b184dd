"""Every way to the public: none leads around a review, for nobody."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Revision

from cms_core.pages.models import ArticlePage, BasePage, SectionPage
from cms_core.pages.rows import SectionRow
from cms_core.pages.services import create_article, create_section, publish_page
from cms_core.workflow import selectors
from cms_core.workflow.exceptions import ReviewRequired
from cms_core.workflow.gate import released_by_the_platform
from cms_core.workflow.policy_services import set_section_policy
from sites.tenancy.scope import opening_scope
from tests.cms_core.pages.conftest import article_row
from tests.cms_core.workflow.conftest import Office
from tests.sites.accounts import people

pytestmark = pytest.mark.django_db

#: Whoever publishes elsewhere. Reviewers of the first stages never do.
PUBLISHERS = ("editor", "final", "administrator")


def is_live(office: Office, page: Any) -> bool:
    with office.as_(None):
        return bool(BasePage.objects.get(pk=page.pk).live)


def at(office: Office, path: str) -> str:
    return f"/t/{office.tenant.code}/{path}"


def form_of(browser: Client, address: str, **more: Any) -> dict[str, Any]:
    """The editor's form as the page sends it; what scripts draw (text blocks) is empty."""
    answer = browser.get(address)
    if answer.status_code != 200:
        return more  # no such page for this role
    page = html.fromstring(answer.content)
    form = max(page.forms, key=lambda found: len(found.fields))
    return {"body-count": "0"} | dict(form.form_values()) | more


@pytest.fixture(params=PUBLISHERS)
def publisher(request: pytest.FixtureRequest, office: Office) -> tuple[Any, Client]:
    user = getattr(office, request.param)
    return user, people.signed_in(user)


def test_no_screen_and_no_interface_publishes(
    office: Office, publisher: tuple[Any, Client]
) -> None:
    """The editor, the bulk action, copying, both programming interfaces, creating."""
    user, browser = publisher
    page = office.draft()
    edit = at(office, f"pages/{page.pk}/edit/")
    answer = browser.get(edit)
    assert answer.status_code == 200
    assert b'name="action-publish"' not in answer.content
    assert b'name="action-submit"' in answer.content
    browser.post(
        edit, form_of(browser, at(office, f"pages/{page.pk}/edit/"), **{"action-publish": "1"})
    )
    assert not is_live(office, page)

    later = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    browser.post(edit, form_of(browser, edit, **{"action-publish": "1", "go_live_at": later}))
    with office.as_(user):
        assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()

    browser.post(at(office, f"bulk/cms_core_pages/basepage/publish/?id={page.pk}"), {})
    browser.post(
        at(office, f"bulk/cms_core_pages/basepage/publish/?id={office.section.pk}"),
        {"include_descendants": "on"},
    )
    assert not is_live(office, page)

    answer = browser.post(at(office, f"api/v3/pages/{page.pk}/publish/"))
    assert answer.status_code in (403, 404), answer.content
    browser.patch(
        at(office, f"api/v3/pages/{page.pk}/"),
        json.dumps({"title": "过接口", "meta": {"action": "publish"}}),
        content_type="application/json",
    )
    browser.post(
        at(office, "api/v3/pages/"),
        json.dumps(
            {
                "title": "新",
                "slug": "through-v3",
                "meta": {
                    "type": "cms_core_pages.ArticlePage",
                    "action": "publish",
                    "parent": office.section.pk,
                },
            }
        ),
        content_type="application/json",
    )
    assert not is_live(office, page)

    live = office.house.articles[0]
    for recursive in ("", "on"):
        browser.post(
            at(office, f"pages/{live.pk}/copy/"),
            {
                "new_title": "抄本",
                "new_slug": f"copy-{recursive or 'off'}",
                "new_parent_page": str(office.section.pk),
                "publish_copies": "on",
                "copy_subpages": recursive,
                "alias": "",
            },
        )
    browser.post(
        at(office, f"pages/{live.pk}/copy/"),
        {
            "new_title": "替身",
            "new_slug": "alias",
            "new_parent_page": str(office.section.pk),
            "alias": "on",
        },
    )
    browser.post(
        at(office, f"pages/add/cms_core_pages/articlepage/{office.section.pk}/"),
        form_of(
            browser,
            at(office, f"pages/add/cms_core_pages/articlepage/{office.section.pk}/"),
            title="新稿",
            slug="created",
            source_name="示例",
            **{"action-publish": "1"},
        ),
    )
    with office.as_(user):
        public = set(ArticlePage.objects.live().values_list("slug", flat=True))
        drafts = set(ArticlePage.objects.not_live().values_list("slug", flat=True))
    assert public == {"a1", "a2"}
    # Saved, not published; final reviewers make no pages.
    assert ("created" in drafts) == (user != office.final)


def test_a_public_text_is_corrected_through_review_only(
    office: Office, publisher: tuple[Any, Client]
) -> None:
    _user, browser = publisher
    live = office.house.articles[0]
    browser.post(
        at(office, f"pages/{live.pk}/edit/"),
        form_of(
            browser,
            at(office, f"pages/{live.pk}/edit/"),
            title="绕过审核的标题",
            **{"action-publish": "1"},
        ),
    )
    with office.as_(None):
        now = ArticlePage.objects.get(pk=live.pk)
        assert now.title == live.title
        assert now.get_latest_revision_as_object().title == "绕过审核的标题"
        revision = now.latest_revision_id
    browser.post(
        at(office, f"api/v3/pages/{live.pk}/revert/"),
        json.dumps({"revision_id": revision, "publish": True}),
        content_type="application/json",
    )
    with office.as_(None):
        assert ArticlePage.objects.get(pk=live.pk).title == live.title


def test_code_that_asks_no_rights_is_stopped_at_the_row(office: Office) -> None:
    page = office.draft()
    with office.as_(office.administrator):
        mine = ArticlePage.objects.get(pk=page.pk)
        revision = mine.get_latest_revision()
        for way in (
            lambda: revision.publish(user=office.administrator, skip_permission_checks=True),
            lambda: PublishPageRevisionAction(revision).execute(skip_permission_checks=True),
            lambda: publish_page(actor=office.administrator, page=mine),
            lambda: create_article(
                actor=office.administrator, parent=office.section, row=article_row(0)
            ),
            lambda: ArticlePage.objects.get(pk=page.pk).copy(
                update_attrs={"slug": "x", "live": True}
            ),
            lambda: office.house.articles[0].copy(update_attrs={"slug": "y"}),
            lambda: office.house.articles[0].create_alias(update_slug="z"),
        ):
            with pytest.raises(ReviewRequired):
                way()
        mine.live = True
        with pytest.raises(ReviewRequired):
            mine.save()
        live = ArticlePage.objects.get(pk=office.house.articles[0].pk)
        live.go_live_at = timezone.now() + timedelta(days=1)
        scheduled = live.save_revision()
        with pytest.raises(ReviewRequired):
            scheduled.publish()
        with pytest.raises(ReviewRequired):
            live.save_revision(approved_go_live_at=timezone.now())
    assert not is_live(office, page)


def test_what_was_published_before_it_came_here_is_no_way_for_a_view(office: Office) -> None:
    page = office.draft()
    with office.as_(None), released_by_the_platform("an import of the tests"):
        publish_page(actor=None, page=page)
    assert is_live(office, page)


def test_something_public_does_not_move_under_a_stricter_review(office: Office) -> None:
    with opening_scope(office.tenant):
        free = create_free_section(office)
    with office.as_(office.administrator):
        article = create_article(
            actor=office.administrator, parent=free, row=article_row(free.pk, slug="free")
        )
        rights = article.permissions_for_user(office.administrator)
        assert not rights.can_move_to(office.section)
        reviewed = ArticlePage.objects.get(pk=office.house.articles[0].pk)
        assert reviewed.permissions_for_user(office.administrator).can_move_to(free)
    browser = people.signed_in(office.administrator)
    browser.post(at(office, f"pages/{article.pk}/move/{office.section.pk}/confirm/"))
    with office.as_(None):
        assert ArticlePage.objects.get(pk=article.pk).get_parent().pk == free.pk


def create_free_section(office: Office) -> SectionPage:
    with released_by_the_platform("a section of the tests"):
        free = create_section(
            actor=None,
            parent=office.house.home,
            row=SectionRow(key="f", title="简讯", slug="brief", parent_id=office.house.home.pk),
        )
    set_section_policy(actor=None, section=free, stages=())
    return free


def test_roles_keep_publishing_where_no_review_applies(office: Office) -> None:
    with opening_scope(office.tenant):
        free = create_free_section(office)
    with office.as_(office.editor):
        page = create_article(
            actor=office.editor, parent=free, row=article_row(free.pk, slug="f", live=False)
        )
    browser = people.signed_in(office.editor)
    edit = at(office, f"pages/{page.pk}/edit/")
    assert b'name="action-publish"' in browser.get(edit).content
    browser.post(edit, form_of(browser, edit, **{"action-publish": "1"}))
    assert is_live(office, page)


def test_sites_without_a_policy_work_as_before(office: Office) -> None:
    office.policy((), is_on=False)
    page = office.draft()
    with office.as_(office.editor):
        publish_page(actor=office.editor, page=page)
    assert is_live(office, page)


def test_a_date_that_passed_review_is_kept(office: Office) -> None:
    """Scheduled through review, published by the scheduler without anybody's rights."""
    from cms_core.workflow.services import approve, submit_for_review

    page = office.draft()
    with office.as_(office.editor):
        draft = ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object()
        draft.go_live_at = timezone.now() + timedelta(hours=1)
        draft.save_revision(user=office.editor)
        submit_for_review(actor=office.editor, obj=ArticlePage.objects.get(pk=page.pk))
    for user in (office.first, office.second, office.final):
        with office.as_(user):
            state = selectors.review_state(ArticlePage.objects.get(pk=page.pk))
            approve(actor=user, task_state=state.task_state)
    assert not is_live(office, page)
    with (
        office.as_(None),
        time_machine.travel(timezone.now() + timedelta(hours=2), tick=False),
    ):
        call_command("publish_scheduled")
    assert is_live(office, page)


def test_what_wagtail_offers_for_workflows_is_closed(office: Office) -> None:
    """Workflows are rows of the review settings: nobody edits one into something unsafe."""
    with office.as_(office.editor):
        selectors.stages_for(office.section)
        flow = office.section.get_workflow()
        task = flow.tasks.first()
    browser = people.signed_in(office.administrator)
    for name, args in (
        ("wagtailadmin_workflows:add", []),
        ("wagtailadmin_workflows:edit", [flow.pk]),
        ("wagtailadmin_workflows:disable", [flow.pk]),
        ("wagtailadmin_workflows:enable", [flow.pk]),
        ("wagtailadmin_workflows:remove", [office.section.pk]),
        ("wagtailadmin_workflows:remove", [office.section.pk, flow.pk]),
        ("wagtailadmin_workflows:edit_task", [task.pk]),
        ("wagtailadmin_workflows:disable_task", [task.pk]),
        ("wagtailadmin_workflows:enable_task", [task.pk]),
        ("wagtailadmin_workflows:select_task_type", []),
        ("wagtailadmin_workflows:add_task", ["cms_core_workflow", "reviewtask"]),
        ("wagtailadmin_workflows:task_chooser", []),
    ):
        address = at(office, reverse(name, args=args, urlconf="cms_core.urls.tenant_admin")[1:])
        for answer in (browser.get(address), browser.post(address, {"name": "x"})):
            assert answer.status_code in (302, 403, 404), (name, answer.status_code)
    with office.as_(None):
        flow.refresh_from_db()
        assert flow.active
        assert flow.tasks.count() == 3
