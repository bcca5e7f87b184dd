"""Publishing many at once gives the rows, events and records that publishing each alone gives."""

import uuid
from datetime import UTC, datetime

import pytest

from cms_core.resources.exceptions import UnknownResourceKind
from cms_core.resources.models import PublishedResource
from cms_core.resources.services import (
    publish_description,
    publish_descriptions,
    withdraw_resource,
)
from sites.audit.models import DomainEvent, PendingSeal
from sites.outbox.models import OutboxEvent
from sites.registry.resources import ResourceDescription
from sites.tenancy.scope import tenant_scope

SOURCES = [uuid.UUID(int=number) for number in range(1, 41)]


def describe(number, title="示例", kind="article"):
    return ResourceDescription(
        kind=kind,
        source_uuid=SOURCES[number],
        title=f"{title}{number}",
        url=f"a{number}/",
        published_at=datetime(2026, 7, 1, 9, number % 60, tzinfo=UTC),
        topic_codes=("B", "A"),
    )


def each_alone(actor, descriptions):
    return [publish_description(actor=actor, description=item) for item in descriptions]


def all_at_once(actor, descriptions):
    return publish_descriptions(actor=actor, descriptions=descriptions)


def rows(tenant):
    """What the database holds for the tenant, without keys and times."""
    left_out = {"id", "uuid", "tenant_id", "updated_at", "withdrawn_at"}
    with tenant_scope(tenant):
        own = PublishedResource.objects.filter(tenant=tenant).order_by("source_uuid")
        names = {row.pk: row.source_uuid for row in own}
        events = OutboxEvent.objects.order_by("pk")
        records = DomainEvent.objects.order_by("pk")
        return {
            "resources": [
                {name: value for name, value in row.items() if name not in left_out}
                for row in own.values()
            ],
            "events": sorted(
                (names[event.payload["resource_id"]].int, event.version, event.kind)
                for event in events
            ),
            "records": sorted(
                (names[int(e.subject_id)].int, e.data["version"], e.kind, e.actor_id or 0)
                for e in records
            ),
            "waiting": PendingSeal.objects.count(),
        }


@pytest.mark.parametrize("publish", [each_alone, all_at_once])
def test_rows_are_equal(city, publish):
    for tenant, way in ((city.health, each_alone), (city.edu, publish)):
        with tenant_scope(tenant):
            way(7, [describe(number) for number in range(6)])
            withdraw_resource(actor=7, kind="article", source_uuid=SOURCES[1])
            # unchanged, withdrawn, changed, unchanged, changed, new
            way(
                8,
                [
                    describe(0),
                    describe(1),
                    describe(2, "改"),
                    describe(3),
                    describe(4, "改"),
                    describe(6),
                ],
            )

    assert rows(city.edu) == rows(city.health)
    assert len(rows(city.edu)["events"]) == 6 + 1 + 4


def test_resources_come_back_in_the_given_order(city):
    with tenant_scope(city.edu):
        all_at_once(None, [describe(2)])
        found = all_at_once(None, [describe(3), describe(2), describe(1)])

    assert [resource.source_uuid for resource in found] == [SOURCES[3], SOURCES[2], SOURCES[1]]
    assert all(resource.pk for resource in found)


@pytest.mark.parametrize("count", [2, 40])
def test_queries_do_not_grow(city, django_assert_num_queries, count):
    with tenant_scope(city.edu):
        all_at_once(None, [describe(number) for number in range(0, count, 2)])
        # savepoint, lock, insert, update, outbox, two of the audit trail, release
        with django_assert_num_queries(8):
            all_at_once(None, [describe(number, "改") for number in range(count)])


def test_nothing_to_do_announces_nothing(city, django_assert_num_queries):
    with tenant_scope(city.edu):
        all_at_once(None, [describe(1)])
        before = rows(city.edu)
        all_at_once(None, [describe(1)])
        all_at_once(None, [])

    assert rows(city.edu) == before


def test_bad_input_writes_nothing(city):
    with tenant_scope(city.edu):
        with pytest.raises(ValueError, match="two descriptions"):
            all_at_once(None, [describe(1), describe(1, "改")])
        with pytest.raises(UnknownResourceKind):
            all_at_once(None, [describe(1), describe(2, kind="gossip")])

        assert not PublishedResource.objects.exists()
