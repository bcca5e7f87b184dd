"""Conditions that the guard builds itself mean what Django's own parsing makes of them."""

import pytest
from django.db.models import F, Q
from wagtail.models import Collection, Site

from cms_core.pages.models import ArticleAttachment, ArticlePage, BasePage
from sites.tenancy.conditions import add_condition
from sites.tenancy.models import Address
from sites.tenancy.scope import system_scope
from sites.tenancy.selectors import resolve_address
from tests.tenants import TenantFixture


@pytest.mark.parametrize(
    ("model", "condition"),
    [
        (BasePage, Q(tenant_id=7)),
        (BasePage, Q(tenant_id=7) | Q(depth=1)),
        (ArticlePage, Q(tenant_id=7)),
        (ArticlePage, Q(tenant_id=7) | Q(depth=1)),
        (ArticlePage, Q(tenant_id=7) & (Q(live=True) | Q(slug="a1"))),
        (ArticleAttachment, Q(page__in=ArticlePage._base_manager.order_by().values("pk"))),
        (Site, Q(pk=3)),
        (Collection, Q(pk__in=Collection._base_manager.order_by().values("pk")) | Q(depth=1)),
        (Address, ~Q(tenant_id=7)),
        (Address, Q(tenant__code="alpha")),
        (Address, Q(hits__gt=3)),
        (Address, Q(hits=F("tenant_id"))),
        (BasePage, Q(alias_of=None)),
    ],
    ids=lambda value: getattr(value, "__name__", "where"),
)
def test_the_same_statement(db, model, condition):
    with system_scope("comparing two ways to restrict a query"):
        ours, theirs = model._base_manager.order_by().query, model._base_manager.order_by().query
        add_condition(ours, condition)
        theirs.add_q(condition)

        assert ours.get_compiler("default").as_sql() == theirs.get_compiler("default").as_sql()


def test_a_column_whose_name_ends_like_a_key(db):
    """``object_id`` is a column of its own, not the key ``object``."""
    from wagtail.models import Revision

    with system_scope("comparing two ways to restrict a query"):
        ours, theirs = Revision.objects.order_by().query, Revision.objects.order_by().query
        add_condition(ours, Q(object_id="5"))
        theirs.add_q(Q(object_id="5"))

        assert ours.get_compiler("default").as_sql() == theirs.get_compiler("default").as_sql()


def test_a_host_with_many_channels_is_resolved_by_the_few_that_fit(
    alpha: TenantFixture, beta: TenantFixture, django_assert_num_queries
):
    with system_scope("a portal with many channels"):
        Address.objects.bulk_create(
            Address(tenant=beta.tenant, host="alpha.localhost", prefix=f"/bm/{n}", kind="alias")
            for n in range(300)
        )

    with django_assert_num_queries(1) as captured:
        found = resolve_address("ALPHA.localhost:80", "/bm/77/news/a1/")

    assert (found.tenant, found.prefix, found.path) == (beta.tenant, "/bm/77", "/news/a1/")
    assert "'/bm/77'" in captured[0]["sql"]
    assert resolve_address("alpha.localhost", "/bm/777/").tenant == alpha.tenant
    assert resolve_address("alpha.localhost", "/bm").tenant == alpha.tenant
