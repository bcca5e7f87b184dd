"""Writes of the resource library: publishing and withdrawing the public face of a row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from sites.audit.services import Actor, record_events
from sites.outbox.faults import commit_point
from sites.outbox.services import Change, emit_all
from sites.registry.resources import ResourceDescription, published_resources
from sites.tenancy.guarded_rows import insert_objects
from sites.tenancy.scope import current_tenant_id
from sites.tenancy.selectors import public_address

from .enums import RESOURCE_PUBLISHED, RESOURCE_WITHDRAWN, ResourceKind
from .exceptions import ResourceMissing, UnknownResourceKind
from .models import PublishedResource
from .rules import checksum, is_absolute, relative_to_home

#: Sources in one statement: SQLite takes 32,766 parameters, an UPDATE of four columns eight a row.
_SOURCES_AT_ONCE = 500


def publish_resource(
    *,
    actor: Actor,
    kind: str,
    source_uuid: UUID,
    title: str,
    url: str,
    published_at: datetime,
    summary: str = "",
    body_text: str = "",
    source_name: str = "",
    issuing_body_id: int | None = None,
    topic_codes: Sequence[str] = (),
    index_number: str = "",
) -> PublishedResource:
    """Put a row's public face into the library, in the caller's transaction. Repeating it changes nothing.

    A change that a reader can see, and publishing again what was withdrawn, raises the version and
    emits ``resource.published`` in the same transaction.

    ``url``: path below the site's address, or an absolute address; the site's own is cut off.
    ``actor``: the user, a user's id, or ``None`` for the platform.

    :raises UnknownResourceKind: ``kind`` is no :class:`ResourceKind`.
    """
    description = ResourceDescription(
        kind=kind,
        source_uuid=source_uuid,
        title=title,
        url=url,
        published_at=published_at,
        summary=summary,
        body_text=body_text,
        source_name=source_name,
        issuing_body_id=issuing_body_id,
        topic_codes=tuple(topic_codes),
        index_number=index_number,
    )
    return publish_description(actor=actor, description=description)


@transaction.atomic
def publish_description(*, actor: Actor, description: ResourceDescription) -> PublishedResource:
    """As :func:`publish_resource`, from a description."""
    values = _values(description)
    resource, is_new = PublishedResource.objects.select_for_update().get_or_create(
        tenant_id=current_tenant_id(),
        kind=description.kind,
        source_uuid=description.source_uuid,
        defaults=values,
    )
    if not is_new:
        if not _differs(resource, values):
            return resource
        resource.save(update_fields=_change(resource, values))
    _announce([resource], RESOURCE_PUBLISHED, actor)
    return resource


@transaction.atomic
def publish_descriptions(
    *, actor: Actor, descriptions: Sequence[ResourceDescription]
) -> list[PublishedResource]:
    """As :func:`publish_description` for many rows, in a number of queries that does not grow with them.

    For up to some hundreds at once: they share a transaction. The resources come back in the order
    of ``descriptions``.

    :raises ValueError: two descriptions of one source.
    :raises IntegrityError: another transaction published one of the new sources at the same moment;
        nothing was written, try again.
    """
    tenant_id = current_tenant_id()
    wanted = {(item.kind, item.source_uuid): _values(item) for item in descriptions}
    if len(wanted) != len(descriptions):
        raise ValueError("two descriptions of one source")
    # Locked in one order, so that two bulk writers cannot wait for each other. Not that of their keys:
    # SQLite would walk through all resources of the tenant in that order.
    present = {
        (resource.kind, resource.source_uuid): resource
        for resource in PublishedResource.objects.select_for_update()
        # With the kind the index on all three finds each; without, every row of the tenant is looked at.
        .filter(
            tenant_id=tenant_id,
            kind__in={kind for kind, _uuid in wanted},
            source_uuid__in=[uuid for _kind, uuid in wanted],
        )
        .order_by("source_uuid", "kind")
    }
    new: list[PublishedResource] = []
    changed, columns = [], set[str]()
    for (kind, source_uuid), values in wanted.items():
        resource = present.get((kind, source_uuid))
        if resource is None:
            resource = PublishedResource(
                tenant_id=tenant_id, kind=kind, source_uuid=source_uuid, **values
            )
            present[kind, source_uuid] = resource
            new.append(resource)
        elif _differs(resource, values):
            columns.update(_change(resource, values))
            changed.append(resource)
    insert_objects(new)
    if changed:
        PublishedResource.objects.bulk_update(changed, sorted(columns))
    if new or changed:
        _announce([*new, *changed], RESOURCE_PUBLISHED, actor)
    return [present[item.kind, item.source_uuid] for item in descriptions]


@transaction.atomic
def withdraw_resource(*, actor: Actor, kind: str, source_uuid: UUID) -> PublishedResource:
    """Take a resource back (撤稿): readers see it no more, its owner keeps the row. Repeating changes nothing.

    :raises ResourceMissing: it was never published.
    """
    resource = (
        PublishedResource.objects.select_for_update()
        .filter(tenant_id=current_tenant_id(), kind=kind, source_uuid=source_uuid)
        .first()
    )
    if resource is None:
        raise ResourceMissing(f"no {kind} resource {source_uuid} in this tenant")
    if resource.is_published:
        now = timezone.now()
        withdrawn = {"is_published": False, "withdrawn_at": now, "updated_at": now}
        resource.save(update_fields=_change(resource, withdrawn))
        _announce([resource], RESOURCE_WITHDRAWN, actor)
    return resource


@transaction.atomic
def withdraw_sources(*, actor: Actor, source_uuids: Sequence[UUID]) -> int:
    """As :func:`withdraw_resource` for many sources of any kind; those never published are passed over.

    :returns: how many were withdrawn. The number of queries grows with batches, not with sources.
    """
    now, count = timezone.now(), 0
    for start in range(0, len(source_uuids), _SOURCES_AT_ONCE):
        some = source_uuids[start : start + _SOURCES_AT_ONCE]
        found = list(
            PublishedResource.objects.select_for_update()
            .filter(
                tenant_id=current_tenant_id(),
                kind__in=ResourceKind.values,
                source_uuid__in=some,
                is_published=True,
            )
            .order_by("source_uuid", "kind")
        )
        if not found:
            continue
        withdrawn = {"is_published": False, "withdrawn_at": now, "updated_at": now}
        columns: set[str] = set()
        for resource in found:
            columns.update(_change(resource, withdrawn))
        PublishedResource.objects.bulk_update(found, sorted(columns))
        _announce(found, RESOURCE_WITHDRAWN, actor)
        count += len(found)
    return count


def publish_row(*, actor: Actor, row: models.Model) -> PublishedResource:
    """Publish ``row`` as its app describes it (``published_resources.py``).

    :raises UnknownCapability: no app describes rows of that model.
    """
    describe = published_resources.get(row._meta.label_lower)
    return publish_description(actor=actor, description=describe(row))


def _values(description: ResourceDescription) -> dict[str, Any]:
    """Columns of the row, with the address reduced to what stays true when the site moves."""
    if description.kind not in ResourceKind.values:
        raise UnknownResourceKind(f"{description.kind!r} is no kind of published resource")
    url = description.url
    if is_absolute(url):
        address = public_address(current_tenant_id())
        url = relative_to_home(url, address.home_url if address else None)
    else:
        url = relative_to_home(url, None)
    return {
        "title": description.title,
        "summary": description.summary,
        "body_text": description.body_text,
        "url": url,
        "source_name": description.source_name,
        "issuing_body_id": description.issuing_body_id,
        "topic_codes": sorted(description.topic_codes),
        "index_number": description.index_number,
        "published_at": description.published_at,
        "updated_at": timezone.now(),
        "checksum": checksum(replace(description, url=url)),
        "is_published": True,
        "withdrawn_at": None,
    }


def _differs(resource: PublishedResource, values: Mapping[str, Any]) -> bool:
    """Whether a reader would see a difference."""
    return not resource.is_published or resource.checksum != values["checksum"]


def _change(resource: PublishedResource, values: Mapping[str, Any]) -> list[str]:
    """Set ``values`` under the next version; the columns to write. The row is locked by the caller."""
    for name, value in values.items():
        setattr(resource, name, value)
    resource.version += 1
    return [*values, "version"]


def _announce(resources: Sequence[PublishedResource], kind: str, actor: Actor) -> None:
    """Tell the outbox and the audit trail, in the transaction of the change."""
    commit_point("resources.written")
    emit_all(
        changes=[
            Change(
                kind,
                resource.uuid,
                resource.version,
                {"kind": resource.kind, "resource_id": resource.pk},
            )
            for resource in resources
        ]
    )
    record_events(
        kind=kind,
        subjects=[
            (resource, {"version": resource.version, "checksum": resource.checksum})
            for resource in resources
        ],
        actor=actor,
    )
    commit_point("resources.announced")
