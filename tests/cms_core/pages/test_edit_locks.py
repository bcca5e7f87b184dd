"""A lock that somebody else takes away: a reason, a notice to its holder, and nothing lost."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from cms_core.pages.edit_locks import mark_seen, take_lock_away, unseen_of
from cms_core.pages.models import ArticlePage, BasePage, BrokenLock
from sites.accounts.enums import RoleCode
from sites.audit.models import DomainEvent
from sites.tenancy.scope import tenant_scope
from tests.sites.accounts import people

pytestmark = pytest.mark.django_db
REASON = "她出差在外，今天必须改"


@pytest.fixture
def here():
    return people.house("alpha")


@pytest.fixture
def holder(here):
    return people.member(here.tenant, RoleCode.FINAL_REVIEWER, name="Han")


@pytest.fixture
def administrator(here):
    return people.member(here.tenant, RoleCode.SITE_ADMINISTRATOR, name="Chief")


@pytest.fixture
def page(here, holder):
    found = here.articles[0]
    with tenant_scope(here.tenant, holder):
        BasePage.objects.filter(pk=found.pk).update(
            locked=True, locked_by=holder, locked_at=timezone.now()
        )
        return ArticlePage.objects.get(pk=found.pk)


def is_locked(here, page) -> bool:
    with tenant_scope(here.tenant):
        return BasePage.objects.get(pk=page.pk).locked


def unlock(page) -> str:
    return f"/t/alpha/pages/{page.pk}/unlock/"


def test_the_switch_of_the_editor_asks_for_a_reason_first(here, holder, administrator, page):
    client = people.signed_in(administrator)

    asked = client.post(unlock(page), follow=True)

    assert is_locked(here, page)
    assert "Han自 " in asked.content.decode()
    short = client.post(unlock(page), {"reason": "急"})
    assert is_locked(here, page)
    assert "请用几个字说明原因" in short.content.decode()
    client.post(unlock(page), {"reason": REASON})
    assert not is_locked(here, page)


def test_the_holder_reads_it_on_the_desk_once_and_the_trail_keeps_it(
    here, holder, administrator, page
):
    people.signed_in(administrator).post(unlock(page), {"reason": REASON})
    hers = people.signed_in(holder)

    desk = hers.get("/t/alpha/").content.decode()

    assert REASON in desk
    assert "Chief于" in desk
    assert REASON not in people.signed_in(administrator).get("/t/alpha/").content.decode()
    with tenant_scope(here.tenant, holder):
        broken = BrokenLock.objects.get()
        event = DomainEvent.objects.get(kind="edit_lock_broken")
        assert event.data == {"lock": broken.pk, "holder": holder.pk}
    # Nobody else marks it as read.
    people.signed_in(administrator).post(f"/t/alpha/broken-locks/{broken.pk}/seen/")
    assert REASON in hers.get("/t/alpha/").content.decode()
    hers.post(f"/t/alpha/broken-locks/{broken.pk}/seen/")
    assert REASON not in hers.get("/t/alpha/").content.decode()


def test_ones_own_lock_needs_no_reason_and_leaves_no_notice(here, holder, page):
    people.signed_in(holder).post(unlock(page))

    assert not is_locked(here, page)
    with tenant_scope(here.tenant, holder):
        assert not BrokenLock.objects.exists()


def test_who_may_not_unlock_is_refused(here, page):
    editor = people.member(here.tenant, RoleCode.EDITOR)

    people.signed_in(editor).post(unlock(page), {"reason": REASON})

    assert is_locked(here, page)
    with tenant_scope(here.tenant, editor), pytest.raises(PermissionDenied):
        take_lock_away(actor=editor, page=page, reason=REASON)


@pytest.mark.parametrize("reason", ["", "   ", "急", "长" * 201])
def test_a_reason_that_says_nothing_or_too_much_is_refused(
    here, holder, administrator, page, reason
):
    with tenant_scope(here.tenant, administrator):
        with pytest.raises(ValidationError):
            take_lock_away(actor=administrator, page=page, reason=reason)
        assert not unseen_of(holder).exists()


def test_a_lock_of_another_site_is_not_there(here, page):
    elsewhere = people.house("beta")
    stranger = people.member(elsewhere.tenant, RoleCode.SITE_ADMINISTRATOR)

    with tenant_scope(elsewhere.tenant, stranger):
        with pytest.raises(BasePage.DoesNotExist):
            take_lock_away(actor=stranger, page=page, reason=REASON)
        assert not mark_seen(actor=stranger, lock_id=1)
    assert people.signed_in(stranger).post(f"/t/beta/pages/{page.pk}/unlock/").status_code == 404
    assert is_locked(here, page)


def test_what_the_holder_writes_afterwards_is_kept(here, holder, administrator, page):
    """The lock is gone while the holder has the page open: saving goes on, beside newer versions."""
    with tenant_scope(here.tenant, holder):
        page.summary = "before"
        page.save_revision(user=holder)
    people.signed_in(administrator).post(unlock(page), {"reason": REASON})
    with tenant_scope(here.tenant, holder):
        fresh = ArticlePage.objects.get(pk=page.pk)
        assert not fresh.permissions_for_user(people.fresh(holder)).page_locked()
        assert fresh.get_latest_revision_as_object().summary == "before"
