"""A process of its own that lets children die at every commit point and looks at what they left.

``python -m tests.sites.outbox.kill_scenarios`` prints one JSON line a scenario and point. It loads
Django once and forks: each child opens its own connections, does the work of a web process or a
worker, and is killed by the fault hook with SIGKILL. Other children look at the rows afterwards and do
what the product does next: a user's second try, an expired lease, a sweep.
"""

import json
import os
import signal
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

#: Scenario -> points it passes. Numbers choose the passing.
POINTS = {
    "publish": [
        "resources.written",
        "outbox.emitted",
        "audit.recorded",
        "resources.announced",
        "outbox.committed",
        "outbox.woken",
    ],
    "enqueue": ["outbox.job_enqueued"],
    "deliver": [
        "outbox.event_claimed",
        "outbox.cursor_claimed",
        "outbox.cursor_claimed:2",
        "outbox.handled",
        "outbox.applied_in_transaction",
        "outbox.applied",
        "outbox.applied:2",
        "outbox.event_delivered",
    ],
    "job": [
        "outbox.job_claimed",
        "outbox.job_checkpointed",
        "outbox.job_checkpointed:2",
        "outbox.job_ran",
        "outbox.job_finished",
    ],
    "seal": [
        "audit.sealed_in_transaction",
        "audit.sealed",
        "audit.heads_appended",
        "audit.heads_copied",
    ],
}
SOURCE = uuid.UUID("00000000-0000-4000-8000-000000000001")
Step = Callable[[], dict[str, Any]]


def _tenant():
    from sites.tenancy.enums import TenantKind, TenantStatus
    from sites.tenancy.models import Tenant
    from sites.tenancy.scope import system_scope

    with system_scope("the tenant of a kill test"):
        return Tenant.objects.get_or_create(
            code=f"kill-{os.environ['KILL_RUN']}",
            defaults={
                "name": "示例",
                "kind": TenantKind.DEPARTMENT,
                "status": TenantStatus.OPEN,
            },
        )[0]


def _publish():
    from cms_core.resources.services import publish_resource
    from sites.tenancy.scope import tenant_scope

    tenant = _tenant()
    with tenant_scope(tenant):
        publish_resource(
            actor=None,
            kind="article",
            source_uuid=SOURCE,
            title="示例",
            url="a/",
            published_at=datetime(2026, 7, 1, tzinfo=UTC),
        )
    return {}


def _published():
    from cms_core.resources.models import PublishedResource
    from sites.audit.models import DomainEvent, PendingSeal, SealedEvent
    from sites.outbox.models import OutboxEvent
    from sites.tenancy.scope import tenant_scope

    tenant = _tenant()
    with tenant_scope(tenant):
        return {
            "resources": PublishedResource.objects.filter(tenant=tenant).count(),
            "outbox_events": OutboxEvent.objects.count(),
            "domain_events": DomainEvent.objects.count(),
            "seals": PendingSeal.objects.count() + SealedEvent.objects.count(),
        }


def _external_file() -> Path:
    return Path(os.environ["KILL_FOLDER"]) / f"external-{os.environ['KILL_RUN']}"


def _load():
    """Import once what every child would import."""
    import kombu.transport.memory  # noqa: F401
    import psycopg  # noqa: F401

    import cms_core
    import cms_core.resources.services
    import sites.audit.verification
    import sites.outbox.sweep  # noqa: F401

    cms_core.celery_app.finalize()
    cms_core.celery_app.amqp.queues  # noqa: B018 - builds them


def _register():
    """A consumer that writes rows, one that writes outside, and a job of three steps."""
    from django.db import transaction

    from sites.outbox.models import Job
    from sites.registry.delivery import register_consumer, register_job_kind

    def write_row(delivery):
        Job.objects.create(kind="effect", key=f"{delivery.subject_uuid}-{delivery.version}")

    def write_outside(delivery):
        with _external_file().open("a") as file:
            file.write(f"{delivery.version}\n")

    def three_steps(run):
        for step in range(run.progress.get("done", 0), 3):
            with transaction.atomic():
                Job.objects.create(kind="effect", key=f"step-{step}")
                run.checkpoint(done=step + 1)

    register_consumer("inside", {"resource.published"}, write_row, is_transactional=True)
    register_consumer("outside", {"resource.published"}, write_outside)
    register_job_kind("three-steps", three_steps)


