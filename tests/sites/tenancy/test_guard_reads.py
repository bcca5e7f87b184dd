"""What a tenant reads through every kind of query: its own rows and no others."""

import threading

import pytest
from django.contrib.auth.models import Group
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from wagtail.models import Collection, PageLogEntry, Revision, Site

from cms_core.pages.models import ArticlePage, BasePage, SectionPage
from sites.tenancy.exceptions import TenantScopeMissing
from sites.tenancy.guard import counters
from sites.tenancy.scope import (
    current_scope,
    nobody_scope,
    system_scope,
    tenant_scope,
    without_scope,
)
from tests.tenants import TenantFixture

pytestmark = pytest.mark.django_db


def titles(queryset) -> set[str]:
    return set(queryset.values_list("title", flat=True))


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: list(BasePage.objects.all()),
        lambda: BasePage.objects.count(),
        lambda: BasePage.objects.exists(),
        lambda: BasePage.objects.aggregate(Max("pk")),
        lambda: BasePage.objects.update(title="x"),
        lambda: BasePage.objects.filter(depth=3).delete(),
        lambda: Group.objects.create(name="x"),
        lambda: list(Revision.objects.all()),
        lambda: list(BasePage.objects.raw("select * from cms_core_pages_basepage")),
        lambda: list(ArticlePage.objects.all().union(ArticlePage.objects.all())),
    ],
)
def test_without_a_scope_everything_raises(alpha: TenantFixture, attempt) -> None:
    assert current_scope() is None
    with pytest.raises(TenantScopeMissing):
        attempt()


def test_nothing_is_asked_of_an_empty_queryset(db: None) -> None:
    assert list(BasePage.objects.none()) == []


def test_a_new_thread_starts_without_a_scope(alpha: TenantFixture) -> None:
    caught: list[BaseException] = []

    def work() -> None:
        try:
            BasePage.objects.count()
        except BaseException as error:  # noqa: BLE001  (handed to the assertion below)
            caught.append(error)

    with tenant_scope(alpha.tenant):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert [type(error) for error in caught] == [TenantScopeMissing]


def test_a_tenant_sees_its_own_rows_only(alpha: TenantFixture, beta: TenantFixture) -> None:
    with tenant_scope(alpha.tenant):
        assert titles(BasePage.objects.filter(depth__gt=1)) == {
            "alpha home",
            "alpha section",
            "alpha article 1",
            "alpha article 2",
        }
        assert titles(ArticlePage.objects.all()) == {"alpha article 1", "alpha article 2"}
        assert not BasePage.objects.filter(pk=beta.home.pk).exists()
        assert BasePage._base_manager.filter(pk=beta.home.pk).first() is None
        assert list(Group.objects.values_list("name", flat=True)) == ["alpha group"]
        assert set(Collection.objects.filter(depth=2).values_list("name", flat=True)) == {
            "alpha collection"
        }
        assert [site.pk for site in Site.objects.all()] == [alpha.tenant.site_id]
        assert Revision.objects.count() == 4
        assert PageLogEntry.objects.filter(page_id=beta.home.pk).count() == 0


