"""The same review for a model that is no page: a sample made here, with Wagtail's draft mixins."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.test import RequestFactory
from django.utils import timezone
from wagtail.actions import action_registry
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    WorkflowContentType,
    WorkflowMixin,
)
from wagtail.snippets.action_menu import PublishMenuItem

from cms_core.workflow import selectors
from cms_core.workflow.enums import ReviewStage
from cms_core.workflow.exceptions import ReviewRefused, ReviewRequired
from cms_core.workflow.reviewed import Reviewed
from cms_core.workflow.services import approve, return_for_changes, submit_for_review
from cms_core.workflow.urgent import release_urgently
from cms_core.workflow.wagtail_hooks import review_buttons_of_models
from sites.accounts.models import User
from sites.tenancy.models import TenantOwned
from sites.tenancy.scope import system_scope
from sites.tenancy.visibility import visibility_map
from tests.cms_core.workflow.conftest import Office, make_office

pytestmark = pytest.mark.django_db
LABEL = "cms_core_workflow"


@pytest.fixture(scope="module")
def notice(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A model and its table, gone with this module."""

    class Notice(
        Reviewed, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, TenantOwned
    ):
        title = models.CharField(max_length=80)

        class Meta:
            app_label = LABEL

        def __str__(self) -> str:
            return self.title

    visibility_map.collect()
    with django_db_blocker.unblock(), system_scope("the table of a sample model"):
        with connection.schema_editor() as editor:
            editor.create_model(Notice)
        ContentType.objects.get_for_model(Notice)
        yield Notice
        ContentType.objects.filter(app_label=LABEL, model="notice").delete()
        with connection.schema_editor() as editor:
            editor.delete_model(Notice)
    del apps.all_models[LABEL]["notice"]
    apps.clear_cache()
    visibility_map._declared.pop(Notice, None)
    visibility_map._resolved.clear()
    ContentType.objects.clear_cache()


@pytest.fixture(autouse=True)
def publishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No role template names the sample: whoever is asked may change and publish it."""
    asked = User.has_perm
    monkeypatch.setattr(
        User, "has_perm", lambda self, name, obj=None: "notice" in name or asked(self, name, obj)
    )


def draft(office: Office, notice: Any, title: str = "公告") -> Any:
    with office.as_(office.editor):
        made = notice.objects.create(title=title, live=False)
        made.save_revision(user=office.editor)
        return made


def newest(notice: Any, row: Any) -> Any:
    return notice.objects.get(pk=row.pk)


def test_three_reviews_publish_a_model(office: Office, notice: Any) -> None:
    row = draft(office, notice)
    with office.as_(office.editor):
        newest(notice, row).get_workflow().start(newest(notice, row), office.editor)
    for user in (office.first, office.second, office.final):
        with office.as_(user):
            assert [item.obj for item in selectors.waiting_for(user)] == [row]
            assert not newest(notice, row).live
            state = selectors.review_state(newest(notice, row))
            approve(actor=user, task_state=state.task_state)
    with office.as_(office.editor):
        assert newest(notice, row).live
        assert selectors.review_state(newest(notice, row)).status == "done"


def test_two_sites_review_one_model_in_their_own_ways(office: Office, notice: Any) -> None:
    beta = make_office("beta")
    beta.policy(("final",))
    gamma = make_office("gamma")
    with office.as_(office.editor):
        assert selectors.stages_for(notice()) == tuple(ReviewStage)
        ours = notice.get_default_workflow()
    with beta.as_(beta.editor):
        assert selectors.stages_for(notice()) == (ReviewStage.FINAL,)
        assert notice.get_default_workflow().pk != ours.pk
        assert notice.get_default_workflow().tasks.count() == 1
    with gamma.as_(gamma.editor):
        assert notice.get_default_workflow() is None
        assert not notice().has_workflow
    with system_scope("test"):
        assert not WorkflowContentType.objects.exists()


def test_nothing_publishes_a_model_around_its_review(office: Office, notice: Any) -> None:
    row = draft(office, notice)
    with office.as_(office.administrator):
        mine = newest(notice, row)
        action: Any = action_registry.get_action_class(notice, "publish")
        revision = mine.get_latest_revision()
        later = newest(notice, row)
        later.go_live_at = timezone.now() + timedelta(days=1)
        for way in (
            lambda: revision.publish(user=office.administrator),
            lambda: action(revision, user=office.administrator).execute(),
            lambda: later.save_revision().publish(),
            lambda: later.save_revision(approved_go_live_at=timezone.now()),
            lambda: notice.objects.create(title="sofort", live=True),
        ):
            with pytest.raises(ReviewRequired):
                way()
        mine.live = True
        with pytest.raises(ReviewRequired):
            mine.save()
        assert not newest(notice, row).live


def test_a_model_is_returned_and_released_urgently(office: Office, notice: Any) -> None:
    row = draft(office, notice)
    with office.as_(office.editor):
        submit_for_review(actor=office.editor, obj=newest(notice, row))
        with pytest.raises(ReviewRefused, match="already"):
            submit_for_review(actor=office.editor, obj=newest(notice, row))
    with office.as_(office.first):
        state = selectors.review_state(newest(notice, row))
        return_for_changes(actor=office.first, task_state=state.task_state, reason="请核实来源")
    with office.as_(office.editor):
        assert [item.obj for item in selectors.returned_to(office.editor)] == [row]
    with office.as_(office.administrator):
        release_urgently(actor=office.administrator, obj=newest(notice, row), reason="暴雨停课")
        assert newest(notice, row).live
        assert selectors.review_state(newest(notice, row)).is_make_up


def test_the_publish_button_of_a_model_is_taken_away(office: Office, notice: Any) -> None:
    row = draft(office, notice)
    request = RequestFactory().get("/")
    request.user = office.administrator
    with office.as_(office.administrator):
        items = [PublishMenuItem()]
        review_buttons_of_models(items, request, {"instance": newest(notice, row), "model": notice})
        assert items == []
        office.policy((), is_on=False)
    with office.as_(office.administrator):
        items = [PublishMenuItem()]
        review_buttons_of_models(items, request, {"instance": newest(notice, row), "model": notice})
        assert len(items) == 1
