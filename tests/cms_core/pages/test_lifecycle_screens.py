"""The screens of withdrawal, deletion and the plan, as their people use them."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms_core.pages.lifecycle_selectors import plans
from cms_core.pages.models import BasePage, RecycledPage, Tombstone
from cms_core.pages.recycle_bin import recycle_pages
from cms_core.pages.services import bulk_create_articles, create_article
from cms_core.pages.tree import tree_faults
from sites.accounts.enums import RoleCode
from sites.tenancy.scope import tenant_scope
from tests.cms_core.pages.conftest import article_row, section_row
from tests.sites.accounts.people import house, member, signed_in


@pytest.fixture
def here(db):
    cache.clear()
    yield house("alpha")
    cache.clear()


@pytest.fixture
def chief(here):
    return signed_in(member(here.tenant, RoleCode.SITE_ADMINISTRATOR))


@pytest.fixture
def article(here):
    with tenant_scope(here.tenant):
        return create_article(actor=None, parent=here.section, row=article_row(0))


def at(here, path):
    return f"/t/{here.tenant.code}/{path}"


def public(here, path):
    return Client(headers={"host": here.host}).get(path)


def words(answer):
    return answer.content.decode()


def test_unpublishing_asks_why(here, chief, article):
    path = at(here, f"pages/{article.pk}/unpublish/")

    page = chief.get(path)
    assert "为什么撤下" in words(page)
    assert "内容已经过期" in words(page)
    refused = chief.post(path, {"explanation": "写了的话还在"})
    assert refused.status_code == 200
    assert "写了的话还在" in words(refused)
    assert public(here, "/news/notice/").status_code == 200
    answer = chief.post(path, {"reason": "wrong", "explanation": "数字写错了。"}, follow=True)

    assert "撤下了 1 页" in words(answer)
    assert "数字写错了。" in words(public(here, "/news/notice/"))


def test_the_notice_is_listed_and_can_be_changed(here, chief, article):
    chief.post(at(here, f"pages/{article.pk}/unpublish/"), {"reason": "wrong"})
    with tenant_scope(here.tenant):
        stone = Tombstone.objects.get()

    assert "内容有错误" in words(chief.get(at(here, "withdrawals/")))
    form = at(here, f"withdrawals/{stone.pk}/")
    assert "要告诉读者什么" in words(chief.get(form))
    answer = chief.post(form, {"reason": "replaced", "replaced_by": here.articles[0].pk})

    assert answer.status_code == 302
    assert 'href="/news/a1/"' in words(public(here, "/news/notice/"))


def test_deleting_and_restoring_are_one_press_each(here, chief, article):
    path = at(here, f"pages/{article.pk}/delete/")
    assert "回收站" in words(chief.get(path))

    deleted = chief.post(path, {"reason": "deleted"}, follow=True)
    assert "回收站" in words(deleted)
    assert public(here, "/news/notice/").status_code == 410
    with tenant_scope(here.tenant):
        entry = RecycledPage.objects.get()
    assert "关于开展示例工作的通知" in words(chief.get(at(here, "recycle-bin/")))
    for listing in (f"pages/{here.section.pk}/", "pages/search/?q=示例", "api/main/pages/"):
        assert "示例工作" not in words(chief.get(at(here, listing))), listing

    restored = chief.post(at(here, f"recycle-bin/{entry.pk}/restore/"), follow=True)
    assert "已经恢复到" in words(restored)
    assert public(here, "/news/notice/").status_code == 200


def test_both_interfaces_delete_into_the_bin(here, chief, article):
    answer = chief.post(
        at(here, f"api/main/pages/{article.pk}/action/delete/"), content_type="application/json"
    )
    assert answer.status_code in (200, 204), words(answer)
    with tenant_scope(here.tenant):
        assert RecycledPage.objects.get().page_id == article.pk


def test_whose_section_it_is_not_sees_and_restores_nothing(here, article):
    with tenant_scope(here.tenant):
        (entry,) = recycle_pages(actor=None, pages=[article])
        other = bulk_other_section(here)
    wang = signed_in(member(here.tenant, RoleCode.EDITOR, name="Wang", sections=[other]))

    assert "示例工作" not in words(wang.get(at(here, "recycle-bin/")))
    assert wang.post(at(here, f"recycle-bin/{entry.pk}/restore/")).status_code in (302, 403)
    assert wang.post(at(here, f"recycle-bin/{entry.pk}/purge/")).status_code in (302, 403)
    with tenant_scope(here.tenant):
        assert RecycledPage.objects.filter(pk=entry.pk).exists()


def bulk_other_section(here):
    from cms_core.pages.services import create_section

    return create_section(
        actor=None, parent=BasePage.objects.get(pk=here.home.pk), row=section_row(0)
    )


def test_another_sites_notice_and_deletion_are_not_there(here, chief):
    there = house("beta")
    with tenant_scope(there.tenant):
        (entry,) = recycle_pages(actor=None, pages=[there.articles[0]])
        stone = Tombstone.objects.get()

    for path in (
        f"withdrawals/{stone.pk}/",
        f"recycle-bin/{entry.pk}/restore/",
        f"recycle-bin/{entry.pk}/purge/",
        f"pages/{there.articles[1].pk}/unpublish/",
        f"pages/{there.articles[1].pk}/delete/",
    ):
        assert chief.get(at(here, path)).status_code == 404, path
        assert chief.post(at(here, path), {"reason": "wrong"}).status_code == 404, path


def many(here, count, **values):
    rows = [
        article_row(here.section.pk, key=str(n), slug=f"n{n}", title=f"稿件{n}", **values)
        for n in range(count)
    ]
    return list(bulk_create_articles(actor=None, rows=rows).values())


def bulk(here, action, pages, **query):
    ids = "&".join(f"id={page.pk}" for page in pages)
    return at(here, f"bulk/cms_core_pages/basepage/{action}/?{ids}&next=/t/alpha/")


@pytest.mark.parametrize(
    ("action", "sent"),
    [
        ("unpublish", {"reason": "outdated"}),
        ("delete", {"reason": "outdated"}),
        ("move", {}),
    ],
)
def test_bulk_changes_cost_the_same_for_few_and_many(here, chief, action, sent):
    with tenant_scope(here.tenant):
        made = many(here, 45)
        target = bulk_other_section(here)
    if action == "move":
        sent = {"chooser": target.pk}
    counts = []
    for pages in (made[:2], made[2:5], made[5:]):
        with CaptureQueriesContext(connection) as shown:
            assert chief.get(bulk(here, action, pages)).status_code == 200
        with CaptureQueriesContext(connection) as done:
            answer = chief.post(bulk(here, action, pages), sent)
        assert answer.status_code == 302, words(answer)
        counts.append((len(shown), len(done)))
    with tenant_scope(here.tenant):
        assert tree_faults() == []

    # The first found nothing cached, and made the bin.
    assert counts[2][0] <= counts[1][0] + 3
    assert counts[2][1] <= counts[1][1] + 3


def test_a_report_names_what_was_left_and_why(here, chief):
    with tenant_scope(here.tenant):
        (live,) = many(here, 1)
        draft = create_article(
            actor=None, parent=here.section, row=article_row(0, title="草稿甲", live=False)
        )

    shown = words(chief.get(bulk(here, "unpublish", [live, draft])))
    assert "草稿甲: 它没有公开" in shown
    said = words(
        chief.post(bulk(here, "unpublish", [live, draft]), {"reason": "outdated"}, follow=True)
    )
    assert "撤下了 1 页" in said
    assert "草稿甲：它没有公开" in said


def test_moved_pages_are_found_at_their_old_addresses(here, chief):
    with tenant_scope(here.tenant):
        made = many(here, 2)
        target = bulk_other_section(here)
    chief.post(bulk(here, "move", made), {"chooser": target.pk})

    assert public(here, "/notices/n0/").status_code == 200
    answer = public(here, "/news/n0/")
    assert (answer.status_code, answer["Location"].endswith("/notices/n0/")) == (301, True)


def test_a_taken_slug_stops_the_whole_move(here, chief):
    with tenant_scope(here.tenant):
        made = many(here, 2)
        target = bulk_other_section(here)
        create_article(actor=None, parent=target, row=article_row(0, slug="n1"))
    answer = chief.post(bulk(here, "move", made), {"chooser": target.pk})

    assert "什么都没有改动" in words(answer)
    assert public(here, "/news/n0/").status_code == 200


def test_drafts_are_published_together(here, chief):
    with tenant_scope(here.tenant):
        drafts = many(here, 3, live=False)
    answer = chief.post(bulk(here, "publish", drafts), {}, follow=True)

    assert "发布了 3 页" in words(answer)
    assert public(here, "/news/n2/").status_code == 200


def test_the_plan_is_listed_in_order(here, chief):
    assert "没有定时发布" in words(chief.get(at(here, "planned/")))

    now = timezone.now()
    with tenant_scope(here.tenant):
        later, leaving, first = many(here, 3)
        for page, days in ((later, 3), (first, 1)):
            page.go_live_at = now + timedelta(days=days)
            page.save_revision().publish()
        BasePage.objects.filter(pk=leaving.pk).update(expire_at=now + timedelta(days=2))
        assert [(plan.page_id, plan.is_takedown) for plan in plans()] == [
            (first.pk, False),
            (leaving.pk, True),
            (later.pk, False),
        ]
        assert [plan.page_id for plan in plans(Q(pk__in=[later.pk, leaving.pk]), limit=1)] == [
            leaving.pk
        ]

    html = words(chief.get(at(here, "planned/")))
    places = [html.index(page.title) for page in (first, leaving, later)]
    assert places == sorted(places)
    handler = signed_in(member(here.tenant, RoleCode.LETTER_HANDLER))
    assert later.title not in words(handler.get(at(here, "planned/")))


def test_the_third_interface_deletes_into_the_bin(here, article, settings):
    from wagtail.actions.registry import action_registry

    action = action_registry.get_action_class(BasePage, "delete")
    with tenant_scope(here.tenant):
        action(BasePage.objects.get(pk=article.pk), user=None).execute(skip_permission_checks=True)
        assert RecycledPage.objects.get().page_id == article.pk
