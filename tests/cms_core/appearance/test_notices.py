"""Mourning and the emergency bar: two persons, seconds, an end by the clock, and no other site."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cms_core.appearance.enums import NoticeKind
from cms_core.appearance.models import PlatformNotice, SiteNotice
from cms_core.appearance.notices import (
    NoticeRow,
    confirm_platform_notice,
    confirm_site_notice,
    lift_platform_notice,
    lift_site_notice,
    propose_platform_notice,
    propose_site_notice,
)
from cms_core.appearance.selectors import NOTICE_SECONDS
from sites.accounts.enums import PlatformRoleCode, RoleCode
from sites.accounts.platform_services import start_break_glass
from sites.audit.models import DomainEvent
from sites.tenancy.exceptions import CrossTenantWrite
from sites.tenancy.scope import system_scope, tenant_scope
from tests.sites.accounts import people

HEADLINE = '暴雨红色预警："停课"\\停工</style>;}'
SHOWN = ".alarm.alarm{display:block}"
#: A declaration that only the rules of mourning make.
GREY = "--mourning:1"


def bar(**values) -> NoticeRow:
    given = {
        "kind": NoticeKind.EMERGENCY,
        "headline": HEADLINE,
        "text": "请勿外出。\n有险情请打 12345。",
        "reason": "市应急局电话通知",
        "ends_at": timezone.now() + timedelta(hours=2),
    }
    return NoticeRow(**given | values)


def mourning(**values) -> NoticeRow:
    return bar(kind=NoticeKind.MOURNING, headline="", text="", **values)


def sheet(site) -> str:
    """What a visitor's browser is told, once the seconds of the cache are over."""
    answer = Client(headers={"host": site.host}).get("/modes.css")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    return answer.content.decode()


def test_two_operators_switch_both_on_all_sites_within_seconds(alpha, beta, operators):
    one, two = operators
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert SHOWN not in sheet(alpha) + sheet(beta)
        pages = [Client(headers={"host": site.host}).get("/").content for site in (alpha, beta)]
        for row in (bar(), mourning()):
            notice = propose_platform_notice(actor=one, row=row, tenants=None)
            with pytest.raises(PermissionDenied):
                confirm_platform_notice(actor=one, notice=notice)
            clock.shift(NOTICE_SECONDS + 1)
            assert GREY not in sheet(alpha) + sheet(beta)
            confirm_platform_notice(actor=two, notice=notice)
        clock.shift(NOTICE_SECONDS + 1)
        cache.clear()  # memory of the tests' process is dated by the real clock
        for site in (alpha, beta):
            assert SHOWN in sheet(site)
            assert GREY in sheet(site)
            text = Client(headers={"host": site.host}).get("/emergency/").content.decode()
            assert "停课" in text
            assert "有险情请打 12345。" in text
        # No page was made anew for it.
        assert pages == [
            Client(headers={"host": site.host}).get("/").content for site in (alpha, beta)
        ]

        clock.shift(timedelta(hours=2))  # nobody does anything
        for site in (alpha, beta):
            assert sheet(site) == ""
            answer = Client(headers={"host": site.host}).get("/emergency/")
            assert "现在没有紧急通知" in answer.content.decode()
            assert answer.headers["Cache-Control"] == "no-store"


def test_some_sites_only_and_lifting_by_one_person(alpha, beta, operators):
    one, two = operators
    notice = propose_platform_notice(actor=one, row=bar(), tenants=[beta.tenant])
    confirm_platform_notice(actor=two, notice=notice)
    cache.clear()
    assert SHOWN not in sheet(alpha)
    assert SHOWN in sheet(beta)
    with pytest.raises(ValidationError):
        lift_platform_notice(actor=one, notice=notice, reason=" ")
    lift_platform_notice(actor=one, notice=notice, reason="预警解除")
    cache.clear()
    assert sheet(beta) == ""
    with pytest.raises(ValidationError):
        lift_platform_notice(actor=two, notice=notice, reason="again")
    with system_scope("test"):
        events = DomainEvent.objects.filter(kind__startswith="notice.").order_by("pk")
        assert [(row.kind, row.actor_id, row.tenant_id) for row in events] == [
            ("notice.proposed", one.pk, None),
            ("notice.confirmed", two.pk, None),
            ("notice.lifted", one.pk, None),
        ]
        assert events[0].data["tenants"] == ["beta"]


