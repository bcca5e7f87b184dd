"""Deleting moves a page into the bin; nothing there is served, found or counted; and it comes back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.actions.delete_page import DeletePageAction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ReferenceIndex, Revision

from cms_core.pages.models import (
    ArticlePage,
    BasePage,
    RecycleBinPage,
    RecycledPage,
    SectionPage,
    Tombstone,
)
from cms_core.pages.recycle_bin import purge_due, recycle_pages, restore_page
from cms_core.pages.services import bulk_create_articles, create_article, create_section
from cms_core.pages.tasks import purge_recycle_bin, purge_recycle_bins
from cms_core.pages.tree import tree_faults
from cms_core.resources.models import PublishedResource
from sites.audit.models import DomainEvent
from sites.tenancy.scope import tenant_scope, without_scope
from tests.cms_core.pages.conftest import article_row, section_row
from tests.tenants import make_tenant


class Visitor(Client):
    """A visitor of the site; no scope of the test reaches the request."""

    def get(self, path, **options):
        with without_scope():
            return super().get(path, **options)


@pytest.fixture
def site(town):
    return Visitor(headers={"host": town.host})


@pytest.fixture
def section(in_town, editor):
    """A section with a live article and a draft."""
    section = create_section(actor=editor, parent=in_town.section, row=section_row(0))
    create_article(actor=editor, parent=section, row=article_row(0))
    create_article(actor=editor, parent=section, row=article_row(0, slug="draft", live=False))
    return SectionPage.objects.get(pk=section.pk)


def fresh(page):
    return BasePage._base_manager.get(pk=page.pk)


def state() -> list[tuple]:
    """All rows of the site that a restore must bring back."""
    return list(
        BasePage._base_manager.filter(depth__gt=1)
        .exclude(pk__in=RecycleBinPage._base_manager.values("pk"))
        .order_by("path")
        .values_list(
            "pk", "path", "depth", "numchild", "url_path", "slug", "live", "has_unpublished_changes",
            "live_revision", "latest_revision", "title",
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "delete",
    [
        lambda page, user: page.delete(user=user),
        lambda page, user: page.specific.delete(user=user),
        lambda page, user: DeletePageAction(page, user=user).execute(skip_permission_checks=True),
        lambda page, user: recycle_pages(actor=user, pages=[page]),
    ],
)
def test_every_way_of_deleting_ends_in_the_bin(in_town, section, site, delete, monkeypatch):
    monkeypatch.setattr("wagtail.models.PagePermissionTester.can_delete", lambda *a, **k: True)
    page = fresh(section)

    delete(page, None)

    entry = RecycledPage.objects.get()
    assert entry.page_id == section.pk
    assert (entry.title, entry.former_place, entry.page_count) == (
        "通知公告",
        "town home › town section",
        3,
    )
    assert fresh(section).is_recycled
    assert fresh(section).url is None
    assert tree_faults() == []


def test_restoring_is_exact(in_town, editor, section, site):
    before = state()
    articles = list(PublishedResource.objects.current().values_list("source_uuid", "url"))

    (entry,) = recycle_pages(actor=editor, pages=[fresh(section)])
    assert tree_faults() == []
    assert state() != before
    restore_page(actor=editor, entry=entry)

    assert state() == before
    assert tree_faults() == []
    assert list(PublishedResource.objects.current().values_list("source_uuid", "url")) == articles
    assert not RecycledPage.objects.exists()
    assert not Tombstone.objects.in_force().exists()
    kinds = DomainEvent.objects.filter(subject_id=str(section.pk)).values_list("kind", flat=True)
    assert {"page_recycled", "page_restored"} <= set(kinds)


def test_nothing_in_the_bin_is_served_listed_or_found(town, editor, section, site):
    with tenant_scope(town.tenant, editor):
        recycle_pages(actor=editor, pages=[fresh(section)])
        holder = RecycleBinPage._base_manager.get()
        assert not ArticlePage.objects.filter(live=True, title__contains="示例").exists()
        assert not PublishedResource.objects.current().filter(title__contains="示例").exists()

    for path in (
        "/",
        "/news/",
        "/sitemap.xml",
        "/api/v2/pages/?search=示例",
        "/api/v2/pages/?fields=*",
        f"/api/v2/pages/{section.pk}/",
        f"/{holder.slug}/",
        f"/{holder.slug}/deleted-{section.pk}/notice/",
    ):
        answer = site.get(path)
        assert "示例工作" not in answer.content.decode(), path
        assert "通知公告" not in answer.content.decode(), path
    assert site.get("/news/notices/notice/").status_code == 410
    assert site.get("/news/notices/draft/").status_code == 404


def test_no_query_finds_what_is_in_the_bin(in_town, editor, section):
    recycle_pages(actor=editor, pages=[fresh(section)])

    assert not BasePage.objects.filter(pk=section.pk).exists()
    assert not ArticlePage.objects.filter(slug="notice").exists()
    assert not SectionPage.objects.search("通知公告")
    assert not RecycleBinPage.objects.exists()
    assert BasePage.get_first_root_node().get_descendants().filter(slug="draft").count() == 0


def test_the_bin_is_the_tenants_own(town, editor, section):
    with tenant_scope(town.tenant, editor):
        recycle_pages(actor=editor, pages=[fresh(section)])
    other = make_tenant("other")
    with tenant_scope(other.tenant, editor):
        assert not RecycledPage.objects.exists()
        assert not RecycleBinPage._base_manager.exists()
        recycle_pages(actor=editor, pages=[other.articles[0]])
        assert RecycleBinPage._base_manager.count() == RecycledPage.objects.count() == 1
        assert tree_faults() == []


def test_a_chosen_page_below_a_chosen_one_goes_with_it(in_town, editor, section):
    below = BasePage.objects.child_of(section).first()

    entries = recycle_pages(actor=editor, pages=[below, fresh(section)])

    assert [entry.page_id for entry in entries] == [section.pk]


def test_a_taken_slug_gets_a_number_and_the_old_address_leads_to_it(in_town, editor, site):
    first = create_article(actor=editor, parent=in_town.section, row=article_row(0))
    (entry,) = recycle_pages(actor=editor, pages=[fresh(first)])
    second = create_article(actor=editor, parent=fresh(in_town.section), row=article_row(0))
    restored = restore_page(actor=editor, entry=entry)

    assert (fresh(second).slug, restored.slug) == ("notice", "notice-2")
    assert site.get("/news/notice-2/").status_code == 200
    assert tree_faults() == []


def test_below_a_page_that_is_gone_it_asks_for_another_place(in_town, editor, section):
    article = BasePage.objects.get(slug="notice")
    (one,) = recycle_pages(actor=editor, pages=[article])
    recycle_pages(actor=editor, pages=[fresh(section)])

    with pytest.raises(ValidationError, match="上一级"):
        restore_page(actor=editor, entry=one)
    restored = restore_page(actor=editor, entry=one, parent=fresh(in_town.section))

    assert restored.url_path == "/town/news/notice/"
    assert restored.live
    assert tree_faults() == []


def test_it_cannot_be_restored_below_a_foreign_page(in_town, editor, section):
    stranger = make_tenant("stranger").section
    (entry,) = recycle_pages(actor=editor, pages=[fresh(section)])

    with pytest.raises(ValidationError):
        restore_page(actor=editor, entry=entry, parent=stranger)
    assert fresh(section).is_recycled


def test_a_restored_page_is_public_only_where_that_is_allowed(in_town, editor, section, site):
    (entry,) = recycle_pages(actor=editor, pages=[fresh(section)])

    restore_page(actor=editor, entry=entry, as_live=False)

    assert site.get("/news/notices/notice/").status_code == 410
    assert not PublishedResource.objects.current().filter(url="news/notices/notice/").exists()


def test_plans_are_kept_and_do_not_run_in_the_bin(in_town, editor, section):
    draft = ArticlePage.objects.get(slug="draft")
    draft.go_live_at = timezone.now() + timedelta(days=2)
    draft.save_revision(user=editor).publish(user=None)
    planned = Revision.page_revisions.get(approved_go_live_at__isnull=False)

    (entry,) = recycle_pages(actor=editor, pages=[fresh(section)])
    assert not Revision.page_revisions.filter(approved_go_live_at__isnull=False).exists()
    restore_page(actor=editor, entry=entry)

    again = Revision.page_revisions.get(approved_go_live_at__isnull=False)
    assert (again.pk, again.approved_go_live_at) == (planned.pk, planned.approved_go_live_at)


def test_a_redirect_to_it_says_where_it_went(in_town, editor, section, site):
    article = BasePage.objects.get(slug="notice")
    Redirect.objects.create(
        old_path="/2019/old.html", site=in_town.tenant.site, redirect_page=article
    )
    recycle_pages(actor=editor, pages=[article])

    assert site.get("/2019/old.html").status_code == 410
    assert site.get("/news/notices/notice/").status_code == 410


def test_purging_deletes_for_good_and_keeps_the_notice(town, editor, section, site):
    with tenant_scope(town.tenant, editor):
        (entry,) = recycle_pages(actor=editor, pages=[fresh(section)])
        keys = [section.pk, *section.get_descendants().values_list("pk", flat=True)]
        assert purge_due(today=entry.purge_on) == 0
        assert RecycledPage.objects.exists()

        assert purge_due(today=entry.purge_on + timedelta(days=1)) == 1

        assert not BasePage._base_manager.filter(pk__in=keys).exists()
        assert not BasePage._base_manager.filter(slug__in=("notice", "draft")).exists()
        assert not Revision.page_revisions.filter(object_id__in=map(str, keys)).exists()
        assert not ReferenceIndex.objects.filter(object_id__in=map(str, keys)).exists()
        assert tree_faults() == []
        assert DomainEvent.objects.filter(kind="page_purged").exists()
    assert site.get("/news/notices/notice/").status_code == 410


def test_a_home_page_is_not_deleted(in_town, editor):
    with pytest.raises(ValidationError, match="首页"):
        recycle_pages(actor=editor, pages=[in_town.home])


def test_queries_do_not_grow_with_pages(in_town, editor):
    rows = [article_row(in_town.section.pk, key=str(n), slug=f"n{n}") for n in range(60)]
    made = list(bulk_create_articles(actor=editor, rows=rows).values())
    recycle_pages(actor=editor, pages=[in_town.articles[0]])  # the bin is there
    with CaptureQueriesContext(connection) as few:
        recycle_pages(actor=editor, pages=made[:5])
    with CaptureQueriesContext(connection) as many:
        recycle_pages(actor=editor, pages=made[5:])

    assert len(many) <= len(few)
    assert tree_faults() == []


def test_the_scheduler_purges_each_tenant_in_its_own_scope(town, editor, section, monkeypatch):
    monkeypatch.setattr(
        purge_recycle_bin, "delay", lambda **sent: purge_recycle_bin.apply(kwargs=sent, throw=True)
    )
    others = [make_tenant(code) for code in ("one", "two")]
    for place in others:
        with tenant_scope(place.tenant, editor):
            recycle_pages(actor=editor, pages=[place.articles[0]])
    with tenant_scope(others[0].tenant, editor):
        RecycledPage.objects.update(purge_on=timezone.localdate() - timedelta(days=1))

    with without_scope():
        purge_recycle_bins.apply(throw=True)

    with tenant_scope(others[0].tenant):
        assert not RecycledPage.objects.exists()
        assert not ArticlePage.objects.filter(pk=others[0].articles[0].pk).exists()
    with tenant_scope(others[1].tenant):
        assert RecycledPage.objects.exists()
