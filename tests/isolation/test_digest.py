"""The fingerprint of a tenant's rows notices every way of touching them."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Comment

from cms_core.importer.models import OldAddressUse
from cms_core.importer.uses import count_use
from cms_core.pages.models import ArticlePage, BasePage
from sites.registry.isolation import Resident
from sites.tenancy.isolation.digest import holdings_of, watched_models
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, system_scope
from tests.tenants import make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    return make_tenant("other")


@pytest.fixture
def own():
    return make_tenant("own")


@pytest.fixture
def holdings(other, own):
    return holdings_of(Resident(other.tenant, other.host, "", "", "", is_own=False))


def test_untouched_rows_have_their_fingerprint(holdings):
    assert holdings.changed() == []
    assert BasePage in watched_models()


def test_a_changed_row_is_noticed(holdings, other):
    with system_scope("test: change a row behind the guard"):
        BasePage.objects.filter(pk=other.articles[0].pk).update(title="stolen")

    assert holdings.changed() == ["cms_core_pages_basepage"]
    assert holdings.changed({"cms_core_pages_basepage", "django_session"})


def test_a_deleted_row_is_noticed(holdings, other):
    with opening_scope(other.tenant):
        other.articles[0].delete()

    assert "cms_core_pages_articlepage" in holdings.changed()


def test_a_row_that_points_here_is_noticed(holdings, other, own):
    with system_scope("test: point to a foreign row behind the guard"):
        Redirect.objects.create(
            old_path="/x", site=own.tenant.site, redirect_page=other.articles[0]
        )

    assert holdings.changed() == ["wagtailredirects_redirect"]


def test_a_new_row_of_the_tenant_is_noticed(holdings, other):
    with system_scope("test: add a row behind the guard"):
        Tenant.objects.filter(pk=other.tenant.pk).update(contact_phone="1")

    assert holdings.changed() == ["sites_tenancy_tenant"]


def test_rows_of_the_own_tenant_are_nobody_elses_business(holdings, own, django_user_model):
    with system_scope("test: write in the own tenant"):
        BasePage.objects.filter(pk=own.articles[0].pk).update(title="changed")
        user = django_user_model.objects.create(username="own", managed_by=own.tenant)
        Comment.objects.create(page=own.articles[0], user=user, text="x", contentpath="title")

    assert holdings.changed() == []


def test_a_draft_that_names_a_foreign_page_is_noticed(holdings, other, own):
    with system_scope("test: write a draft behind the guard"):
        article = ArticlePage.objects.get(pk=own.articles[0].pk)
        text = f'<p><a linktype="page" id="{other.articles[0].pk}">x</a></p>'
        article.body = [("paragraph", text)]
        article.save_revision()

    named = holdings.named_in_new_drafts()
    assert len(named) == 1
    assert f"BasePage {other.articles[0].pk}" in named[0]


def test_a_draft_of_own_pages_names_nobody(holdings, own):
    with system_scope("test: write a draft"):
        ArticlePage.objects.get(pk=own.articles[0].pk).save_revision()

    assert holdings.named_in_new_drafts() == []


def test_a_visit_counts_for_whoever_comes_and_the_counter_is_still_watched(other, own):
    with opening_scope(other.tenant):
        redirect = Redirect.objects.create(
            old_path="/old", site=other.tenant.site, redirect_page=other.articles[0]
        )
        use = OldAddressUse.objects.create(redirect=redirect, hits=3, last_on="2026-11-28")
    holdings = holdings_of(Resident(other.tenant, other.host, "", "", "", is_own=False))
    with opening_scope(other.tenant):
        count_use(redirect_id=redirect.pk)
        use.refresh_from_db()
    assert use.hits == 4
    assert holdings.changed() == []
    with opening_scope(other.tenant):
        use.delete()
    assert holdings.changed() == ["cms_core_importer_oldaddressuse"]