def test_a_planned_notice_begins_and_ends_by_the_clock(alpha, operators):
    one, two = operators
    now = timezone.now()
    row = mourning(starts_at=now + timedelta(hours=1))
    confirm_platform_notice(
        actor=two, notice=propose_platform_notice(actor=one, row=row, tenants=None)
    )
    for hours, is_grey in ((0, False), (1, True), (1.99, True), (2, False)):
        with time_machine.travel(now + timedelta(hours=hours, seconds=0.1), tick=False):
            assert (GREY in sheet(alpha)) is is_grey, hours


def test_a_sites_own_bar_is_seen_on_no_other_site(alpha, beta, administrator, second):
    with tenant_scope(alpha.tenant, administrator):
        notice = propose_site_notice(actor=administrator, row=bar())
        with pytest.raises(PermissionDenied):
            confirm_site_notice(actor=administrator, notice=notice)
    with tenant_scope(alpha.tenant, second):
        confirm_site_notice(actor=second, notice=notice)
    cache.clear()
    assert SHOWN in sheet(alpha)
    assert sheet(beta) == ""
    theirs = Client(headers={"host": beta.host}).get("/emergency/").content.decode()
    assert "停课" not in theirs

    stranger = people.member(beta.tenant, RoleCode.SITE_ADMINISTRATOR)
    with tenant_scope(beta.tenant, stranger):
        assert not SiteNotice.objects.exists()
        with pytest.raises(ValidationError):
            lift_site_notice(actor=stranger, notice=notice, reason="x")
    cache.clear()
    assert SHOWN in sheet(alpha)
    with tenant_scope(alpha.tenant, administrator):
        lift_site_notice(actor=administrator, notice=notice, reason="解除")
    cache.clear()
    assert sheet(alpha) == ""


def test_who_may_not(alpha, administrator, operators):
    operator = operators[0]
    editor = people.member(alpha.tenant, RoleCode.EDITOR)
    security = people.platform_person(PlatformRoleCode.SECURITY_ADMINISTRATOR)
    for actor in (administrator, editor, security, None):
        with pytest.raises(PermissionDenied):
            propose_platform_notice(actor=actor, row=bar(), tenants=None)
    with tenant_scope(alpha.tenant, editor), pytest.raises(PermissionDenied):
        propose_site_notice(actor=editor, row=bar())
    # Break-glass lends an operator the site's rights, but not its voice.
    start_break_glass(actor=operator, tenant=alpha.tenant, reason="looking into it", minutes=10)
    with tenant_scope(alpha.tenant, operator), pytest.raises(PermissionDenied):
        propose_site_notice(actor=people.fresh(operator), row=bar())


def test_a_site_writes_no_notice_of_the_platform(alpha, administrator):
    with tenant_scope(alpha.tenant, administrator), pytest.raises(CrossTenantWrite):
        PlatformNotice.objects.create(
            kind="mourning", reason="x", ends_at=timezone.now(), proposed_by=administrator
        )


def test_the_database_itself_wants_two_persons(operators):
    now = timezone.now()
    with system_scope("test"), pytest.raises(IntegrityError), transaction.atomic():
        PlatformNotice.objects.create(
            kind="mourning",
            reason="x",
            ends_at=now + timedelta(days=1),
            proposed_by=operators[0],
            confirmed_by=operators[0],
            confirmed_at=now,
        )


