"""Withdrawing pages: the notice at the old address, and nothing of them anywhere else."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageLogEntry, PageViewRestriction

from cms_core.pages.models import ArticlePage, BasePage, Tombstone
from cms_core.pages.services import (
    bulk_create_articles,
    create_article,
    publish_page,
    unpublish_page,
)
from cms_core.pages.withdrawal import change_notice, withdraw_pages
from cms_core.pages.withdrawal_rules import WithdrawalNotice, reasons
from cms_core.resources.models import PublishedResource
from sites.audit.models import DomainEvent
from sites.outbox.models import OutboxEvent
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.tenants import make_tenant

OUTDATED = WithdrawalNotice("outdated", explanation="2025 年的办法已经施行完毕。")


@pytest.fixture
def article(town, editor):
    with tenant_scope(town.tenant, editor):
        return create_article(actor=editor, parent=town.section, row=article_row(0))


@pytest.fixture
def site(town):
    return Client(headers={"host": town.host})


def withdraw(town, editor, *pages, notice=OUTDATED, **options):
    with tenant_scope(town.tenant, editor):
        return withdraw_pages(actor=editor, pages=list(pages), notice=notice, **options)


def test_the_address_says_what_why_and_when(site, town, editor, article):
    withdraw(town, editor, article)

    answer = site.get("/news/notice/")

    assert answer.status_code == 410
    text = answer.content.decode()
    assert "<s><span" in text
    assert "关于开展示例工作的通知" in text
    assert "内容已经过期，不再适用。" in text
    assert "2025 年的办法已经施行完毕。" in text
    assert "town name" in text
    assert "原发布时间：2024-03-01 09:30" in text
    assert 'name="robots" content="noindex, nofollow"' in text
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "Page-editor" not in text
    assert "csrf" not in text


def test_lists_resources_and_other_sites_lose_it_in_the_same_moment(site, town, editor, article):
    withdraw(town, editor, article)

    assert "关于开展示例工作的通知" not in site.get("/news/").content.decode()
    assert "关于开展示例工作的通知" not in site.get("/sitemap.xml").content.decode()
    with tenant_scope(town.tenant):
        resource = PublishedResource.objects.get(source_uuid=article.translation_key)
        assert not resource.is_published
        last = OutboxEvent.objects.filter(subject_uuid=resource.uuid).latest("pk")
        assert last.kind == "resource.withdrawn"
        assert DomainEvent.objects.filter(kind="page_withdrawn", subject_id=article.pk).exists()
        assert PageLogEntry.objects.filter(page=article.pk, action="wagtail.unpublish").exists()
    with tenant_scope(make_tenant("other").tenant):
        assert not PublishedResource.objects.filter(title="关于开展示例工作的通知").exists()


def test_many_at_once_make_the_rows_of_one_at_a_time(town, editor):
    with tenant_scope(town.tenant, editor):
        rows = [article_row(town.section.pk, key=str(n), slug=f"n{n}") for n in range(2)]
        one, two = bulk_create_articles(actor=editor, rows=rows).values()
        unpublish_page(actor=editor, page=one, notice=OUTDATED)
    withdraw(town, editor, two)

    with tenant_scope(town.tenant, editor):
        seen = []
        for page in (one, two):
            row = ArticlePage.objects.get(pk=page.pk)
            stone = Tombstone.objects.get(page=page.pk)
            resource = PublishedResource.objects.get(source_uuid=row.translation_key)
            seen.append(
                (
                    (row.live, row.has_unpublished_changes, row.live_revision_id, row.expired),
                    (stone.reason, stone.explanation, stone.unit_name, stone.published_at),
                    (stone.withdrawn_by_id, stone.title, stone.source_uuid == row.translation_key),
                    (resource.is_published, resource.version),
                    list(
                        PageLogEntry.objects.filter(page=page.pk)
                        .order_by("pk")
                        .values_list("action", "user")
                    ),
                    sorted(
                        DomainEvent.objects.filter(subject_id=str(page.pk)).values_list(
                            "kind", flat=True
                        )
                    ),
                )
            )
        assert seen[0] == seen[1]


def test_queries_do_not_grow_with_pages(town, editor):
    with tenant_scope(town.tenant, editor):
        rows = [article_row(town.section.pk, key=str(n), slug=f"n{n}") for n in range(60)]
        made = list(bulk_create_articles(actor=editor, rows=rows).values())
        with CaptureQueriesContext(connection) as few:
            withdraw_pages(actor=editor, pages=made[:5], notice=OUTDATED)
        with CaptureQueriesContext(connection) as many:
            withdraw_pages(actor=editor, pages=made[5:], notice=OUTDATED)
    assert len(many) <= len(few)


def test_a_section_takes_all_below_it(site, town, editor, article):
    withdraw(town, editor, town.section)

    for path in ("/news/", "/news/index_2.html", "/news/notice/", "/news/a1", "/news/a1/"):
        assert site.get(path).status_code == 410, path


def test_publishing_again_lifts_the_notice(site, town, editor, article):
    withdraw(town, editor, article)
    with tenant_scope(town.tenant, editor):
        publish_page(actor=editor, page=article)

    assert site.get("/news/notice/").status_code == 200
    with tenant_scope(town.tenant, editor):
        assert not Tombstone.objects.in_force().exists()
        stone = Tombstone.objects.get()
        assert stone.withdrawn_at < stone.lifted_at <= timezone.now()
        assert PublishedResource.objects.get(source_uuid=article.translation_key).is_published


def test_published_elsewhere_the_old_address_leads_there(site, town, editor, article):
    withdraw(town, editor, article)
    with tenant_scope(town.tenant, editor):
        draft = BasePage.objects.get(pk=article.pk)
        publish_page(actor=editor, page=draft, changes={"slug": "better"})

    text = site.get("/news/notice/").content.decode()
    assert site.get("/news/better/").status_code == 200
    assert "没有删除，搬到了别处。" in text
    assert 'href="/news/better/"' in text


def test_the_replacement_is_named_while_it_is_public(site, town, editor, article):
    notice = WithdrawalNotice("replaced", replaced_by_id=town.articles[0].pk)
    withdraw(town, editor, article, notice=notice)
    assert 'href="/news/a1/"' in site.get("/news/notice/").content.decode()

    withdraw(town, editor, town.articles[0])

    assert 'href="/news/a1/"' not in site.get("/news/notice/").content.decode()


def test_an_address_of_another_site_is_no_replacement(town, editor, article):
    stranger = make_tenant("stranger").articles[0]

    with pytest.raises(CrossTenantWrite):
        withdraw(
            town, editor, article, notice=WithdrawalNotice("replaced", replaced_by_id=stranger.pk)
        )

    with tenant_scope(town.tenant, editor):
        assert ArticlePage.objects.get(pk=article.pk).live
        assert not Tombstone.objects.exists()


def test_what_must_not_be_said_is_not_said_by_the_title(site, town, editor, article):
    withdraw(town, editor, article, notice=WithdrawalNotice("personal"))

    text = site.get("/news/notice/").content.decode()
    assert "关于开展示例工作的通知" not in text
    assert "第十五条" in text


def test_a_redirect_made_afterwards_is_followed(site, town, editor, article):
    withdraw(town, editor, article)
    with tenant_scope(town.tenant, editor):
        Redirect.objects.create(
            old_path="/news/notice", site=town.tenant.site, redirect_page=town.articles[0]
        )

    answer = site.get("/news/notice/")

    assert (answer.status_code, answer["Location"]) == (301, f"http://{town.host}:8000/news/a1/")


def test_a_private_page_leaves_no_notice(site, town, editor, article):
    with tenant_scope(town.tenant, editor):
        PageViewRestriction.objects.create(page=article, restriction_type="login")

    assert withdraw(town, editor, article) == []
    assert site.get("/news/notice/").status_code == 404


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (WithdrawalNotice("invented"), "从列表里选一个原因"),
        (WithdrawalNotice("other", explanation="  "), "说明为什么撤下"),
        (
            WithdrawalNotice("outdated", replaced_by_id=1, replacement_url="https://x.invalid/"),
            "不要都填",
        ),
    ],
)
def test_a_notice_that_says_too_little_is_refused(town, editor, article, notice, words):
    with pytest.raises(ValidationError, match=words):
        withdraw(town, editor, article, notice=notice)
    with tenant_scope(town.tenant, editor):
        assert ArticlePage.objects.get(pk=article.pk).live


def test_a_home_page_stays(town, editor):
    with pytest.raises(ValidationError, match="首页"):
        withdraw(town, editor, town.home)


def test_more_than_one_transaction_may_hold_is_refused(town, editor, monkeypatch):
    monkeypatch.setattr("cms_core.pages.withdrawal.MOST_AT_ONCE", 2)

    with pytest.raises(ValidationError, match="一次最多 2 页"):
        withdraw(town, editor, town.section)
    with tenant_scope(town.tenant, editor):
        assert ArticlePage.objects.filter(live=True).count() == 2


def test_without_a_reason_the_notice_is_plain(site, town, editor, article):
    """Wagtail's own way: an interface that knows no reasons."""
    with tenant_scope(town.tenant, editor):
        BasePage.objects.get(pk=article.pk).specific.unpublish()

    answer = site.get("/news/notice/")
    assert answer.status_code == 410
    assert "内容已经撤下。" in answer.content.decode()


def test_a_notice_can_be_said_better(site, town, editor, article):
    (stone,) = withdraw(town, editor, article)
    with tenant_scope(town.tenant, editor):
        change_notice(
            actor=editor,
            tombstone=stone,
            notice=WithdrawalNotice("replaced", replacement_url="https://www.example.invalid/x"),
        )
        with pytest.raises(ValidationError, match="不能代替自己"):
            change_notice(
                actor=editor,
                tombstone=stone,
                notice=WithdrawalNotice("replaced", replaced_by_id=article.pk),
            )

    text = site.get("/news/notice/").content.decode()
    assert 'href="https://www.example.invalid/x"' in text


def test_every_reason_says_something_to_the_public():
    for reason in reasons().values():
        assert reason.label
        assert reason.label_en
        assert reason.public or reason.asks_words
