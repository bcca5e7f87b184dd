"""Publishing and withdrawing resources: idempotent, versioned, announced in the same transaction."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import transaction

from cms_core.resources.enums import RESOURCE_PUBLISHED, RESOURCE_WITHDRAWN, ResourceKind
from cms_core.resources.exceptions import ResourceMissing, UnknownResourceKind
from cms_core.resources.models import PublishedResource
from cms_core.resources.services import publish_resource, publish_row, withdraw_resource
from sites.audit.models import DomainEvent
from sites.outbox.models import OutboxEvent
from sites.registry.registry import UnknownCapability
from sites.registry.resources import ResourceDescription, published_resources
from sites.tenancy.scope import tenant_scope

SOURCE = uuid.uuid4()
AT = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


def publish(**changes):
    values = {
        "actor": None,
        "kind": ResourceKind.ARTICLE,
        "source_uuid": SOURCE,
        "title": "示例通知",
        "url": "tzgg/a1/",
        "published_at": AT,
        "body_text": "示例正文",
        "topic_codes": ["A02", "A01"],
    }
    return publish_resource(**{**values, **changes})


def announced():
    return list(OutboxEvent.objects.order_by("pk").values_list("kind", "version"))


@pytest.fixture
def in_health(city):
    with tenant_scope(city.health):
        yield city.health


def test_a_new_resource_is_announced(in_health):
    resource = publish()

    assert resource.version == 1
    assert resource.tenant_id == in_health.pk
    event = OutboxEvent.objects.get()
    assert (event.kind, event.subject_uuid, event.version) == (
        RESOURCE_PUBLISHED,
        resource.uuid,
        1,
    )
    assert DomainEvent.objects.get().kind == RESOURCE_PUBLISHED


def test_publishing_again_changes_nothing(in_health):
    first = publish()
    before = PublishedResource.objects.values().get()

    again = publish(topic_codes=("A01", "A02"))

    assert again.pk == first.pk
    assert PublishedResource.objects.values().get() == before
    assert announced() == [(RESOURCE_PUBLISHED, 1)]
    assert DomainEvent.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "示例通知（更正）"},
        {"body_text": "改"},
        {"summary": "摘要"},
        {"url": "tzgg/a2/"},
        {"topic_codes": ["A01"]},
        {"published_at": datetime(2026, 7, 2, tzinfo=UTC)},
        {"source_name": "示例局"},
        {"index_number": "000/2026-1"},
    ],
)
def test_a_visible_change_raises_the_version(in_health, change):
    publish()
    publish(**change)

    assert PublishedResource.objects.get().version == 2
    assert announced() == [(RESOURCE_PUBLISHED, 1), (RESOURCE_PUBLISHED, 2)]


def test_withdrawing_and_publishing_again(in_health, city):
    publish()
    withdraw_resource(actor=None, kind=ResourceKind.ARTICLE, source_uuid=SOURCE)
    withdrawn = withdraw_resource(actor=None, kind=ResourceKind.ARTICLE, source_uuid=SOURCE)

    assert not withdrawn.is_published
    assert withdrawn.withdrawn_at is not None
    with tenant_scope(city.portal):
        assert not PublishedResource.objects.exists()

    publish()

    resource = PublishedResource.objects.get()
    assert (resource.is_published, resource.withdrawn_at, resource.version) == (True, None, 3)
    assert announced() == [
        (RESOURCE_PUBLISHED, 1),
        (RESOURCE_WITHDRAWN, 2),
        (RESOURCE_PUBLISHED, 3),
    ]


def test_a_rolled_back_publication_leaves_nothing(in_health):
    @transaction.atomic
    def publish_and_fail():
        publish()
        raise LookupError

    with pytest.raises(LookupError):
        publish_and_fail()

    assert not PublishedResource.objects.exists()
    assert announced() == []
    assert not DomainEvent.objects.exists()


def test_withdrawing_what_was_never_published(in_health):
    with pytest.raises(ResourceMissing):
        withdraw_resource(actor=None, kind=ResourceKind.ARTICLE, source_uuid=SOURCE)


def test_an_unknown_kind(in_health):
    with pytest.raises(UnknownResourceKind, match="gossip"):
        publish(kind="gossip")


def test_two_tenants_publish_the_same_source_apart(city):
    for tenant in (city.health, city.edu):
        with tenant_scope(tenant):
            assert publish().version == 1
    with tenant_scope(city.edu):
        withdraw_resource(actor=None, kind=ResourceKind.ARTICLE, source_uuid=SOURCE)
    with tenant_scope(city.health):
        assert PublishedResource.objects.get().tenant_id == city.health.pk


def test_a_published_row_is_read_by_all_and_written_by_its_owner(city):
    with tenant_scope(city.health):
        publish()
    with tenant_scope(city.stranger):
        assert PublishedResource.objects.count() == 1
        assert PublishedResource.objects.update(title="改") == 0
        assert PublishedResource.objects.all().delete()[0] == 0
        with pytest.raises(ResourceMissing):
            withdraw_resource(actor=None, kind=ResourceKind.ARTICLE, source_uuid=SOURCE)


def test_the_sites_own_address_is_not_stored(city):
    with tenant_scope(city.edu):
        own = publish(url="http://localhost:8000/edu/tzgg/a1/")
        again = publish(url="tzgg/a1/")
        other = publish(source_uuid=uuid.uuid4(), url="https://www.example.gov.cn/x/")

    assert own.url == "tzgg/a1/"
    assert again.version == 1
    assert other.url == "https://www.example.gov.cn/x/"


@pytest.mark.parametrize(("change", "queries"), [({}, 3), ({"title": "更正"}, 7)])
def test_few_queries_to_repeat_and_to_change(in_health, django_assert_num_queries, change, queries):
    publish()
    with django_assert_num_queries(queries):
        publish(**change)


def test_a_row_is_published_as_its_app_describes_it(in_health):
    def describe(tenant):
        return ResourceDescription(
            kind=ResourceKind.HOME,
            source_uuid=SOURCE,
            title=tenant.name,
            url="",
            published_at=AT,
        )

    with published_resources.replaced_by(**{"sites_tenancy.tenant": describe}):
        assert publish_row(actor=None, row=in_health).title == in_health.name
    with published_resources.replaced_by(), pytest.raises(UnknownCapability):
        publish_row(actor=None, row=in_health)