def test_the_headline_cannot_leave_its_string(alpha, operators):
    one, two = operators
    confirm_platform_notice(
        actor=two, notice=propose_platform_notice(actor=one, row=bar(), tenants=None)
    )
    cache.clear()
    css = sheet(alpha)
    string = re.search(r'--emergency:"([^"]*)"', css)[1]
    assert not set(string) & set("<>{};")
    unescaped = re.sub(r"\\([0-9a-f]+) ", lambda match: chr(int(match[1], 16)), string)
    assert unescaped == HEADLINE


def propose_by_form(client, address, **values):
    ends = timezone.localtime(timezone.now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    given = {
        "kind": "emergency",
        "where": "all",
        "codes": "",
        "headline": "停水通知",
        "text": "今晚停水。",
        "starts_at": "",
        "ends_at": ends,
        "reason": "水务公司来函",
    }
    return client.post(address, given | values)


def test_the_operators_screen(alpha, beta, operators):
    one, two = map(people.signed_in, operators)
    address = "/platform/notices/"
    refused = propose_by_form(one, address, ends_at="").content.decode()
    assert '<a href="#id_ends_at">结束</a>' in refused  # what is said first leads to the field
    assert "您写的内容都还在" in refused
    assert propose_by_form(one, address, where="some", codes="nowhere").status_code == 200
    assert propose_by_form(one, address, where="some").status_code == 200
    with system_scope("test"):
        assert not PlatformNotice.objects.exists()
    assert propose_by_form(one, address, where="some", codes="alpha, beta").status_code == 302
    with system_scope("test"):
        notice = PlatformNotice.objects.get()
    assert "确认并显示" not in one.get(address).content.decode()
    assert "确认并显示" in two.get(address).content.decode()
    one.post(f"{address}{notice.pk}/", {"action": "confirm"})
    cache.clear()
    assert sheet(alpha) == ""
    two.post(f"{address}{notice.pk}/", {"action": "confirm"})
    cache.clear()
    assert SHOWN in sheet(alpha)
    one.post(f"{address}{notice.pk}/", {"action": "lift", "reason": ""})
    cache.clear()
    assert SHOWN in sheet(alpha)
    one.post(f"{address}{notice.pk}/", {"action": "lift", "reason": "已恢复供水"})
    cache.clear()
    assert sheet(alpha) == ""

    auditor = people.signed_in(people.platform_person(PlatformRoleCode.AUDITOR))
    assert auditor.get(address).status_code == 200
    assert propose_by_form(auditor, address).status_code == 403
    assert auditor.post(f"{address}{notice.pk}/", {"action": "confirm"}).status_code == 403


def test_the_sites_screen(alpha, administrator, second):
    one, two = people.signed_in(administrator), people.signed_in(second)
    address = "/t/alpha/notices/"
    assert propose_by_form(one, address, reason="").status_code == 200
    assert propose_by_form(one, address).status_code == 302
    with tenant_scope(alpha.tenant, administrator):
        notice = SiteNotice.objects.get()
    one.post(f"{address}{notice.pk}/", {"action": "confirm"})
    cache.clear()
    assert sheet(alpha) == ""
    two.post(f"{address}{notice.pk}/", {"action": "confirm"})
    cache.clear()
    assert SHOWN in sheet(alpha)
    editor = people.signed_in(people.member(alpha.tenant, RoleCode.EDITOR))
    assert editor.get(address).status_code in {302, 403}


def test_the_administration_says_that_a_break_glass_session_runs(alpha, administrator, operators):
    start_break_glass(
        actor=operators[0],
        tenant=alpha.tenant,
        reason="修复栏目页打不开的问题，信息中心要求",
        minutes=10,
    )
    text = people.signed_in(operators[0]).get("/t/alpha/").content.decode()
    assert 'class="break-glass"' in text
    assert "修复栏目页打不开" in text
    assert (
        'class="break-glass"'
        not in people.signed_in(administrator).get("/t/alpha/").content.decode()
    )
