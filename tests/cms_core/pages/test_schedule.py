"""What is planned happens in the worker, for every tenant in its own scope, at the time shown."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cms_core.pages.models import ArticlePage, Tombstone
from cms_core.pages.services import create_article
from cms_core.resources.models import PublishedResource
from sites.outbox import tasks
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.tenants import make_tenant


@pytest.fixture
def worker(monkeypatch):
    """The scheduler's task, with each tenant's task run at once."""
    monkeypatch.setattr(
        tasks.publish_scheduled_in_tenant,
        "delay",
        lambda **sent: tasks.publish_scheduled_in_tenant.apply(kwargs=sent, throw=True),
    )
    return lambda: tasks.publish_scheduled.apply(throw=True)


def test_going_live_and_taking_down_in_every_tenant(town, editor, worker, time_machine):
    houses = [town, make_tenant("other")]
    planned, leaving = {}, {}
    now = timezone.now()
    for house in houses:
        with tenant_scope(house.tenant, editor):
            draft = create_article(
                actor=editor,
                parent=house.section,
                row=article_row(0, slug="later", live=False, published_at=None),
            )
            draft.go_live_at = now + timedelta(hours=1)
            draft.save_revision(user=editor).publish()
            planned[house.host] = draft
            old = ArticlePage.objects.get(pk=house.articles[0].pk)
            old.expire_at = now + timedelta(hours=1)
            old.save_revision(user=editor).publish()
            leaving[house.host] = old

    worker()
    assert Client(headers={"host": town.host}).get("/news/later/").status_code == 404
    moment = now + timedelta(hours=1, seconds=40)
    time_machine.move_to(moment, tick=False)
    worker()

    for house in houses:
        site = Client(headers={"host": house.host})
        assert site.get("/news/later/").status_code == 200
        gone = site.get("/news/a1/")
        assert gone.status_code == 410
        assert "按期撤下" in gone.content.decode()
        with tenant_scope(house.tenant, editor):
            page = ArticlePage.objects.get(pk=planned[house.host].pk)
            assert page.published_at == moment
            resource = PublishedResource.objects.get(source_uuid=page.translation_key)
            assert (resource.is_published, resource.published_at) == (True, moment)
            stone = Tombstone.objects.get(page=leaving[house.host].pk)
            assert (stone.reason, stone.withdrawn_by_id) == ("expired", None)


def test_a_publish_time_never_lies_ahead(in_town, editor):
    ahead = timezone.now() + timedelta(days=3)
    article = create_article(
        actor=editor, parent=in_town.section, row=article_row(0, published_at=ahead)
    )

    assert article.published_at <= timezone.now()
