"""Maintenance that Wagtail's commands do without knowing a tenant, done inside each tenant's scope.

Without a scope those commands fail; in a system scope they would work on all tenants in one
transaction and write rows that belong to nobody.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import models
from django.utils import timezone
from wagtail.models import DraftStateMixin, ReferenceIndex

from sites.tenancy.models import OwnRevision, Tenant
from sites.tenancy.scope import system_scope, tenant_scope

from .attempts import short_transaction

#: Objects indexed in one transaction.
CHUNK = 50


def publish_scheduled() -> None:
    """Publish and expire what the open tenant scheduled: Wagtail's own command."""
    call_command("publish_scheduled", stdout=io.StringIO())


def rebuild_references() -> None:
    """Bring the open tenant's reference index in line with its objects, in short transactions.

    Wagtail's command deletes the whole index first, past the ownership rows, in one transaction;
    this one corrects it object by object and then removes what belongs to no object.
    """
    for model in sorted(ReferenceIndex.indexed_models, key=lambda model: model._meta.label):
        for keys in _chunks(model._default_manager.order_by("pk").values_list("pk", flat=True)):
            with short_transaction("rebuilding references"):
                for instance in model._default_manager.filter(pk__in=keys):
                    ReferenceIndex.create_or_update_for_object(instance)
    for type_id in set(ReferenceIndex.objects.values_list("base_content_type", flat=True)):
        _remove_orphans(ContentType.objects.get_for_id(type_id))


def _remove_orphans(base_type: ContentType) -> None:
    rows = ReferenceIndex.objects.filter(base_content_type=base_type)
    model = base_type.model_class()
    holders = rows.order_by().values_list("object_id", flat=True).distinct()
    for keys in _chunks(holders):
        alive = set()
        if model is not None:
            alive = {
                str(key)
                for key in model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)
            }
        rows.filter(object_id__in=set(keys) - alive).delete()


def _chunks(keys: Iterable[Any]) -> Iterator[list[Any]]:
    # Read whole first: rows are written while the keys are walked.
    iterator = iter(list(keys))
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


PUBLISH_SCHEDULED = "publish_scheduled"
REBUILD_REFERENCES = "rebuild_references_index"
#: By the names of Wagtail's commands.
TENANT_COMMANDS: dict[str, Callable[[], None]] = {
    PUBLISH_SCHEDULED: publish_scheduled,
    REBUILD_REFERENCES: rebuild_references,
}


def run_in_tenants(command: str, tenants: Iterable[Tenant]) -> int:
    """Run ``command`` inside each tenant's scope; how many there were.

    :raises ValueError: the command is not one of :data:`TENANT_COMMANDS`.
    """
    if command not in TENANT_COMMANDS:
        raise ValueError(f"{command!r} is not run by tenant: {', '.join(sorted(TENANT_COMMANDS))}")
    count = 0
    for tenant in tenants:
        with tenant_scope(tenant):
            TENANT_COMMANDS[command]()
        count += 1
    return count


def tenants_with_scheduled_work() -> list[int]:
    """Ids of tenants where something goes live or expires by now, in order. A query a page-like model."""
    now = timezone.now()
    with system_scope("which tenants have something scheduled by now"):
        found = set(
            OwnRevision.objects.filter(target__approved_go_live_at__lt=now).values_list(
                "tenant_id", flat=True
            )
        )
        for model in _models_with_expiry():
            expired = model._default_manager.filter(live=True, expire_at__lt=now)
            found.update(expired.order_by().values_list("tenant_id", flat=True).distinct())
    return sorted(found)


def _models_with_expiry() -> list[type[models.Model]]:
    """Models that expire and hold their tenant; the types of a page are found by the page itself."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, DraftStateMixin)
        and any(field.name == "tenant" for field in model._meta.local_fields)
    ]
