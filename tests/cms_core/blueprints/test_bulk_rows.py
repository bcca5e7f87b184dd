"""Sites opened in bulk leave the same rows in every table as a site opened alone."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, Revision

from cms_core.blueprints.bulk import open_in_bulk
from cms_core.blueprints.services import OpeningRequest, open_tenant
from cms_core.pages.models import BasePage
from sites.accounts.enums import PlatformRoleCode
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.sites.accounts.people import platform_person

from .conftest import SMALL, WORDS
from .written import written


def request(code: str, blueprint: Any = "department", **more: Any) -> OpeningRequest:
    return OpeningRequest(
        code=code,
        name="示例局网站",
        blueprint=blueprint,
        host=f"{code}.localhost",
        variables=WORDS,
        **more,
    )


@pytest.mark.parametrize("blueprint", ["department", "city_portal"])
def test_every_table_holds_the_same(portal, blueprint):
    alone = written("one", lambda: open_tenant(actor=None, request=request("one", blueprint)))

    in_bulk = written(
        "two",
        lambda: open_in_bulk(actor=None, requests=[request("two", blueprint)]),
    )

    assert alone.keys() == in_bulk.keys()
    for table, rows in alone.items():
        assert in_bulk[table] == rows, table
    assert alone["cms_core_pages.BasePage"].total() > 20
    assert alone["sites_audit.DomainEvent"].total() == 2


def test_every_table_holds_the_same_of_an_operators_work(portal):
    operator = platform_person(PlatformRoleCode.OPERATOR)
    fields = {"parent": portal, "short_name": "示例局"}

    def ask(code: str) -> OpeningRequest:
        return request(code, "township_channel", prefix="", fields=dict(fields))

    alone = written("one", lambda: open_tenant(actor=operator, request=ask("one")))
    in_bulk = written("two", lambda: open_in_bulk(actor=operator, requests=[ask("two")]))

    assert alone == in_bulk
    assert any(f'"user": {operator.pk}' in row for row in alone["wagtailcore.Revision"])


def test_many_sites_of_several_kinds(portal):
    kinds = ["department", "township_channel", "county_portal", "department"]

    made = open_in_bulk(
        actor=None,
        requests=[request(f"s{place}", kind) for place, kind in enumerate(kinds)],
    )

    for tenant in made:
        with tenant_scope(tenant):
            pages = list(BasePage.objects.filter(depth__gt=1))
            assert pages
            assert {page.tenant_id for page in pages} == {tenant.pk}
            assert all(page.url_path.startswith(f"/{tenant.code}/") for page in pages)
            assert Collection.objects.filter(depth=2).count() == 1
            assert Revision.objects.count() == len(pages)
    with system_scope("test"):
        assert BasePage.find_problems() == ([], [], [], [], [])
        assert Collection.find_problems() == ([], [], [], [], [])


def test_statements_do_not_grow_with_the_sites(portal):
    def asked(codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            open_in_bulk(actor=None, requests=[request(code, SMALL) for code in codes])
        return len(captured)

    asked(["warm"])
    one = asked(["one"])

    assert asked(["two", "three", "four"]) == one


def test_what_was_taken_meanwhile_leaves_nothing(portal):
    open_tenant(actor=None, request=request("taken"))
    with system_scope("test"):
        before = (BasePage.objects.count(), Tenant.objects.count(), Collection.objects.count())

    with pytest.raises(IntegrityError), transaction.atomic():
        open_in_bulk(actor=None, requests=[request("free"), request("taken")])

    with system_scope("test"):
        after = (BasePage.objects.count(), Tenant.objects.count(), Collection.objects.count())
    assert after == before
