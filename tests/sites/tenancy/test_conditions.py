"""Conditions that the guard builds itself mean what Django's own parsing makes of them."""

import pytest
from django.core.files.base import ContentFile
from django.db.models import Count, F, Q
from wagtail.models import Collection, Site

from cms_core.media.models import MediaFile
from cms_core.pages.models import ArticleAttachment, ArticlePage, BasePage
from sites.accounts.enums import RoleCode
from sites.accounts.models import Membership, User
from sites.accounts.services import make_account
from sites.tenancy.conditions import add_condition
from sites.tenancy.models import Address
from sites.tenancy.scope import system_scope
from sites.tenancy.selectors import resolve_address
from tests.sites.accounts.people import member
from tests.tenants import TenantFixture


@pytest.mark.parametrize(
    ("model", "condition"),
    [
        (BasePage, Q(tenant_id=7)),
        (BasePage, Q(tenant_id=7) | Q(depth=1)),
        (ArticlePage, Q(tenant_id=7)),
        (ArticlePage, Q(tenant_id=7) | Q(depth=1)),
        (ArticlePage, Q(tenant_id=7) & (Q(live=True) | Q(slug="a1"))),
        (Site, Q(pk=3)),
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


@pytest.mark.parametrize(
    ("model", "condition"),
    [
        (
            ArticleAttachment,
            Q(page__in=ArticlePage._base_manager.filter(slug="a1").order_by().values("pk")),
        ),
        (
            Collection,
            Q(pk__in=Collection._base_manager.filter(name__startswith="alpha").values("pk"))
            | Q(depth=1),
        ),
        (ArticlePage, Q(pk__in=BasePage._base_manager.filter(tenant__code="alpha").values("pk"))),
        (User, Q(pk__in=Membership._base_manager.values("user_id"))),
    ],
    ids=lambda value: getattr(value, "__name__", "where"),
)
def test_a_list_of_keys_is_asked_row_by_row(
    alpha: TenantFixture, beta: TenantFixture, model, condition
):
    """The same rows; no list of all keys, also where the query is part of another or deletes."""
    with system_scope("comparing two ways to restrict a query"):
        for office in (alpha, beta):
            file = MediaFile.objects.create(
                tenant=office.tenant, title="f", file=ContentFile(b"f", name="f.txt")
            )
            for article in office.articles:
                ArticleAttachment.objects.create(page=article, file=file)
            member(office.tenant, RoleCode.EDITOR)
        make_account(username="nobody", display_name="", managed_by=None)
        ours, theirs = model._base_manager.order_by("pk"), model._base_manager.order_by("pk")
        ours = ours.all()
        add_condition(ours.query, condition)
        theirs = theirs.filter(condition)

        found = list(theirs.values_list("pk", flat=True))
        assert 0 < len(found) < model._base_manager.count()
        assert list(ours.values_list("pk", flat=True)) == found
        assert " IN (" not in str(ours.query)
        inside = model._base_manager.filter(pk__in=ours.values("pk")).order_by("pk")
        assert list(inside.values_list("pk", flat=True)) == found
        counted = ours.annotate(n=Count("pk")).values_list("pk", "n")
        assert [pk for pk, _n in counted] == found


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
