"""An editor's process for tests of the whole way: publishes, waits, looks.

Reads lines ``COMMAND NUMBER`` and answers each with one JSON object.
"""

import json
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

import django


def publish(count: int) -> dict:
    from cms_core.resources.services import publish_resource
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(_tenant()):
        for number in range(count):
            publish_resource(
                actor=None,
                kind="article",
                source_uuid=uuid.uuid4(),
                title=f"示例{number}",
                url=f"a{number}/",
                published_at=datetime(2026, 7, 1, tzinfo=UTC),
            )
    return look(0)


def look(_count: int) -> dict:
    from sites.outbox.models import ConsumerCursor, Job, OutboxEvent
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(_tenant()):
        # First, because a worker goes on delivering: nothing undelivered means that all the rest is there.
        undelivered = OutboxEvent.objects.undelivered().count()
        return {
            "effects": Job.objects.filter(kind="effect").count(),
            "applied": ConsumerCursor.objects.filter(applied_version__gt=0).count(),
            "undelivered": undelivered,
        }


def wait(seconds: int) -> dict:
    """Until everything is delivered, at most ``seconds``."""
    deadline = time.monotonic() + seconds
    while (state := look(0))["undelivered"] and time.monotonic() < deadline:
        time.sleep(0.2)
    return state


def expire(_count: int) -> dict:
    """What a minute of waiting does to the leases of a dead worker; then the sweep."""
    from django.utils import timezone

    from sites.outbox.models import ConsumerCursor, OutboxEvent
    from sites.outbox.sweep import GRACE_SECONDS, sweep_outbox
    from sites.tenancy.scope import tenant_scope

    past = timezone.now() - timedelta(seconds=GRACE_SECONDS + 1)
    with tenant_scope(_tenant()):
        ConsumerCursor.objects.filter(lease_until__isnull=False).update(lease_until=past)
        OutboxEvent.objects.undelivered().update(available_at=past)
    report = sweep_outbox()
    return {"wake_ups": report.wake_ups_sent}


def _tenant():
    from sites.tenancy.enums import TenantKind, TenantStatus
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import system_scope

    with system_scope("the tenant of a live test"):
        return Tenant.objects.get_or_create(
            code="live-site",
            defaults={"name": "示例", "kind": TenantKind.DEPARTMENT, "status": TenantStatus.OPEN},
        )[0]


def main() -> None:
    django.setup()
    commands = {"publish": publish, "look": look, "wait": wait, "expire": expire}
    for line in sys.stdin:
        name, number = line.split()
        sys.stdout.write(json.dumps(commands[name](int(number))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
