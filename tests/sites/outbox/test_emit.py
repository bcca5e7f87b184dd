"""Emitting: in the caller's transaction, by its tenant, with codes only."""

import uuid

import pytest
from django.db import transaction

from sites.outbox.exceptions import NotACode, OutsideTransaction
from sites.outbox.models import OutboxEvent
from sites.outbox.services import emit
from sites.outbox.wake_up import DELIVER_EVENTS
from sites.tenancy.exceptions import TenantScopeMissing
from sites.tenancy.scope import nobody_scope, system_scope, tenant_scope

SUBJECT = uuid.uuid4()


@transaction.atomic
def emit_and_fail():
    emit(kind="note.changed", subject=SUBJECT, version=1)
    raise LookupError


@pytest.fixture
def sent(monkeypatch):
    """Messages that would have gone to the broker."""
    messages = []
    monkeypatch.setattr("sites.outbox.wake_up.send", messages.append)
    return messages


def test_an_event_belongs_to_the_open_tenant(in_a, tenants):
    event = emit(kind="note.changed", subject=SUBJECT, version=1, payload={"note_id": 7})

    assert event.tenant_id == in_a.pk
    with tenant_scope(tenants.b):
        assert not OutboxEvent.objects.exists()


def test_one_query(in_a, django_assert_num_queries):
    with django_assert_num_queries(1):
        emit(kind="note.changed", subject=SUBJECT, version=1, payload={"note_id": 7})


def test_a_rolled_back_change_leaves_no_event(in_a):
    with pytest.raises(LookupError):
        emit_and_fail()

    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_is_refused(in_a):
    with pytest.raises(OutsideTransaction):
        emit(kind="note.changed", subject=SUBJECT, version=1)


@pytest.mark.django_db
def test_without_a_tenant_is_refused():
    with pytest.raises(TenantScopeMissing):
        emit(kind="note.changed", subject=SUBJECT, version=1)
    with system_scope("a scope without a tenant"), pytest.raises(TenantScopeMissing):
        emit(kind="note.changed", subject=SUBJECT, version=1)
    with nobody_scope(), pytest.raises(TenantScopeMissing):
        emit(kind="note.changed", subject=SUBJECT, version=1)


@pytest.mark.parametrize(
    "payload",
    [
        {"title": "关于放假的通知"},
        {"name": "Zhang San"},
        {"phone": "13800138000"},
        {"phone": 13800138000},
        {"card": "11010519491231002X"},
        {"ids": [1, "two words"]},
        {"inner": {"text": "a b"}},
        {"ratio": 0.5},
        {"张": 1},
    ],
)
def test_free_text_is_refused_without_repeating_it(in_a, payload):
    with pytest.raises(NotACode) as refusal:
        emit(kind="note.changed", subject=SUBJECT, version=1, payload=payload)

    words = ("放假", "Zhang", "13800138000", "11010519491231002X", "two words", "a b")
    assert not any(word in str(refusal.value) for word in words)


def test_ids_and_codes_pass(in_a):
    payload = {
        "id": 7,
        "uuid": str(SUBJECT),
        "at": "2026-07-01T09:00:00+08:00",
        "codes": ["A01", "000014349/2026-00012"],
        "gone": None,
        "is_new": True,
    }

    assert emit(kind="note.changed", subject=SUBJECT, version=1, payload=payload).payload == payload


def test_one_wake_up_a_transaction(in_a, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for version in (1, 2, 3):
            emit(kind="note.changed", subject=SUBJECT, version=version)

    assert [(message.task, message.tenant_id) for message in sent] == [(DELIVER_EVENTS, in_a.pk)]


def test_wake_up_survives_a_savepoint_that_was_rolled_back(
    in_a, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        with pytest.raises(LookupError):
            emit_and_fail()
        emit(kind="note.changed", subject=SUBJECT, version=1)

    assert len(sent) == 1
