"""Merging old sites in the administration: brought, looked through, begun, stopped, taken over, refused."""

import stat
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from cms_core.importer import merge, orders, services
from cms_core.importer.enums import OrderStatus, RunStatus
from cms_core.importer.models import DeadLink, ImportRun, MergeOrder
from cms_core.importer.tasks import sweep_orders
from cms_core.pages.models import ArticlePage
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.audit.models import DomainEvent
from sites.outbox import platform_runs
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.importer.order_steps import (
    PLACE,
    articles,
    brought,
    content_of,
    many,
    page,
    pressed,
    the_order,
    worked,
)
from tests.sites.accounts.people import member, platform_person, signed_in
from tests.tenants import TenantFixture

pytestmark = pytest.mark.usefixtures("own_folders")


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(services.import_site.__kwdefaults__, "batch_size", 5)


def test_from_the_file_to_the_report(operator, town, tmp_path, old_site):
    answer = brought(operator, "old.sql", content_of(old_site, tmp_path))
    assert answer.status_code == 302
    assert 'http-equiv="refresh"' in page(operator)

    looked = worked()
    text = page(operator)
    assert looked.status == OrderStatus.LOOKED
    assert articles(town.tenant) == 0
    assert 'http-equiv="refresh"' not in text
    entry = looked.sites[0]
    assert entry["tenant"] == "town"
    assert sum(entry["sizes"].values()) > 0
    site = operator.get(f"{PLACE}{looked.pk}/sites/town/").content.decode()
    assert site.count("<tr>") > 1

    pressed(operator, "begin")
    done = worked()
    assert done.status == OrderStatus.DONE
    assert done.done == done.total == articles(town.tenant) > 0
    assert done.sites[0]["counts"] == entry["counts"], "the dry run foresaw it"
    table = operator.get(f"{PLACE}{done.pk}/report.csv")
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert table.content.decode().count("town") == sum(done.sites[0]["sizes"].values())
    with system_scope("test"):
        kinds = list(DomainEvent.objects.filter(tenant=None).values_list("kind", flat=True))
    for kind in ("old_site_brought", "old_site_merge_begun", "old_site_merge_done"):
        assert kinds.count(kind) == 1
    with tenant_scope(town.tenant):
        merged = DomainEvent.objects.get(kind="old_site_merged")
    assert merged.actor_id == done.created_by_id
    # Once more writes nothing.
    assert pressed(operator, "begin").status_code == 200
    orders.work_off(done.pk)
    with system_scope("test"):
        assert ImportRun.objects.count() == 1


def test_personal_data_is_told_before_and_links_are_led_after(operator, town, tmp_path):
    dump = many(2)
    dump.article(
        30, 1, title="放假安排", body='<p>电话13800138000，见<a href="/s.php/gov1/item-view-id-1.shtml">前文</a>'
        '和<a href="/s.php/gov1/item-view-id-99.shtml">没有的</a></p>',
    )  # fmt: skip
    brought(operator, "old.sql", content_of(dump, tmp_path))
    looked = worked()

    assert looked.sites[0]["sizes"]["personal_data"] == 1
    text = page(operator)
    assert "1 篇要公开的文章里可能有手机号之类的个人信息" in text
    site = operator.get(f"{PLACE}{looked.pk}/sites/town/?list=personal_data").content.decode()
    assert "放假安排" in site
    assert "可能有：手机号" in site
    assert "13800138000" not in site

    pressed(operator, "begin")
    assert worked().status == OrderStatus.DONE
    assert "请马上逐篇核对" in page(operator)
    with tenant_scope(town.tenant):
        body = str(ArticlePage.objects.get(title="放假安排").body)
        assert "item-view-id-1.shtml" not in body
        assert DeadLink.objects.count() == 1, "the other one leads nowhere"


