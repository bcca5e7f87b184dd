"""Recording events: in the caller's transaction and tenant, codes only, append-only."""

import pytest
from django.db import DatabaseError, transaction

from sites.audit.keys import is_event_mac, keyed_digest
from sites.audit.models import DomainEvent, PendingSeal
from sites.audit.origin import event_origin
from sites.audit.rules import content_bytes
from sites.audit.services import record_event, record_platform_event
from sites.outbox.exceptions import NotACode
from sites.tenancy.exceptions import TenantScopeMissing
from sites.tenancy.models import Tenant
from sites.tenancy.scope import nobody_scope, system_scope, tenant_scope


def test_an_event_belongs_to_the_open_tenant(tenants):
    with tenant_scope(tenants.a):
        event = record_event(kind="tenant.seen", subject=tenants.a, actor=7, data={"stage": "open"})

        assert event.tenant_id == tenants.a.pk
        assert DomainEvent.objects.get().actor_id == 7
    with tenant_scope(tenants.b):
        assert not DomainEvent.objects.exists()


def test_two_queries(tenants, django_assert_num_queries):
    with tenant_scope(tenants.a), django_assert_num_queries(2):
        record_event(kind="tenant.seen", subject=tenants.a, actor=None)


def test_the_platforms_events_are_seen_by_no_tenant(tenants):
    with nobody_scope():
        record_event(kind="staff.sign_in_failed", subject=tenants.a, actor=None)
    record_platform_event(kind="tenant.opened", subject=tenants.a, actor=None)

    with tenant_scope(tenants.a):
        assert not DomainEvent.objects.exists()
    with system_scope("reading what a test recorded"):
        assert [event.tenant_id for event in DomainEvent.objects.all()] == [None, None]


def test_without_a_scope_is_refused(tenants):
    with pytest.raises(TenantScopeMissing):
        record_event(kind="tenant.seen", subject=tenants.a, actor=None)


def test_a_rolled_back_change_leaves_no_event(tenants):
    @transaction.atomic
    def record_and_fail():
        record_event(kind="tenant.seen", subject=tenants.a, actor=None)
        raise LookupError

    with tenant_scope(tenants.a):
        with pytest.raises(LookupError):
            record_and_fail()

        assert not DomainEvent.objects.exists()
        assert not PendingSeal.objects.exists()


def test_free_text_is_refused(tenants):
    with tenant_scope(tenants.a), pytest.raises(NotACode, match=r"data\.name"):
        record_event(kind="tenant.seen", subject=tenants.a, actor=None, data={"name": "张三"})


def test_an_unsaved_subject_is_refused(tenants):
    with tenant_scope(tenants.a), pytest.raises(ValueError, match="not saved"):
        record_event(kind="tenant.seen", subject=Tenant(), actor=None)


def test_origin_is_kept_as_a_digest(tenants):
    with tenant_scope(tenants.a), event_origin(ip="192.0.2.7", break_glass_id=3):
        event = record_event(kind="tenant.seen", subject=tenants.a, actor=None)
    with tenant_scope(tenants.a):
        after = record_event(kind="tenant.seen", subject=tenants.a, actor=None)

    assert event.ip_digest == keyed_digest("192.0.2.7")
    assert "192.0.2" not in event.ip_digest
    assert event.break_glass_id == 3
    assert (after.ip_digest, after.break_glass_id) == ("", None)


def test_the_keyed_code_covers_the_whole_content(tenants):
    with tenant_scope(tenants.a):
        record_event(kind="tenant.seen", subject=tenants.a, actor=7, data={"stage": "open"})
        event = DomainEvent.objects.get()

    assert is_event_mac(content_bytes(event.content()), event.mac)
    for field, value in {"kind": "x", "actor_id": 8, "data": {}, "subject_id": "9"}.items():
        before = getattr(event, field)
        setattr(event, field, value)
        assert not is_event_mac(content_bytes(event.content()), event.mac), field
        setattr(event, field, before)


@pytest.mark.parametrize("scope", ["tenant", "system"])
def test_events_cannot_be_changed_or_deleted(tenants, scope):
    with tenant_scope(tenants.a):
        record_event(kind="tenant.seen", subject=tenants.a, actor=None)
    chosen = (
        tenant_scope(tenants.a) if scope == "tenant" else system_scope("trying to change history")
    )
    with chosen:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            DomainEvent.objects.update(kind="tenant.other")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            DomainEvent.objects.all().delete()

        assert DomainEvent.objects.get().kind == "tenant.seen"
