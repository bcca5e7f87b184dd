"""Delivery: at least once, each consumer at its own pace, never back in time."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from sites.outbox import delivery as delivery_module
from sites.outbox.attempts import short_transaction
from sites.outbox.delivery import Outcome, deliver_due, deliver_to
from sites.outbox.models import ConsumerCursor, Job, OutboxEvent
from sites.outbox.services import emit
from sites.registry.delivery import Consumer, Delivery, consumers
from sites.tenancy.scope import current_tenant_id, tenant_scope

SUBJECT = uuid.uuid4()


def changed(version, subject=SUBJECT):
    return emit(kind="note.changed", subject=subject, version=version, payload={"id": 7})


def make_due():
    """Let every lease and backoff run out."""
    OutboxEvent.objects.undelivered().update(available_at=timezone.now())


@pytest.fixture
def cursor():
    """Reads the only cursor."""
    return lambda: ConsumerCursor.objects.get()


def test_an_event_reaches_its_consumer_whole(in_a, noting, cursor):
    event = changed(1)
    count = deliver_due()

    assert noting.got == [Delivery(event.pk, in_a.pk, "note.changed", SUBJECT, 1, {"id": 7})]
    assert (count.delivered, count.postponed, count.has_more) == (1, 0, False)
    assert OutboxEvent.objects.get().delivered_at is not None
    assert (cursor().applied_version, cursor().lease_token) == (1, None)


def test_nothing_is_delivered_twice(in_a, noting):
    changed(1)
    deliver_due()
    make_due()
    deliver_due()

    assert noting.versions == [1]


def test_events_nobody_wants_are_done(in_a, noting):
    emit(kind="note.other", subject=SUBJECT, version=1)

    assert deliver_due().delivered == 1
    assert noting.got == []


def test_versions_arrive_in_order_and_never_back(in_a, noting, cursor):
    changed(1)
    changed(3)
    deliver_due()
    changed(2)
    changed(3)
    deliver_due()

    assert noting.versions == [1, 3]
    assert cursor().applied_version == 3
    assert not OutboxEvent.objects.undelivered().exists()


def test_subjects_do_not_share_a_cursor(in_a, noting):
    changed(5)
    changed(1, subject=uuid.uuid4())
    deliver_due()

    assert noting.versions == [5, 1]


def test_tenants_do_not_share_a_cursor(tenants, noting):
    """The same uuid in two tenants: neither hides the other's version."""
    for tenant, version in ((tenants.a, 5), (tenants.b, 1)):
        with tenant_scope(tenant):
            changed(version)
            deliver_due()

    assert noting.versions == [5, 1]


def test_a_tenant_delivers_its_own_events_only(tenants, noting):
    with tenant_scope(tenants.b):
        changed(1)
    with tenant_scope(tenants.a):
        assert deliver_due().delivered == 0

    assert noting.got == []


def test_a_failure_is_repeated_later_and_keeps_nobodys_words(in_a, noting, cursor):
    noting.failures = 1
    changed(1)

    assert deliver_due().postponed == 1
    event = OutboxEvent.objects.get()
    assert event.delivered_at is None
    assert timezone.now() < event.available_at < timezone.now() + timedelta(seconds=3)
    assert event.last_error.startswith("noting: ConnectionError at conftest.py:")
    assert "张三" not in event.last_error
    assert "138" not in event.last_error
    assert cursor().lease_token is None

    assert deliver_due().delivered == 0  # it waits
    make_due()
    assert deliver_due().delivered == 1
    event.refresh_from_db()
    assert (noting.versions, event.attempts, event.last_error) == ([1], 2, "")


def test_the_wait_grows_with_the_attempts(in_a, noting):
    noting.failures = 4
    changed(1)
    waits = []
    for _attempt in range(4):
        deliver_due()
        waits.append((OutboxEvent.objects.get().available_at - timezone.now()).total_seconds())
        make_due()

    assert [round(wait) for wait in waits] == [2, 4, 8, 16]


