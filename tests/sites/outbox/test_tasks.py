"""Tasks: no scope comes in, none goes out, whatever an earlier task left behind."""

import pytest
from celery import shared_task
from django_multitenant.utils import get_current_tenant, set_current_tenant

import cms_core
from sites.outbox import tasks
from sites.outbox.models import OutboxEvent
from sites.outbox.services import emit
from sites.outbox.task_base import ScopelessTask, TenantTask
from sites.tenancy.exceptions import TenantScopeMissing
from sites.tenancy.models import Tenant
from sites.tenancy.scope import current_scope, current_tenant_id, system_scope, tenant_scope

SUBJECT = "00000000-0000-4000-8000-000000000001"


@shared_task
def count_events():
    return OutboxEvent.objects.count()


@shared_task(base=TenantTask)
def count_own_events(*, tenant_id):
    assert current_tenant_id() == tenant_id == get_current_tenant().id
    return OutboxEvent.objects.count()


@shared_task
def leaves_everything_open(tenant):
    """The worst neighbour: opens scopes and closes none."""
    tenant_scope(tenant).__enter__()
    set_current_tenant(tenant)


def run(task, *args, **kwargs):
    """As a worker does: through the task's tracer."""
    return task.apply(args, kwargs, throw=True).get()


@pytest.fixture
def events(tenants):
    for tenant, count in ((tenants.a, 2), (tenants.b, 3)):
        with tenant_scope(tenant):
            for version in range(count):
                emit(kind="note.changed", subject=SUBJECT, version=version)
    return tenants


def test_every_task_of_the_app_is_scopeless_by_default():
    ours = [
        task for name, task in cms_core.celery_app.tasks.items() if not name.startswith("celery.")
    ]
    assert len(ours) > 4
    assert all(isinstance(task, ScopelessTask) for task in ours)


def test_a_task_that_forgot_its_scope_fails(events):
    with pytest.raises(TenantScopeMissing):
        run(count_events)


@pytest.mark.parametrize("outer", ["tenant", "system"])
def test_a_scope_around_the_task_does_not_reach_it(events, outer):
    scope = tenant_scope(events.a) if outer == "tenant" else system_scope("around a task in a test")
    with scope, pytest.raises(TenantScopeMissing):
        run(count_events)


def test_a_tenant_task_sees_its_own_rows(events):
    assert run(count_own_events, tenant_id=events.a.pk) == 2
    assert run(count_own_events, tenant_id=events.b.pk) == 3
    assert current_scope() is None


def test_a_task_after_one_that_left_its_scope_open_reads_nothing_foreign(events):
    run(leaves_everything_open, events.b)

    assert current_scope() is None
    assert get_current_tenant() is None
    with pytest.raises(TenantScopeMissing):
        run(count_events)
    assert run(count_own_events, tenant_id=events.a.pk) == 2


def test_a_failing_task_leaves_no_scope(events):
    @shared_task(base=TenantTask)
    def fails(*, tenant_id):
        raise LookupError

    with pytest.raises(LookupError):
        run(fails, tenant_id=events.a.pk)
    assert current_scope() is None


def test_a_task_for_a_tenant_that_is_gone(db):
    with pytest.raises(Tenant.DoesNotExist):
        run(count_own_events, tenant_id=999_999)


def test_the_delivery_task_delivers(events, noting):
    run(tasks.deliver_events, tenant_id=events.b.pk)

    assert {delivery.tenant_id for delivery in noting.got} == {events.b.pk}


def test_what_is_left_over_waits_behind_the_other_tenants(events, noting, monkeypatch):
    sent = []
    monkeypatch.setattr("sites.outbox.wake_up.send", sent.append)
    monkeypatch.setattr(
        "sites.outbox.delivery.deliver_due.__kwdefaults__", {"seconds": -1.0}, raising=True
    )
    run(tasks.deliver_events, tenant_id=events.a.pk)

    assert [message.tenant_id for message in sent] == [events.a.pk]
