"""A page, its published resource, its event and its outbox row change together or not at all."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction, Revision

from cms_core.pages.models import ArticlePage, BasePage
from cms_core.pages.services import (
    bulk_create_articles,
    create_article,
    create_section,
    publish_page,
    unpublish_page,
)
from cms_core.resources.enums import RESOURCE_PUBLISHED, RESOURCE_WITHDRAWN
from cms_core.resources.models import PublishedResource
from sites.audit.models import DomainEvent
from sites.outbox.models import OutboxEvent
from tests.cms_core.pages.conftest import article_row, section_row


@pytest.fixture
def article(in_town, editor):
    return create_article(actor=editor, parent=in_town.section, row=article_row(0))


def resource_of(page: BasePage) -> PublishedResource:
    return PublishedResource.objects.get(source_uuid=page.translation_key)


def events_of(page: BasePage) -> list[str]:
    uuid = resource_of(page).uuid
    return list(
        OutboxEvent.objects.filter(subject_uuid=uuid).order_by("pk").values_list("kind", flat=True)
    )


def counts() -> dict[str, int]:
    models: tuple[Any, ...] = (BasePage, Revision, PublishedResource, OutboxEvent, DomainEvent)
    return {model.__name__: model.objects.count() for model in models}


def test_publishing_writes_the_whole_public_face(article):
    resource = resource_of(article)

    assert resource.is_published
    assert (resource.title, resource.summary) == (article.title, "摘要")
    assert resource.body_text == "第一段。\n1"
    assert resource.url == "news/notice/"
    assert resource.published_at == article.published_at
    assert events_of(article) == [RESOURCE_PUBLISHED]


@pytest.mark.parametrize(
    "broken",
    [
        "cms_core.resources.services.emit_all",
        "cms_core.resources.services.record_events",
        "cms_core.pages.publication.describe",
        "wagtail.signals.page_published.send",
    ],
)
def test_a_failure_in_the_middle_leaves_nothing(in_town, editor, monkeypatch, broken):
    before = counts()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(broken, fail)

    with pytest.raises(RuntimeError, match="in the middle"):
        create_article(actor=editor, parent=in_town.section, row=article_row(0))

    assert counts() == before


def test_a_failed_change_leaves_the_published_text(article, editor, monkeypatch):
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("cms_core.resources.services.emit_all", fail)
    before = counts()

    with pytest.raises(RuntimeError, match="in the middle"):
        publish_page(actor=editor, page=article, changes={"title": "新标题"})

    assert ArticlePage.objects.get(pk=article.pk).title == "关于开展示例工作的通知"
    assert resource_of(article).title == "关于开展示例工作的通知"
    assert counts() == before


def test_a_change_raises_the_version_once(article, editor):
    publish_page(actor=editor, page=article, changes={"title": "新标题"})
    publish_page(actor=editor, page=article)

    assert resource_of(article).title == "新标题"
    assert resource_of(article).version == 2
    assert events_of(article) == [RESOURCE_PUBLISHED] * 2


def test_the_shown_time_stays_when_a_text_is_corrected(in_town, editor):
    article = create_article(
        actor=editor, parent=in_town.section, row=article_row(0, published_at=None)
    )
    first = article.published_at

    corrected = publish_page(actor=editor, page=article, changes={"summary": "改"})

    assert first is not None
    assert corrected.specific.published_at == first


def test_a_draft_has_no_public_face(in_town, editor):
    draft = create_article(actor=editor, parent=in_town.section, row=article_row(0, live=False))

    assert not PublishedResource.objects.filter(source_uuid=draft.translation_key).exists()


def test_saving_a_draft_of_a_published_page_changes_nothing(article, editor):
    article.title = "没有发布的标题"
    article.save_revision(user=editor)

    assert resource_of(article).title == "关于开展示例工作的通知"
    assert events_of(article) == [RESOURCE_PUBLISHED]


def test_unpublishing_withdraws(article, editor):
    unpublish_page(actor=editor, page=article)

    assert not resource_of(article).is_published
    assert events_of(article) == [RESOURCE_PUBLISHED, RESOURCE_WITHDRAWN]


def test_publishing_again_restores(article, editor):
    unpublish_page(actor=editor, page=article)
    publish_page(actor=editor, page=article)

    assert resource_of(article).is_published
    assert resource_of(article).version == 3


def test_deleting_withdraws(article):
    article.delete()

    assert not resource_of(article).is_published


def test_deleting_a_section_withdraws_all_below(in_town, article):
    BasePage.objects.get(pk=in_town.section.pk).delete()

    assert not resource_of(article).is_published
    assert not PublishedResource.objects.filter(is_published=True).exists()


def test_moving_changes_the_address(in_town, article, editor):
    target = create_section(actor=editor, parent=in_town.home, row=section_row(0))

    article.move(BasePage.objects.get(pk=target.pk), pos="last-child")

    assert resource_of(article).url == "notices/notice/"
    assert events_of(article) == [RESOURCE_PUBLISHED] * 2


def test_moving_a_section_takes_its_articles_along(in_town, article, editor):
    target = create_section(actor=editor, parent=in_town.home, row=section_row(0))

    BasePage.objects.get(pk=in_town.section.pk).move(
        BasePage.objects.get(pk=target.pk), pos="last-child"
    )

    assert resource_of(article).url == "notices/news/notice/"


def test_renaming_a_sections_address_takes_its_articles_along(in_town, article, editor):
    section = BasePage.objects.get(pk=in_town.section.pk).specific
    publish_page(actor=editor, page=section, changes={"slug": "xinwen"})

    assert resource_of(article).url == "xinwen/notice/"


def test_a_doubled_slug_is_refused(in_town, article, editor):
    with pytest.raises(ValidationError):
        create_article(actor=editor, parent=in_town.section, row=article_row(0))


@pytest.mark.parametrize("on_the_section", [True, False], ids=["section", "article"])
def test_privacy_withdraws_and_its_end_restores(in_town, article, on_the_section):
    place = in_town.section if on_the_section else article
    restriction = PageViewRestriction.objects.create(
        page_id=place.pk, restriction_type=PageViewRestriction.LOGIN
    )

    assert not resource_of(article).is_published

    restriction.delete()

    assert resource_of(article).is_published


def test_an_article_made_in_a_private_section_has_no_public_face(in_town, editor):
    PageViewRestriction.objects.create(
        page_id=in_town.section.pk, restriction_type=PageViewRestriction.LOGIN
    )

    hidden = create_article(actor=editor, parent=in_town.section, row=article_row(0))

    assert not PublishedResource.objects.filter(source_uuid=hidden.translation_key).exists()


def test_a_private_section_is_deleted_with_what_it_holds(in_town, article):
    PageViewRestriction.objects.create(
        page_id=in_town.section.pk, restriction_type=PageViewRestriction.LOGIN
    )

    BasePage.objects.get(pk=in_town.section.pk).delete()

    assert not PublishedResource.objects.filter(is_published=True).exists()


def test_queries_of_one_publish_do_not_grow(in_town, article, editor, record_testsuite_property):
    """The same number with one sibling and with thirty; it stands in the report of a run."""
    publish_page(actor=editor, page=article, changes={"summary": "一"})
    with CaptureQueriesContext(connection) as few:
        publish_page(actor=editor, page=article, changes={"summary": "二"})
    rows = [article_row(in_town.section.pk, key=str(n), slug=f"n{n}") for n in range(30)]
    bulk_create_articles(actor=editor, rows=rows)

    with CaptureQueriesContext(connection) as many:
        publish_page(actor=editor, page=article, changes={"summary": "三"})

    record_testsuite_property("queries of one publish", len(many))
    assert len(many) == len(few)
    # 125 for a page with its attachments; further sections and related pages ask four each.
    assert len(many) <= 133


def test_queries_of_a_bulk_grow_by_the_batch_only(in_town, editor):
    """SQLite takes some seventy pages of 28 columns in one statement."""

    def queries(count: int) -> int:
        rows = [
            article_row(in_town.section.pk, key=str(n), slug=f"n{count}-{n}") for n in range(count)
        ]
        with CaptureQueriesContext(connection) as captured:
            bulk_create_articles(actor=editor, rows=rows)
        return len(captured)

    queries(3)  # content types and settings are looked up once a process

    assert queries(70) - queries(35) <= 10
