"""Writes of the resource library: publishing and withdrawing the public face of a row."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from sites.audit.services import record_event
from sites.outbox.faults import commit_point
from sites.outbox.services import emit
from sites.registry.resources import ResourceDescription, published_resources
from sites.tenancy.scope import current_tenant_id
from sites.tenancy.selectors import public_address

from .enums import RESOURCE_PUBLISHED, RESOURCE_WITHDRAWN, ResourceKind
from .exceptions import ResourceMissing, UnknownResourceKind
from .models import PublishedResource
from .rules import checksum, is_absolute, relative_to_home


def publish_resource(
    *,
    actor: AbstractBaseUser | None,
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
    ``actor``: the user, or ``None`` for the platform.

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
def publish_description(
    *, actor: AbstractBaseUser | None, description: ResourceDescription
) -> PublishedResource:
    """As :func:`publish_resource`, from a description."""
    if description.kind not in ResourceKind.values:
        raise UnknownResourceKind(f"{description.kind!r} is no kind of published resource")
    values = _values(description)
    resource, is_new = PublishedResource.objects.select_for_update().get_or_create(
        tenant_id=current_tenant_id(),
        kind=description.kind,
        source_uuid=description.source_uuid,
        defaults=values,
    )
    if not is_new:
        if resource.is_published and resource.checksum == values["checksum"]:
            return resource
        _change(resource, is_published=True, withdrawn_at=None, **values)
    _announce(resource, RESOURCE_PUBLISHED, actor)
    return resource


@transaction.atomic
def withdraw_resource(
    *, actor: AbstractBaseUser | None, kind: str, source_uuid: UUID
) -> PublishedResource:
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
        _change(resource, is_published=False, withdrawn_at=now, updated_at=now)
        _announce(resource, RESOURCE_WITHDRAWN, actor)
    return resource


def publish_row(*, actor: AbstractBaseUser | None, row: models.Model) -> PublishedResource:
    """Publish ``row`` as its app describes it (``published_resources.py``).

    :raises UnknownCapability: no app describes rows of that model.
    """
    describe = published_resources.get(row._meta.label_lower)
    return publish_description(actor=actor, description=describe(row))


def _values(description: ResourceDescription) -> dict[str, object]:
    """Columns of the row, with the address reduced to what stays true when the site moves."""
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
    }


def _change(resource: PublishedResource, **values: object) -> None:
    """Write ``values`` under the next version. The row is locked, so the version is the next."""
    for name, value in values.items():
        setattr(resource, name, value)
    resource.version += 1
    resource.save(update_fields=[*values, "version"])


def _announce(resource: PublishedResource, kind: str, actor: AbstractBaseUser | None) -> None:
    commit_point("resources.written")
    emit(
        kind=kind,
        subject=resource.uuid,
        version=resource.version,
        payload={"kind": resource.kind, "resource_id": resource.pk},
    )
    record_event(
        kind=kind,
        subject=resource,
        actor=actor,
        data={"version": resource.version, "checksum": resource.checksum},
    )
    commit_point("resources.announced")