def test_a_failing_consumer_does_not_keep_the_others_from_their_events(in_a, noting):
    def fails(delivery):
        raise TimeoutError

    failing = Consumer("failing", frozenset({"note.changed"}), fails)
    good = Consumer("noting", frozenset({"note.changed"}), noting)
    with consumers.replaced_by(failing=failing, noting=good):
        changed(1)
        changed(1, subject=uuid.uuid4())
        deliver_due()
        make_due()
        deliver_due()

    assert noting.versions == [1, 1]
    assert OutboxEvent.objects.undelivered().count() == 2


def test_a_newer_version_passes_a_failed_one(in_a, noting):
    noting.failures = 1
    changed(1)
    changed(2)
    deliver_due()
    make_due()
    deliver_due()

    assert noting.versions == [2]
    assert not OutboxEvent.objects.undelivered().exists()


def test_an_event_in_another_workers_hands_is_left_alone(in_a, noting, monkeypatch):
    """Two workers read the same due event; the slower one's claim fails."""
    event = changed(1)
    assert delivery_module._claim(event)
    assert not delivery_module._claim(event)


def test_a_subject_in_another_workers_hands_is_tried_later(in_a, noting):
    changed(1)
    ConsumerCursor.objects.create(
        consumer="noting",
        subject_uuid=SUBJECT,
        lease_token=uuid.uuid4(),
        lease_until=timezone.now() + timedelta(seconds=30),
    )
    assert deliver_due().postponed == 1
    assert noting.got == []

    ConsumerCursor.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    make_due()
    assert deliver_due().delivered == 1


@pytest.mark.parametrize("is_transactional", [True, False])
def test_a_worker_that_slept_through_its_lease_changes_no_cursor(in_a, cursor, is_transactional):
    """While it handles version 1, another worker takes over and applies version 2."""
    event = changed(1)

    def sleeps(delivery):
        ConsumerCursor.objects.update(lease_token=uuid.uuid4(), lease_until=None, applied_version=2)
        Job.objects.create(kind="written", key="by the sleeper")

    consumer = Consumer("noting", frozenset({"note.changed"}), sleeps, is_transactional)
    delivery = Delivery(event.pk, in_a.pk, event.kind, SUBJECT, 1, {})
    outcome, error = deliver_to(consumer, delivery)

    assert outcome is Outcome.FAILED
    assert "LeaseLost" in error
    if is_transactional:
        # What the sleeper wrote is gone with its transaction (and so is the other's, in this test).
        assert not Job.objects.exists()
    else:
        assert cursor().applied_version == 2


def test_a_transactional_consumer_fails_without_a_trace(in_a, noting):
    def writes_and_fails(delivery):
        Job.objects.create(kind="written", key="x")
        raise ValueError

    failing = Consumer("failing", frozenset({"note.changed"}), writes_and_fails, True)
    with consumers.replaced_by(failing=failing):
        changed(1)
        deliver_due()

    assert not Job.objects.exists()
    assert ConsumerCursor.objects.get().applied_version == 0


def test_a_consumer_works_inside_the_scope_of_the_tenant(in_a):
    seen = []
    consumer = Consumer(
        "seer", frozenset({"note.changed"}), lambda d: seen.append(current_tenant_id())
    )
    with consumers.replaced_by(seer=consumer):
        changed(1)
        deliver_due()

    assert seen == [in_a.pk]


def test_the_time_limit_leaves_the_rest_for_the_next_run(in_a, noting):
    for version in (1, 2, 3):
        changed(version)

    assert deliver_due(seconds=-1).has_more
    assert noting.got == []
    assert not deliver_due().has_more
    assert noting.versions == [1, 2, 3]


def test_queries_of_one_delivery(in_a, noting, django_assert_num_queries):
    changed(1)
    deliver_due()
    changed(2)
    # two looks for due events, claim, cursor claim, cursor advance, delivered
    with django_assert_num_queries(6):
        deliver_due()


def test_a_long_transaction_is_logged_as_a_defect(in_a, monkeypatch, caplog):
    monkeypatch.setattr("sites.outbox.attempts.LONGEST_TRANSACTION_SECONDS", 0.0)
    with short_transaction("a step"):
        pass

    assert "a step held a transaction" in caplog.text
