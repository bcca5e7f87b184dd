"""Lists that gather from sub-sites: published resources only, in a fixed order, at a fixed cost."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from cms_core.resources.enums import ResourceKind
from cms_core.resources.selectors import gathered
from cms_core.resources.services import publish_resource, withdraw_resource
from sites.outbox.dependencies import collected_dependencies
from sites.tenancy.enums import TenantStatus
from sites.tenancy.exceptions import TenantScopeMissing
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from tests.cms_core.resources.conftest import make_tenant

AT = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def publish(tenant, title, *, days=0, kind=ResourceKind.ARTICLE, url="a/", source=None):
    with tenant_scope(tenant):
        return publish_resource(
            actor=None,
            kind=kind,
            source_uuid=source or uuid.uuid4(),
            title=title,
            url=url,
            published_at=AT + timedelta(days=days),
            summary="摘要",
            source_name="示例局",
        )


def gather(tenant, **options):
    with tenant_scope(tenant):
        return gathered(**{"kinds": [ResourceKind.ARTICLE], "limit": 10, **options})


def titles(tenant, **options):
    return [line.title for line in gather(tenant, **options)]


def test_a_line_says_where_it_comes_from_and_where_it_leads(city):
    resource = publish(city.edu, "招生", url="tzgg/a1/")
    publish(city.health, "外站", url="https://www.example.gov.cn/x/", days=-1)

    first, second = gather(city.portal)

    assert first.uuid == resource.uuid
    assert first.url == "http://localhost:8000/edu/tzgg/a1/"
    assert (first.tenant_code, first.tenant_name) == ("edu", "edu网站")
    assert (first.summary, first.source_name, first.published_at) == ("摘要", "示例局", AT)
    assert second.url == "https://www.example.gov.cn/x/"


def test_newest_first_and_the_later_row_first_at_the_same_time(city):
    publish(city.health, "一", days=1)
    publish(city.edu, "二", days=3)
    publish(city.health, "三", days=2)
    publish(city.edu, "四", days=2)

    assert titles(city.portal) == ["二", "四", "三", "一"]
    assert titles(city.portal, limit=2) == ["二", "四"]


def test_only_published_resources_of_open_sub_sites(city):
    publish(city.health, "留")
    source = uuid.uuid4()
    publish(city.health, "撤", source=source)
    publish(city.stranger, "别家")
    publish(city.portal, "自己")
    publish(city.edu, "关")
    publish(city.health, "栏目", kind=ResourceKind.SECTION)
    with tenant_scope(city.health):
        withdraw_resource(actor=None, kind=ResourceKind.ARTICLE, source_uuid=source)
    with system_scope("closing a site in a test"):
        Tenant.objects.filter(pk=city.edu.pk).update(status=TenantStatus.CLOSED)

    assert titles(city.portal) == ["留"]
    assert titles(city.health) == []


def test_named_sub_sites_only(city):
    publish(city.health, "卫")
    publish(city.edu, "教")
    publish(city.stranger, "别家")

    assert titles(city.portal, tenants=["edu"]) == ["教"]
    assert titles(city.portal, tenants=["edu", "stranger", "nobody"]) == ["教"]
    assert titles(city.portal, tenants=[]) == []
    assert titles(city.portal, kinds=[]) == []


@pytest.mark.parametrize("sub_sites", [3, 30])
def test_two_queries_whatever_the_number_of_sites(city, django_assert_num_queries, sub_sites):
    with system_scope("making many sites for a test"):
        many = [make_tenant(f"site-{n}", parent=city.portal) for n in range(sub_sites)]
    for tenant in many:
        publish(tenant, "示例")

    with tenant_scope(city.portal), django_assert_num_queries(2):
        lines = gathered(kinds=[ResourceKind.ARTICLE], limit=50)
    assert len(lines) == sub_sites


def test_without_a_scope_is_refused(city):
    with pytest.raises(TenantScopeMissing):
        gathered(kinds=[ResourceKind.ARTICLE], limit=1)


def test_a_bake_hears_what_the_list_depends_on(city):
    with collected_dependencies() as keys:
        gather(city.portal, kinds=[ResourceKind.ARTICLE, ResourceKind.SECTION])

    assert keys == {f"gathered:{city.portal.pk}:article", f"gathered:{city.portal.pk}:section"}