def _deliver():
    from sites.outbox.delivery import deliver_due
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(_tenant()):
        deliver_due()
    return {}


def _delivered():
    from sites.outbox.models import ConsumerCursor, Job, OutboxEvent
    from sites.tenancy.scope import tenant_scope

    path = _external_file()
    with tenant_scope(_tenant()):
        cursors = dict(ConsumerCursor.objects.values_list("consumer", "applied_version"))
        return {
            "inside": Job.objects.filter(kind="effect").count(),
            "inside_cursor": cursors.get("inside", 0),
            "outside": len(path.read_text().splitlines()) if path.exists() else 0,
            "outside_cursor": cursors.get("outside", 0),
            "undelivered": OutboxEvent.objects.undelivered().count(),
        }


def _let_leases_run_out():
    """What a minute of waiting does."""
    from django.utils import timezone

    from sites.outbox.models import ConsumerCursor, Job, OutboxEvent
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(_tenant()):
        ConsumerCursor.objects.filter(lease_until__isnull=False).update(lease_until=timezone.now())
        OutboxEvent.objects.undelivered().update(available_at=timezone.now())
        Job.objects.open().update(available_at=timezone.now())
    return {}


def _enqueue():
    from sites.outbox.services import enqueue_job
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(_tenant()):
        enqueue_job(actor=None, kind="three-steps", key="k")
    return {}


def _run_job():
    from sites.outbox.jobs import run_job
    from sites.outbox.models import Job
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(_tenant()):
        for pk in Job.objects.due().filter(kind="three-steps").values_list("pk", flat=True):
            run_job(job_id=pk)
    return {}


def _worked():
    from sites.outbox.models import Job
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(_tenant()):
        job = Job.objects.filter(kind="three-steps").first()
        return {
            "jobs": int(job is not None),
            "steps": Job.objects.filter(kind="effect").count(),
            "progress": job.progress.get("done", 0) if job else 0,
            "done": int(job is not None and job.status == "done"),
        }


def _seal():
    from sites.audit.head_copies import copy_heads
    from sites.audit.sealing import seal_pending

    seal_pending()
    copy_heads()
    return {}


def _sealed():
    from sites.audit.models import ChainHead, SealedEvent
    from sites.audit.verification import verify
    from sites.tenancy.scope import tenant_scope

    found = verify(unsealed_after_seconds=3600, uncopied_after_seconds=3600)
    with tenant_scope(_tenant()):
        head = ChainHead.objects.first()
        return {
            "problems": [problem.code for problem in found.problems],
            "links": SealedEvent.objects.count(),
            "head": head.sequence if head else 0,
            "copied": head.copied_sequence if head else 0,
        }


#: Scenario -> what happened before, the work that is killed, what is looked at, what follows.
SCENARIOS: dict[str, tuple[list[Step], Step, Step, list[Step]]] = {
    "publish": ([], _publish, _published, [_publish]),
    "enqueue": ([], _enqueue, _worked, [_enqueue]),
    "deliver": ([_publish], _deliver, _delivered, [_let_leases_run_out, _deliver]),
    "job": ([_enqueue], _run_job, _worked, [_let_leases_run_out, _run_job]),
    "seal": ([_publish], _seal, _sealed, [_seal]),
}


def in_child(step: Step, *, fault: str = "") -> tuple[bool, dict[str, Any]]:
    """Run ``step`` in a process of its own: whether it was killed, and what it returned."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        os.environ["JIYUE_FAULT_AT"] = fault
        result = step()
        os.write(writing, json.dumps(result).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        text = answer.read()
    _pid, status = os.waitpid(pid, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not killed and os.WEXITSTATUS(status) != 0:
        raise RuntimeError(f"{step.__name__} failed")
    return killed, json.loads(text) if text else {}


def main() -> None:
    django.setup()
    _load()
    _register()
    run = 0
    for scenario, points in POINTS.items():
        before, work, look, follows = SCENARIOS[scenario]
        for point in points:
            run += 1
            os.environ["KILL_RUN"] = str(run)
            for step in before:
                in_child(step)
            killed, _result = in_child(work, fault=point)
            _killed, after_kill = in_child(look)
            for step in follows:
                in_child(step)
            _killed, after_recovery = in_child(look)
            line = {
                "scenario": scenario,
                "point": point,
                "killed": killed,
                "after_kill": after_kill,
                "after_recovery": after_recovery,
            }
            sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
