"""Wagtail's own commands know no tenant: they run inside the scope of each."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import ReferenceIndex

from cms_core.pages.models import ArticlePage
from sites.outbox import tasks
from sites.outbox.tenant_commands import (
    PUBLISH_SCHEDULED,
    REBUILD_REFERENCES,
    run_in_tenants,
    tenants_with_scheduled_work,
)
from sites.tenancy.exceptions import TenantScopeMissing
from sites.tenancy.models import OwnReference
from sites.tenancy.scope import tenant_scope
from tests.tenants import make_tenant


@pytest.fixture
def alpha(db):
    return make_tenant("alpha")


@pytest.fixture
def beta(db):
    return make_tenant("beta")


def schedule(fixture, *, live_in_minutes, title):
    """Schedule a new title for the first article."""
    with tenant_scope(fixture.tenant):
        page = ArticlePage.objects.get(pk=fixture.articles[0].pk)
        page.title = title
        page.go_live_at = timezone.now() + timedelta(minutes=1)
        revision = page.save_revision()
        revision.publish()  # puts it on the schedule
        revision.approved_go_live_at = timezone.now() + timedelta(minutes=live_in_minutes)
        revision.content["go_live_at"] = None
        revision.save()


def title_of(fixture):
    with tenant_scope(fixture.tenant):
        return ArticlePage.objects.get(pk=fixture.articles[0].pk).title


def test_without_a_scope_the_command_fails(alpha):
    with pytest.raises(TenantScopeMissing):
        call_command(PUBLISH_SCHEDULED)


def test_only_tenants_with_something_due_are_visited(alpha, beta):
    assert tenants_with_scheduled_work() == []
    schedule(alpha, live_in_minutes=-5, title="改")
    schedule(beta, live_in_minutes=5, title="改")

    assert tenants_with_scheduled_work() == [alpha.tenant.pk]


def test_expired_pages_count_too(alpha, beta):
    with tenant_scope(beta.tenant):
        ArticlePage.objects.filter(pk=beta.articles[0].pk).update(
            expire_at=timezone.now() - timedelta(minutes=1)
        )

    assert tenants_with_scheduled_work() == [beta.tenant.pk]


def test_what_is_due_goes_live_in_its_own_tenant(alpha, beta, monkeypatch):
    schedule(alpha, live_in_minutes=-5, title="甲改")
    schedule(beta, live_in_minutes=5, title="乙改")
    before = title_of(beta)
    monkeypatch.setattr(
        tasks.publish_scheduled_in_tenant,
        "delay",
        lambda **kwargs: tasks.publish_scheduled_in_tenant.apply(kwargs=kwargs, throw=True),
    )
    tasks.publish_scheduled.apply(throw=True)

    assert title_of(alpha) == "甲改"
    assert title_of(beta) == before
    assert tenants_with_scheduled_work() == []


def references(fixture):
    """The tenant's reference index: holder and target of each entry, and whether all are owned."""
    with tenant_scope(fixture.tenant):
        rows = ReferenceIndex.objects.values_list("object_id", "to_object_id", "model_path")
        assert len(rows) == OwnReference.objects.count()
        return sorted(rows)


def test_rebuilding_references_repairs_one_tenant_and_leaves_the_others(alpha, beta):
    with tenant_scope(alpha.tenant):
        page = ArticlePage.objects.get(pk=alpha.articles[0].pk)
        page.body = [("paragraph", f'<p><a linktype="page" id="{alpha.section.pk}">示例</a></p>')]
        page.save()
    run_in_tenants(REBUILD_REFERENCES, [alpha.tenant, beta.tenant])
    whole = references(alpha), references(beta)
    assert (str(page.pk), str(alpha.section.pk), "body.paragraph") in whole[0]

    with tenant_scope(alpha.tenant):
        orphan = ReferenceIndex.objects.get(object_id=page.pk, model_path="body.paragraph")
        orphan.pk, orphan.object_id = None, "999999"
        orphan.save(force_insert=True)
        ReferenceIndex.objects.filter(object_id=page.pk).delete()
    assert references(alpha) != whole[0]
    run_in_tenants(REBUILD_REFERENCES, [alpha.tenant])

    assert (references(alpha), references(beta)) == whole


def test_other_commands_are_refused(alpha):
    with pytest.raises(ValueError, match="flush"):
        run_in_tenants("flush", [alpha.tenant])


def test_the_command(alpha, beta):
    out = StringIO()
    call_command("run_in_tenants", PUBLISH_SCHEDULED, "--tenant", "alpha", "--json", stdout=out)
    assert json.loads(out.getvalue().splitlines()[-1]) == {"holds": True, "tenants": 1}

    out = StringIO()
    call_command("run_in_tenants", PUBLISH_SCHEDULED, "--json", stdout=out)
    assert json.loads(out.getvalue().splitlines()[-1])["tenants"] >= 2

    with pytest.raises(CommandError, match="gamma"):
        call_command("run_in_tenants", PUBLISH_SCHEDULED, "--tenant", "gamma")
