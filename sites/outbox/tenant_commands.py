"""Commands of Wagtail that know no tenant, run once inside each tenant's scope.

Without a scope they fail; in a system scope they would work on all tenants in one transaction and
write rows that belong to nobody.
"""

import io
from collections.abc import Iterable

from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.utils import timezone
from wagtail.models import DraftStateMixin

from sites.tenancy.models import OwnRevision, Tenant
from sites.tenancy.scope import system_scope, tenant_scope

PUBLISH_SCHEDULED = "publish_scheduled"
REBUILD_REFERENCES = "rebuild_references_index"
#: The commands that may be run this way: they read and write guarded rows only.
TENANT_COMMANDS = frozenset({PUBLISH_SCHEDULED, REBUILD_REFERENCES})


def run_in_tenants(command: str, tenants: Iterable[Tenant]) -> int:
    """Run ``command`` inside each tenant's scope; how many there were.

    :raises ValueError: the command is not one of :data:`TENANT_COMMANDS`.
    """
    if command not in TENANT_COMMANDS:
        raise ValueError(f"{command!r} is not run by tenant: {', '.join(sorted(TENANT_COMMANDS))}")
    count = 0
    for tenant in tenants:
        with tenant_scope(tenant):
            call_command(command, stdout=io.StringIO())
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