def test_nobody_sees_nothing_and_the_system_everything(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    with nobody_scope():
        assert titles(BasePage.objects.filter(depth__gt=1)) == set()
    with system_scope("test"):
        assert BasePage.objects.filter(depth=2).count() == 2


@pytest.mark.parametrize(
    "query",
    [
        lambda: ArticlePage.objects.order_by("-pk")[:50],
        lambda: ArticlePage.objects.distinct(),
        lambda: ArticlePage.objects.select_related("live_revision", "owner"),
        lambda: ArticlePage.objects.filter(Q(title__contains="article") | Q(pk__gt=0)),
        lambda: ArticlePage.objects.annotate(n=Count("attachments")).filter(n=0),
        lambda: ArticlePage.objects.exclude(attachments__title="x"),
        lambda: ArticlePage.objects.filter(pk__in=Subquery(BasePage.objects.values("pk"))),
        lambda: ArticlePage.objects.filter(Exists(BasePage.objects.filter(pk=OuterRef("pk")))),
        lambda: ArticlePage.objects.select_for_update(),
        lambda: ArticlePage.objects.defer("body"),
        lambda: ArticlePage.objects.only("title"),
        lambda: ArticlePage.objects.prefetch_related("attachments"),
        lambda: (
            ArticlePage.objects.order_by()
            .filter(pk__gt=0)
            .union(ArticlePage.objects.order_by().filter(pk__lt=0))
        ),
        lambda: ArticlePage.objects.all().reverse(),
        lambda: BasePage.objects.type(ArticlePage).specific(),
        lambda: SectionPage.objects.get().get_children(),
        lambda: SectionPage.objects.get().get_descendants(),
    ],
)
def test_every_shape_of_query_is_filtered(alpha: TenantFixture, beta: TenantFixture, query) -> None:
    from django.db import transaction

    with tenant_scope(alpha.tenant), transaction.atomic():
        found = {page.title for page in query()}
    assert found == {"alpha article 1", "alpha article 2"}


def test_split_exclude_with_a_trimmed_subquery(alpha: TenantFixture, beta: TenantFixture) -> None:
    """exclude() over a many-valued relation trims its sub-query's base table."""
    with tenant_scope(alpha.tenant):
        sections = BasePage.objects.filter(depth=3).exclude(aliases__title="x")
        assert titles(sections) == {"alpha section"}


def test_aggregates_count_own_rows(alpha: TenantFixture, beta: TenantFixture) -> None:
    with tenant_scope(beta.tenant):
        assert (
            BasePage.objects.aggregate(n=Count("pk"))["n"] == 5
        )  # its four pages and the shared root
        assert BasePage.objects.values("depth").annotate(n=Count("pk")).get(depth=4)["n"] == 2
        assert ArticlePage.objects.in_bulk().keys() == {page.pk for page in beta.articles}
        assert ArticlePage.objects.order_by("pk")[:1].count() == 1
        assert BasePage.objects.annotate(m=F("depth") + 1).aggregate(Max("m"))["m__max"] == 5


def test_a_query_is_guarded_for_the_scope_in_which_it_runs(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    """The rule enters when a query is compiled, never when it is written down."""
    with tenant_scope(alpha.tenant):
        later = ArticlePage.objects.order_by("pk")
        assert {p.title for p in later.all()} == {"alpha article 1", "alpha article 2"}
    with tenant_scope(beta.tenant):
        assert {p.title for p in later.all()} == {"beta article 1", "beta article 2"}
    with pytest.raises(TenantScopeMissing):
        list(later.all())


def test_an_iterator_keeps_the_rows_of_its_scope(alpha: TenantFixture, beta: TenantFixture) -> None:
    with tenant_scope(alpha.tenant):
        rows = ArticlePage.objects.order_by("pk").iterator(chunk_size=1)
        first = next(rows)
    with without_scope():
        assert first.title == "alpha article 1"


def test_scopes_nest_and_close_behind_an_exception(
    alpha: TenantFixture, beta: TenantFixture
) -> None:
    def fail_inside() -> None:
        with tenant_scope(alpha.tenant), tenant_scope(beta.tenant):
            assert ArticlePage.objects.filter(title__startswith="beta").count() == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert current_scope() is None


def test_historical_models_of_migrations_are_other_classes(alpha: TenantFixture) -> None:
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    state = MigrationLoader(connection).project_state()
    page = state.apps.get_model("cms_core_pages", "BasePage")
    assert page.objects.filter(depth=2).count() == 1


def test_the_guard_counts_what_it_does(alpha: TenantFixture) -> None:
    before = counters.guarded
    with tenant_scope(alpha.tenant):
        BasePage.objects.count()
    assert counters.guarded == before + 1


def test_django_multitenant_follows_the_same_scope(alpha: TenantFixture) -> None:
    from django_multitenant.utils import get_current_tenant, get_current_tenant_value

    with tenant_scope(alpha.tenant):
        assert get_current_tenant_value() == alpha.tenant.pk
        with system_scope("test"):
            assert get_current_tenant() is None
        assert get_current_tenant_value() == alpha.tenant.pk
    assert get_current_tenant() is None
