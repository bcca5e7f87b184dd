"""The number of queries of a page is the same at 10 and at 300 tenants."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms_core.blueprints.services import OpeningRequest, open_tenant
from cms_core.pages.models import SectionPage
from cms_core.pages.rows import ArticleRow
from cms_core.pages.services import bulk_create_articles, publish_page
from cms_core.workflow.gate import released_by_the_platform
from sites.accounts.enums import RoleCode
from sites.accounts.services import provision_roles_in_bulk
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.sites.accounts.people import member, signed_in
from tests.tenants import make_tenant

FEW, MANY = 10, 300
WORDS = {
    "place": "示例",
    "level": "市",
    "gov": "示例市人民政府",
    "head": "市长",
    "unit_name": "示例局",
}
#: Queries of a public article page with warm caches: address and tenant, page, privacy, frame,
#: newer, older, attachments.
ARTICLE_PAGE_QUERIES = 7


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def portal(db: None) -> Tenant:
    """A portal opened from its blueprint, with thirty articles; the others belong to it."""
    tenant = open_tenant(
        actor=None,
        request=OpeningRequest(
            code="portal",
            name="示例市人民政府",
            blueprint="city_portal",
            host="portal.localhost",
            variables=WORDS,
        ),
    )
    with tenant_scope(tenant):
        section = SectionPage.objects.filter(depth=4).order_by("path").first()
        newest = datetime(2024, 5, 1, tzinfo=UTC)
        bulk_create_articles(
            actor=None,
            rows=[
                ArticleRow(
                    key=str(n),
                    parent_id=section.pk,
                    title=f"第{n}号公告",
                    slug=f"n{n}",
                    body=[("paragraph", "<p>示例。</p>")],
                    published_at=newest - timedelta(days=n),
                )
                for n in range(30)
            ],
        )
    return tenant


def open_more(portal: Tenant, first: int, last: int) -> None:
    """Small tenants of the portal, each with pages, roles, a collection and an address."""
    made = [make_tenant(f"unit-{number}", parent=portal).tenant for number in range(first, last)]
    with system_scope("roles of the tests' tenants"):
        provision_roles_in_bulk(actor=None, tenants=made)


def queries_of(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    assert answer.status_code == 200, answer.status_code
    return len(captured)


def screens(portal: Tenant, admin: Client) -> dict[str, Callable[[], Any]]:
    """The pages that are counted, by name."""
    with tenant_scope(portal):
        section = SectionPage.objects.filter(depth=4).order_by("path").first()
        home = portal.site.root_page
    path = section.url_path.removeprefix(home.url_path)
    public = Client(headers={"host": "portal.localhost"})
    desk = f"/t/{portal.code}"
    return {
        "public home": lambda: public.get("/"),
        "public section": lambda: public.get(f"/{path}"),
        "public article": lambda: public.get(f"/{path}n7/"),
        "list of all sites": lambda: public.get("/zhanqun/"),
        "admin home": lambda: admin.get(f"{desk}/"),
        "explorer of the home": lambda: admin.get(f"{desk}/pages/{home.pk}/"),
        "explorer of a section": lambda: admin.get(f"{desk}/pages/{section.pk}/"),
        "page chooser": lambda: admin.get(f"{desk}/choose-page/{home.pk}/"),
    }


def counted(pages: dict[str, Callable[[], Any]]) -> dict[str, tuple[int, int]]:
    """Queries of every page with empty caches, and again with warm ones."""
    for ask in pages.values():
        ask()  # content types and permissions are looked up once a process
    cold = {}
    for name, ask in pages.items():
        cache.clear()
        cold[name] = queries_of(ask)
    warm = {}
    for name, ask in pages.items():
        ask()
        warm[name] = queries_of(ask)
    return {name: (cold[name], warm[name]) for name in pages}


@pytest.mark.one_database  # the statements are Django's and the same; opening 300 sites takes a minute
def test_pages_ask_no_more_at_300_tenants(portal, record_testsuite_property):
    admin = signed_in(member(portal, RoleCode.SITE_ADMINISTRATOR))
    pages = screens(portal, admin)
    open_more(portal, 1, FEW)
    few = counted(pages)

    open_more(portal, FEW, MANY)
    many = counted(pages)

    for name, (cold, warm) in many.items():
        record_testsuite_property(name, f"{warm} queries, {cold} with empty caches")
    assert Tenant.objects.filter(parent=portal).count() == MANY - 1
    assert many == few
    assert many["public article"][1] == ARTICLE_PAGE_QUERIES


def test_publishing_asks_no_more_with_more_tenants(portal, record_testsuite_property):
    def publish(summary: str) -> int:
        with (
            tenant_scope(portal),
            released_by_the_platform("measured without its reviews"),
            CaptureQueriesContext(connection) as captured,
        ):
            section = SectionPage.objects.filter(depth=4).order_by("path").first()
            page = section.get_children().get(slug="n7")
            publish_page(actor=None, page=page, changes={"summary": summary})
        return len(captured)

    publish("warm")
    alone = publish("alone")
    open_more(portal, 1, 20)

    among_others = publish("among others")

    record_testsuite_property("publishing", f"{among_others} queries")
    assert among_others == alone
