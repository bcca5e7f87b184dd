"""Every reference an object holds must be visible in its tenant: checked at save, live rows and drafts alike.

The guard sees foreign keys; pictures in rich text, pages in StreamField and inline children stand
inside text. Wagtail's own extractor finds them all.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.signals import pre_save
from wagtail.models import ReferenceIndex, Revision

from .exceptions import CrossTenantWrite
from .scope import current_scope
from .visibility import visibility_map


@dataclass(frozen=True, slots=True)
class ForeignReference:
    """A reference to a row that the open tenant cannot see."""

    model_label: str
    object_id: str
    content_path: str


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference as Wagtail's index notes it. ``type_id``: content type of what is referred to."""

    type_id: int
    object_id: str
    model_path: str
    content_path: str


def references_of(instance: models.Model) -> list[Reference]:
    """Every reference of ``instance``: keys, rich text, StreamField, inline children; each once."""
    found = ReferenceIndex._extract_references_from_object(instance)
    return [Reference(*reference) for reference in dict.fromkeys(found)]


def foreign_references(instance: models.Model) -> list[ForeignReference]:
    """References of ``instance`` (keys, rich text, StreamField, inline children) that are not visible.

    One query for each target model. Empty in a system or opening scope.
    """
    scope = current_scope()
    if scope is None or scope.all:
        return []
    return _not_visible(references_of(instance))


def refuse_foreign_references(found: Iterable[tuple[models.Model, Reference]]) -> None:
    """For bulk inserts, which send no signals. One query for each target model.

    :raises CrossTenantWrite: one of the references is not visible in the open scope.
    """
    scope = current_scope()
    if scope is None or scope.all:
        return
    pairs = list(found)
    missing = _not_visible([reference for _instance, reference in pairs])
    if missing:
        first = missing[0]
        raise CrossTenantWrite(
            f"{first.content_path} refers to {first.model_label} {first.object_id}, "
            "which this tenant cannot see"
        )


def _not_visible(references: Iterable[Reference]) -> list[ForeignReference]:
    wanted: dict[int, set[str]] = defaultdict(set)
    places: dict[tuple[int, str], str] = {}
    for reference in references:
        object_id = str(reference.object_id)
        wanted[reference.type_id].add(object_id)
        places.setdefault((reference.type_id, object_id), reference.content_path)
    missing = []
    for type_id, ids in wanted.items():
        target: Any = ContentType.objects.get_for_id(type_id).model_class()
        if target is None:
            continue
        visibility = visibility_map.of(target)
        if visibility is None or not visibility.is_filtered:
            continue
        seen = {
            str(pk)
            for pk in target._base_manager.order_by()
            .filter(pk__in=ids)
            .values_list("pk", flat=True)
        }
        missing += [
            ForeignReference(target._meta.label, object_id, places[type_id, object_id])
            for object_id in sorted(ids - seen)
        ]
    return missing


def refuse_foreign_owner(instance: models.Model) -> None:
    """Say so before anything is read in its name.

    :raises CrossTenantWrite: ``instance`` belongs to another tenant than the open one.
    """
    scope = current_scope()
    visibility = visibility_map.of(type(instance))
    owner = (
        visibility.owner_attname() if visibility is not None and visibility.is_filtered else None
    )
    if scope is None or scope.all or owner is None:
        return
    if getattr(instance, owner) not in {None, scope.tenant_id}:
        raise CrossTenantWrite(f"{instance._meta.label} {instance.pk} belongs to another tenant")


def check_references_before_save(
    sender: type[models.Model], instance: Any, raw: bool = False, **kwargs: Any
) -> None:
    """Signal receiver.

    :raises CrossTenantWrite: the instance, or the object inside a revision, refers to a foreign row.
    """
    scope = current_scope()
    if raw or scope is None or scope.all:
        return
    refuse_foreign_owner(instance)
    if isinstance(instance, Revision):
        subject = instance.as_object()
    elif ReferenceIndex.model_is_indexable(sender):
        subject = instance
    else:
        return
    missing = foreign_references(subject)
    if missing:
        first = missing[0]
        raise CrossTenantWrite(
            f"{subject._meta.label}: {first.content_path} refers to {first.model_label} "
            f"{first.object_id}, which this tenant cannot see"
        )


def connect() -> None:
    """Connect the receiver; called once when the apps are ready."""
    pre_save.connect(check_references_before_save, dispatch_uid="sites.tenancy.references")
