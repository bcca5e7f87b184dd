"""The practice site is the same after each reset, whatever was done in it, or unchanged."""

import json
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone

from cms_core.media.models import MediaFile
from cms_core.pages.models import ArticlePage, BasePage, HomePage, SectionPage
from cms_core.pages.recycle_bin import recycle_pages
from cms_core.pages.rows import ArticleRow
from cms_core.pages.services import create_article
from cms_core.pages.tree import tree_faults
from cms_core.practice import rules, selectors, services, wiping
from cms_core.practice.tasks import reset_when_due
from cms_core.practice.template import MARK, template
from cms_core.resources.models import PublishedResource
from sites.accounts.enums import RoleCode
from sites.accounts.models import Membership
from sites.accounts.practice import join_practice
from sites.audit.models import DomainEvent
from sites.outbox.models import OutboxEvent
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from sites.tenancy.visibility import visibility_map
from tests.sites.accounts.people import house, member

MIDNIGHT = datetime(2026, 11, 29, tzinfo=timezone.get_current_timezone())


@pytest.fixture
def practice(db) -> Tenant:
    with system_scope("test"):
        return services.open_practice_site(actor=None, host="lianxi.localhost")


@pytest.fixture
def guest(practice):
    user = member(house("alpha").tenant, RoleCode.EDITOR, name="guest")
    join_practice(user=user, tenant=practice)
    return user


def meddle(practice: Tenant, user) -> str:
    """A day's work: new, changed, published, deleted, uploaded. Returns the name of a stored file."""
    with tenant_scope(practice, user):
        section = SectionPage.objects.get(slug="gzdt")
        texts = list(ArticlePage.objects.child_of(section).order_by("pk"))
        texts[0].title = "改过的标题"
        texts[0].save_revision(user=user).publish(user=user)
        texts[1].live = True
        create_article(
            actor=user,
            parent=section,
            row=ArticleRow(key="x", parent_id=0, title="新写的", slug="new", source_name="x"),
        )
        recycle_pages(actor=user, pages=[texts[2]])
        home = HomePage.objects.get()
        home.introduction = "改过"
        home.save()
        stored = MediaFile(title="文件", file=ContentFile(b"a,b\n1,2\n", name="a.csv"))
        stored.save()
        return stored.file.name


def test_everything_is_as_on_the_first_day(practice, guest):
    first = selectors.content_digest(practice)
    counts = wiping.count_rows(practice)
    storage = MediaFile._meta.get_field("file").storage
    name = meddle(practice, guest)
    assert selectors.content_digest(practice) != first
    assert storage.exists(name)

    with TestCase.captureOnCommitCallbacks(execute=True):
        result = services.reset_practice_site(actor=None)

    practice.refresh_from_db()
    assert result.deleted > result.texts == len(template().texts)
    assert selectors.content_digest(practice) == first
    assert wiping.count_rows(practice) == counts
    assert not storage.exists(name)
    with tenant_scope(practice):
        assert tree_faults() == []
        assert practice.site.root_page_id == HomePage.objects.get().pk
        assert Membership.objects.filter(user=guest).count() == 4
        assert DomainEvent.objects.filter(kind="practice.reset").count() == 1
        assert ArticlePage.objects.exclude(title__startswith=MARK).count() == 0


def test_a_reset_that_fails_changes_nothing(practice, guest, monkeypatch):
    meddle(practice, guest)
    before = selectors.content_digest(practice), wiping.count_rows(practice)

    def fail(*args, **kwargs):
        raise RuntimeError("cut off")

    monkeypatch.setattr(services, "bulk_create_articles", fail)
    with pytest.raises(RuntimeError):
        services.reset_practice_site(actor=None)

    assert (selectors.content_digest(practice), wiping.count_rows(practice)) == before


def test_other_sites_lose_nothing(practice, guest):
    other = house("beta").tenant
    before = wiping.count_rows(other)
    with system_scope("test"):
        shared = BasePage.objects.filter(depth=1).values_list("pk", "numchild").get()
        tops = BasePage.objects.filter(depth=2).count()

    services.reset_practice_site(actor=None)

    assert wiping.count_rows(other) == before
    with system_scope("test"):
        assert BasePage.objects.filter(depth=2).count() == tops
        assert BasePage.objects.filter(depth=1).values_list("pk", "numchild").get() == shared


def test_what_is_kept_has_its_reason_and_exists():
    labels = {m._meta.label for m in visibility_map._declared}
    apps = {f"{label.partition('.')[0]}.*" for label in labels}

    assert all(wiping.KEPT.values())
    assert set(wiping.KEPT) <= labels | apps
    assert not {"sites_audit.DomainEvent", "sites_accounts.User"} & {
        m._meta.label for m in wiping.wiped_models()
    }


def test_nothing_is_published_to_other_sites(practice, guest):
    meddle(practice, guest)
    services.reset_practice_site(actor=None)

    with system_scope("test"):
        assert not PublishedResource.objects.filter(tenant=practice).exists()
        assert not OutboxEvent.objects.filter(tenant=practice).exists()


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (MIDNIGHT, MIDNIGHT),
        (MIDNIGHT - timedelta(seconds=1), MIDNIGHT - timedelta(days=1)),
        (MIDNIGHT + timedelta(hours=23, minutes=59), MIDNIGHT),
    ],
)
def test_it_is_due_at_midnight(now, last):
    assert rules.last_due(now) == last
    assert rules.next_due(now) == last + timedelta(days=1)


def test_the_scheduler_resets_once_a_night(practice, guest):
    first = selectors.content_digest(practice)
    meddle(practice, guest)
    reset_when_due()
    assert selectors.content_digest(practice) != first  # opened today: not due
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        reset_when_due()
        assert selectors.content_digest(practice) == first
        meddle(practice, guest)
        reset_when_due()
        assert selectors.content_digest(practice) != first


def test_there_is_one_and_the_commands_say_so(db, capsys):
    with pytest.raises(CommandError):
        call_command("reset_practice_site")
    call_command("open_practice_site", host="lianxi.localhost", json=True)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["code"] == "lianxi"
    call_command("reset_practice_site", json=True)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["texts"] == len(template().texts)
    with system_scope("test"), pytest.raises(ValidationError):
        services.open_practice_site(actor=None, host="zwei.localhost")
