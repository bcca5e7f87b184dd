"""Leavers: what they held goes to a colleague, what they could do ends."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cms_core.pages.models import BasePage
from sites.accounts.enums import RoleCode
from sites.accounts.handover import hand_over
from sites.accounts.models import User
from sites.audit.models import DomainEvent
from sites.tenancy.scope import system_scope, tenant_scope
from tests.tenants import TenantFixture

from . import people


@pytest.fixture
def work(editor: User, alpha: TenantFixture) -> None:
    """The editor owns one page and has locked another."""
    with system_scope("test"):
        pages = BasePage.objects
        pages.filter(pk=alpha.articles[0].pk).update(owner=editor)
        pages.filter(pk=alpha.articles[1].pk).update(
            locked=True, locked_by=editor, locked_at=timezone.now()
        )


def test_pages_and_locks_change_hands(
    administrator: User, editor: User, alpha: TenantFixture, work: None
) -> None:
    client = people.signed_in(editor)
    with tenant_scope(alpha.tenant, administrator):
        done = hand_over(
            actor=administrator, tenant=alpha.tenant, leaver=editor, successor=administrator
        )
        assert (done.pages, done.locks) == (1, 1)
        assert BasePage.objects.get(pk=alpha.articles[0].pk).owner_id == administrator.pk
        freed = BasePage.objects.get(pk=alpha.articles[1].pk)
        assert not freed.locked
        assert freed.locked_by_id is None
        event = DomainEvent.objects.get(kind="membership.handed_over")
        assert event.data["successor_id"] == administrator.pk
    assert not people.fresh(editor).is_active
    assert client.get("/t/alpha/").status_code == 302


def test_account_that_belongs_elsewhere_stays_open(
    administrator: User, editor: User, alpha: TenantFixture, beta: TenantFixture, work: None
) -> None:
    with system_scope("test"):
        BasePage.objects.filter(pk=beta.articles[0].pk).update(owner=editor)
    editor = people.attached(editor, beta.tenant, RoleCode.EDITOR)
    with tenant_scope(alpha.tenant, administrator):
        hand_over(actor=administrator, tenant=alpha.tenant, leaver=editor, successor=administrator)
    assert people.fresh(editor).is_active
    with system_scope("test"):
        assert BasePage.objects.get(pk=beta.articles[0].pk).owner_id == editor.pk


def test_successor_must_work_here(
    administrator: User, editor: User, alpha: TenantFixture, beta: TenantFixture
) -> None:
    stranger = people.member(beta.tenant, RoleCode.EDITOR)
    with tenant_scope(alpha.tenant, administrator):
        for successor in (stranger, editor):
            with pytest.raises(ValidationError):
                hand_over(
                    actor=administrator, tenant=alpha.tenant, leaver=editor, successor=successor
                )
    assert people.fresh(editor).is_active


def test_editor_hands_nobody_over(administrator: User, editor: User, alpha: TenantFixture) -> None:
    with tenant_scope(alpha.tenant, editor), pytest.raises(PermissionDenied):
        hand_over(actor=editor, tenant=alpha.tenant, leaver=administrator, successor=editor)


def test_refused_hand_over_changes_nothing(
    administrator: User, editor: User, alpha: TenantFixture
) -> None:
    with system_scope("test"):
        BasePage.objects.filter(pk=alpha.articles[0].pk).update(owner=administrator)
    with tenant_scope(alpha.tenant, administrator), pytest.raises(ValidationError):
        # The last administrator cannot leave, and keeps their pages.
        hand_over(actor=administrator, tenant=alpha.tenant, leaver=administrator, successor=editor)
    with system_scope("test"):
        assert BasePage.objects.get(pk=alpha.articles[0].pk).owner_id == administrator.pk