def test_each_site_of_a_dump_is_opened_where_it_is_missing(operator, tmp_path):
    both = many(2, "gov1").text() + many(3, "gov2", first=10).text()
    brought(
        operator, "group.sql", both.encode(), where="each", names="gov1,甲局\ngov2，乙局",
        host_pattern="{code}.old.localhost", code_prefix="cd-",
    )  # fmt: skip
    looked = worked()
    assert [entry["opened"] for entry in looked.sites] == [True, True]
    assert not Tenant.objects.filter(code__startswith="cd-").exists()

    pressed(operator, "begin")
    done = worked()

    assert done.status == OrderStatus.DONE, done.failure
    assert dict(Tenant.objects.filter(code__startswith="cd-").values_list("code", "name")) == {
        "cd-gov1": "甲局",
        "cd-gov2": "乙局",
    }
    text = page(operator)
    assert 'href="http://cd-gov1.old.localhost' in text
    assert done.done == 5


def test_a_killed_worker_is_followed_by_one_that_goes_on(
    operator, town, tmp_path, monkeypatch, small_batches
):
    brought(operator, "old.sql", content_of(many(), tmp_path))
    worked()
    pressed(operator, "begin")
    real = merge.PageWriter.write_articles
    batches = []

    def killed(self: Any, *given: Any) -> None:
        batches.append(1)
        if len(batches) == 2:
            raise SystemExit  # what a kill leaves behind is asserted below
        real(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(merge.PageWriter, "write_articles", killed)
        # A kill writes nothing more: the run stays as if alive.
        patch.setattr(services, "_close_failed", lambda *given: None)
        with pytest.raises(SystemExit):
            orders.work_off(the_order().pk)
    assert articles(town.tenant) == 5
    assert the_order().status == OrderStatus.MERGING
    assert orders.forgotten_orders() == []
    long_ago = timezone.now() - timedelta(minutes=3)
    with system_scope("test"):
        MergeOrder.objects.update(touched_at=long_ago)
        ImportRun.objects.update(touched_at=long_ago)

    sweep_orders()

    assert the_order().status == OrderStatus.DONE, the_order().failure
    assert articles(town.tenant) == 12
    with tenant_scope(town.tenant):
        assert ArticlePage.objects.filter(title__endswith="条新闻").count() == 12
        assert set(ImportRun.objects.values_list("status", flat=True)) == {
            RunStatus.FAILED,
            RunStatus.DONE,
        }


def test_stop_and_go_on(operator, town, tmp_path, monkeypatch, small_batches):
    monkeypatch.setattr(orders, "_NOTED_EVERY", 0)
    brought(operator, "old.sql", content_of(many(), tmp_path))
    worked()
    pressed(operator, "begin")
    real = merge.PageWriter.write_articles

    def stopping(self: Any, *given: Any) -> None:
        real(self, *given)
        with system_scope("test"):
            MergeOrder.objects.update(stop_asked=True)

    with monkeypatch.context() as patch:
        patch.setattr(merge.PageWriter, "write_articles", stopping)
        stopped = worked()
    assert stopped.status == OrderStatus.STOPPED
    assert articles(town.tenant) == 5
    assert 'value="5" max="12"' in page(operator)

    pressed(operator, "begin")
    assert worked().status == OrderStatus.DONE
    assert articles(town.tenant) == 12


def test_what_nobody_took_yet_stops_at_once(operator, town, tmp_path):
    brought(operator, "old.sql", content_of(many(2), tmp_path))

    pressed(operator, "stop")

    assert the_order().status == OrderStatus.STOPPED
    assert worked().status == OrderStatus.STOPPED
    pressed(operator, "begin")
    assert worked().status == OrderStatus.LOOKED


def test_two_at_once_into_one_site_are_refused_in_words(operator, town, tmp_path):
    content = content_of(many(2), tmp_path)
    brought(operator, "first.sql", content)
    first = worked()
    brought(operator, "second.sql", content)
    second = worked()
    pressed(operator, "begin", first)

    answer = pressed(operator, "begin", second)

    assert "first.sql" in answer.content.decode()
    assert the_order().status == OrderStatus.LOOKED
    orders.work_off(first.pk)
    with tenant_scope(town.tenant):
        ImportRun.objects.update(status=RunStatus.RUNNING, touched_at=timezone.now())
    answer = pressed(operator, "begin", second)
    assert "gov8:gov1" in answer.content.decode()
    with tenant_scope(town.tenant):
        ImportRun.objects.update(status=RunStatus.DONE)
    pressed(operator, "begin", second)
    assert worked().status == OrderStatus.DONE


def test_an_import_that_slipped_in_interrupts_and_goes_on_later(operator, town, tmp_path):
    brought(operator, "old.sql", content_of(many(2), tmp_path))
    worked()
    pressed(operator, "begin")
    with tenant_scope(town.tenant):
        now = timezone.now()
        other = ImportRun.objects.create(
            source_name="other", source_digest="x", started_at=now, touched_at=now
        )

    interrupted = worked()

    assert interrupted.status == OrderStatus.INTERRUPTED
    assert "other" in interrupted.failure
    with tenant_scope(town.tenant):
        ImportRun.objects.filter(pk=other.pk).update(status=RunStatus.DONE)
    pressed(operator, "begin")
    assert worked().status == OrderStatus.DONE


def test_what_was_brought_is_the_platforms_alone(operator, town, tmp_path, settings):
    brought(operator, "old.sql", content_of(many(2), tmp_path))
    folder = next(settings.OLD_SITES_KEPT.iterdir())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    administrator = member(town.tenant, RoleCode.SITE_ADMINISTRATOR)
    stranger = signed_in(administrator)
    pk = the_order().pk

    for path in ("", "new/", f"{pk}/", f"{pk}/report.csv", f"{pk}/sites/town/"):
        assert stranger.get(f"{PLACE}{path}").status_code == 403
    assert pressed(stranger, "begin").status_code == 403
    with tenant_scope(town.tenant, administrator):
        assert not MergeOrder.objects.exists()


@pytest.mark.parametrize("role", ["SECURITY_ADMINISTRATOR", "AUDITOR"])
def test_other_platform_roles_read_the_counts(operator, town, tmp_path, old_site, role):
    brought(operator, "old.sql", content_of(old_site, tmp_path))
    order = worked()
    reader = signed_in(platform_person(PlatformRoleCode[role]))

    assert reader.get(PLACE).status_code == 200
    assert "<form" not in page(reader).partition('id="state"')[2]
    for path in ("new/", f"{order.pk}/report.csv", f"{order.pk}/sites/town/"):
        assert reader.get(f"{PLACE}{path}").status_code == 403
    for button in ("begin", "stop", "discard"):
        assert pressed(reader, button).status_code == 403
    assert the_order().status == OrderStatus.LOOKED


def test_old_orders_are_forgotten_with_their_files(
    operator, town: TenantFixture, tmp_path, settings
):
    brought(operator, "old.sql", content_of(many(2), tmp_path))
    worked()
    old = the_order()
    with system_scope("test"):
        MergeOrder.objects.update(touched_at=timezone.now() - timedelta(days=91))

    brought(operator, "new.sql", content_of(many(2), tmp_path))

    with system_scope("test"):
        assert not MergeOrder.objects.filter(pk=old.pk).exists()
    assert not (settings.OLD_SITES_KEPT / old.folder).exists()
    assert (settings.OLD_SITES_KEPT / the_order().folder).exists()


def test_an_order_is_removed_with_its_file_and_leaves_what_was_merged(
    operator, town, tmp_path, settings, django_capture_on_commit_callbacks
):
    brought(operator, "old.sql", content_of(many(2), tmp_path))
    order = the_order()
    pressed(operator, "discard")
    assert the_order() == order, "a worker is at it"
    worked()
    pressed(operator, "begin")
    worked()

    with django_capture_on_commit_callbacks(execute=True):
        pressed(operator, "discard")

    with system_scope("test"):
        assert not MergeOrder.objects.exists()
        assert DomainEvent.objects.filter(kind="old_site_discarded", tenant=None).count() == 1
    assert not list(settings.OLD_SITES_KEPT.glob("*"))
    assert articles(town.tenant) == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_silent_for_long_gives_signs_of_life(monkeypatch):
    monkeypatch.setattr(platform_runs, "BEAT", timedelta(seconds=0.02))
    token, old = uuid4(), timezone.now() - timedelta(minutes=1)
    with system_scope("test"):
        order = MergeOrder.objects.create(folder="x", token=token, touched_at=old)
    runs = platform_runs.PlatformRuns(MergeOrder, orders.RUNNING)

    with platform_runs.SignsOfLife(runs, order.pk, token):
        until = time.monotonic() + 20
        while the_order().touched_at == old and time.monotonic() < until:
            time.sleep(0.05)

    assert the_order().touched_at > old
