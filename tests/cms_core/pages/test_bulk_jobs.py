"""Changes of more pages than a request takes: done by the worker, as the person who asked for them."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry

from cms_core.pages import bulk_jobs
from cms_core.pages.models import BasePage, BulkChange, BulkChangeItem, RecycledPage, Tombstone
from cms_core.pages.rows import SectionRow
from cms_core.pages.services import bulk_create_articles, create_section
from cms_core.pages.tree import tree_faults
from sites.accounts.enums import RoleCode
from sites.accounts.models import Membership
from sites.audit.models import DomainEvent
from sites.outbox.enums import JobStatus
from sites.outbox.jobs import run_job
from sites.outbox.models import Job
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.scope import opening_scope, tenant_scope
from tests.cms_core.pages.conftest import article_row
from tests.sites.accounts.people import house, member, signed_in


@pytest.fixture
def here(db):
    cache.clear()
    yield house("alpha")
    cache.clear()


@pytest.fixture
def person(here):
    return member(here.tenant, RoleCode.SITE_ADMINISTRATOR)


@pytest.fixture
def chief(person):
    return signed_in(person)


@pytest.fixture
def few(monkeypatch):
    """The same with smaller numbers: three pages in a request, two or four in a step."""
    monkeypatch.setattr("cms_core.pages.bulk_actions.MOST_IN_REQUEST", 3)
    steps = {action: 2 if action == "publish" else 4 for action in bulk_jobs.WHY_NOT}
    monkeypatch.setattr(bulk_jobs, "_AT_ONCE", steps)


def words(answer):
    return answer.content.decode()


def many(here, count, *, live=True, prefix="n"):
    rows = [
        article_row(here.section.pk, key=str(n), slug=f"{prefix}{n}", title=f"稿件{n}", live=live)
        for n in range(count)
    ]
    with tenant_scope(here.tenant):
        return list(bulk_create_articles(actor=None, rows=rows).values())


def order(client, here, action, pages, sent=None):
    ids = (
        f"id=all&childOf={pages}"
        if isinstance(pages, int)
        else "&".join(f"id={page.pk}" for page in pages)
    )
    path = f"/t/{here.tenant.code}/bulk/cms_core_pages/basepage/{action}/?{ids}&next=/t/alpha/"
    shown = client.get(path)
    return shown, client.post(path, sent or {}, follow=True)


def work(here):
    """What the worker does with the open jobs of the site; their states afterwards."""
    found = []
    with tenant_scope(here.tenant):
        while job := Job.objects.due().filter(kind=bulk_jobs.JOB_KIND).order_by("pk").first():
            found.append(run_job(job_id=job.pk))
    return found


def states(here):
    with tenant_scope(here.tenant):
        return list(BulkChangeItem.objects.order_by("pk").values_list("title", "state", "reason"))


def screen(here, client):
    with tenant_scope(here.tenant):
        change = BulkChange.objects.get()
    return words(client.get(f"/t/{here.tenant.code}/bulk-changes/{change.pk}/"))


@pytest.mark.slow
def test_five_hundred_pages(here, chief):
    many(here, 500, live=False)
    shown, answer = order(chief, here, "publish", here.section.pk)

    assert "超过 100 页" in words(shown)
    assert "500 页正在后台" in words(answer)
    assert set(work(here)) == {JobStatus.DONE}
    with tenant_scope(here.tenant):
        assert BasePage.objects.filter(live=True, slug__startswith="n").count() == 501
    assert "502 / 502" in screen(here, chief)


def test_drafts_are_published_by_the_worker(here, chief, person, few):
    many(here, 5, live=False)
    shown, answer = order(chief, here, "publish", here.section.pk)
    assert "会在后台" in words(shown)
    assert "5 页正在后台" in words(answer)
    assert "看进度" in words(answer)
    assert Client(headers={"host": here.host}).get("/news/n4/").status_code == 404
    running = screen(here, chief)
    assert "2 / 7" in running  # two were public already: named at once, with the reason
    assert "<progress" in running
    assert "再看一次" in running

    assert work(here) == [JobStatus.DONE]
    assert Client(headers={"host": here.host}).get("/news/n4/").status_code == 200
    done = screen(here, chief)
    assert "7 / 7" in done
    assert "做成 5 页" in done
    assert "已经公开" in done or "没有改动" in done
    assert "再看一次" not in done
    assert "批量操作" in words(chief.get(f"/t/{here.tenant.code}/"))
    with tenant_scope(here.tenant):
        assert set(
            PageLogEntry.objects.filter(action="wagtail.publish", page__slug__startswith="n")
            .exclude(page__slug="news")
            .values_list("user_id", flat=True)
        ) == {person.pk}
        started = DomainEvent.objects.get(kind="bulk_change_started")
        assert (started.actor_id, started.data) == (person.pk, {"action": "publish", "pages": 5})


def test_withdrawing_deleting_and_moving(here, chief, few):
    made = many(here, 6)
    with tenant_scope(here.tenant):
        home = BasePage.objects.get(pk=here.home.pk)
        target = create_section(
            actor=None, parent=home, row=SectionRow(key="t", title="新", slug="neu")
        )
        parent = create_section(
            actor=None, parent=home, row=SectionRow(key="p", title="旧", slug="alt")
        )
        below = bulk_create_articles(
            actor=None, rows=[article_row(parent.pk, key="b", slug="below")]
        )["b"]

    order(chief, here, "move", [*made, parent, below], {"chooser": target.pk})
    assert work(here) == [JobStatus.DONE]
    with tenant_scope(here.tenant):
        moved = BasePage.objects.get(pk=target.pk).get_children()
        assert {page.slug for page in moved} == {"alt", *(f"n{n}" for n in range(6))}
        assert tree_faults() == []
    assert Client(headers={"host": here.host}).get("/news/n5/").status_code == 301

    order(chief, here, "unpublish", made, {"reason": "wrong", "explanation": "数字错了。"})
    assert work(here) == [JobStatus.DONE]
    assert "数字错了。" in words(Client(headers={"host": here.host}).get("/neu/n5/"))
    with tenant_scope(here.tenant):
        assert Tombstone.objects.in_force().count() == 6

    order(chief, here, "delete", [*made, parent, below], {"reason": "deleted"})
    assert work(here) == [JobStatus.DONE]
    with tenant_scope(here.tenant):
        assert RecycledPage.objects.count() == 7
        assert not BasePage.objects.filter(pk=below.pk).exists()
        assert tree_faults() == []


def test_one_that_cannot_move_says_why_and_the_others_move(here, chief, few):
    made = many(here, 5)
    with tenant_scope(here.tenant):
        home = BasePage.objects.get(pk=here.home.pk)
        target = create_section(
            actor=None, parent=home, row=SectionRow(key="t", title="新", slug="neu")
        )
        bulk_create_articles(actor=None, rows=[article_row(target.pk, key="x", slug="n1")])
    order(chief, here, "move", made, {"chooser": target.pk})
    work(here)

    refused = [(title, reason) for title, state, reason in states(here) if state == "refused"]
    assert [title for title, _reason in refused] == ["稿件1"]
    assert "已经有同样网址" in refused[0][1]
    assert refused[0][1] in screen(here, chief)
    with tenant_scope(here.tenant):
        assert BasePage.objects.get(pk=target.pk).get_children().count() == 5


def test_a_right_lost_meanwhile_ends_the_change(here, chief, person, few, monkeypatch):
    many(here, 6, live=False)
    order(chief, here, "publish", here.section.pk)
    serve = bulk_jobs._serve

    def lose_after_the_first_step(*arguments):
        serve(*arguments)
        with opening_scope(here.tenant):
            Membership.objects.filter(user_id=person.pk).delete()

    monkeypatch.setattr(bulk_jobs, "_serve", lose_after_the_first_step)
    assert work(here) == [JobStatus.DONE]

    found = states(here)
    assert [state for _title, state, _reason in found[:6]] == ["done"] * 2 + ["refused"] * 4
    assert found[5][2] == "您没有在这里发布和撤稿的权限。"
    with tenant_scope(here.tenant):
        assert BasePage.objects.filter(live=True, title__startswith="稿件").count() == 2


def test_a_killed_worker_is_followed_without_doubling(here, chief, few, monkeypatch):
    many(here, 6, live=False)
    order(chief, here, "publish", here.section.pk)
    serve = bulk_jobs._serve
    steps = []

    def dies_in_the_second_step(*arguments):
        serve(*arguments)
        steps.append(1)
        if len(steps) == 2:
            raise KeyboardInterrupt  # as a process ends: nothing after this is noted

    monkeypatch.setattr(bulk_jobs, "_serve", dies_in_the_second_step)
    with pytest.raises(KeyboardInterrupt):
        work(here)
    with tenant_scope(here.tenant):
        assert BasePage.objects.filter(live=True, title__startswith="稿件").count() == 2
        assert Job.objects.get(kind=bulk_jobs.JOB_KIND).status == JobStatus.RUNNING
        Job.objects.update(available_at=timezone.now())  # the lease of the dead ran out

    assert work(here) == [JobStatus.DONE]
    with tenant_scope(here.tenant):
        entries = PageLogEntry.objects.filter(action="wagtail.publish", label__startswith="稿件")
        assert sorted(entries.values_list("label", flat=True)) == [f"稿件{n}" for n in range(6)]


def test_the_rest_waits_behind_others_after_a_stretch(here, chief, few, monkeypatch):
    many(here, 6, live=False)
    order(chief, here, "publish", here.section.pk)
    moments = iter(range(0, 1000, 6))
    monkeypatch.setattr(bulk_jobs.time, "monotonic", lambda: next(moments))

    assert work(here) == [JobStatus.DONE] * 3
    assert [state for _t, state, _r in states(here)].count("done") == 6


def test_a_mistake_of_the_platform_keeps_no_other_page_back(here, chief, few, monkeypatch):
    many(here, 4, live=False)
    order(chief, here, "publish", here.section.pk)
    serve = bulk_jobs._serve

    def fails_on_one(change, user, pages):
        serve(change, user, pages)
        if any(page.title == "稿件2" for page in pages):
            raise RuntimeError("broken block")

    monkeypatch.setattr(bulk_jobs, "_serve", fails_on_one)
    assert work(here) == [JobStatus.DONE]
    found = {title: (state, reason) for title, state, reason in states(here)}
    assert found["稿件2"][0] == "refused"
    assert "日志" in found["稿件2"][1]
    assert found["稿件3"][0] == "done"


def test_stopping_and_going_on(here, chief, few):
    many(here, 6, live=False)
    order(chief, here, "publish", here.section.pk)
    with tenant_scope(here.tenant):
        change = BulkChange.objects.get()
        Job.objects.update(status=JobStatus.FAILED)
    path = f"/t/{here.tenant.code}/bulk-changes/{change.pk}/"
    assert "重新处理剩下的" in words(chief.get(path))
    chief.post(path, {"again": ""})
    assert "再看一次" in words(chief.get(path))

    assert "6 页保持不变" in words(chief.post(path, {"stop": ""}, follow=True))
    assert work(here) == [JobStatus.DONE]
    with tenant_scope(here.tenant):
        assert not BasePage.objects.filter(live=True, title__startswith="稿件").exists()


def test_whose_order_it_is_not_and_another_site(here, chief, few):
    many(here, 4, live=False)
    order(chief, here, "publish", here.section.pk)
    there = house("beta")
    with tenant_scope(here.tenant):
        change = BulkChange.objects.get()
    other = signed_in(member(here.tenant, RoleCode.EDITOR))
    stranger = signed_in(member(there.tenant, RoleCode.SITE_ADMINISTRATOR))

    for client, code, expected in ((other, "alpha", (302, 403)), (stranger, "beta", (404,))):
        path = f"/t/{code}/bulk-changes/{change.pk}/"
        assert client.get(path).status_code in expected
        assert client.post(path, {"stop": ""}).status_code in expected
    assert [state for _t, state, _r in states(here)].count("waiting") == 4


def test_foreign_pages_are_refused(here, person, few):
    there = house("beta")
    with tenant_scope(here.tenant, person):
        with pytest.raises(CrossTenantWrite):
            bulk_jobs.start_change(actor=person, action="publish", pages=there.articles)
        change = bulk_jobs.start_change(actor=person, action="publish", pages=[here.articles[0]])
        with pytest.raises(CrossTenantWrite):
            BulkChangeItem.objects.create(change=change, page=there.articles[0], title="x")
    with tenant_scope(there.tenant):
        bulk_jobs.carry_on(
            change_id=change.pk, checkpoint=lambda: None
        )  # not there: nothing happens
        assert not BulkChange.objects.exists()
    assert [state for _t, state, _r in states(here)] == ["waiting"]


def test_more_than_an_order_may_hold(here, chief, monkeypatch):
    monkeypatch.setattr("cms_core.pages.bulk_actions.MOST_IN_A_JOB", 3)
    many(here, 4)
    shown, answer = order(chief, here, "unpublish", here.section.pk, {"reason": "wrong"})

    assert shown.status_code == 302
    assert "一次最多处理" in words(answer)
