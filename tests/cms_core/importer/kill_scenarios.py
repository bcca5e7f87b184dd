"""Processes of an import that die in the middle, or find the disk full, and others that look and go on.

``python -m tests.cms_core.importer.kill_scenarios`` prints one JSON line a case. It loads Django once
and forks; every case imports the same dump into a tenant of its own.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

from tests.sites.outbox.kill_scenarios import in_child

#: Inside a middle and the last batch of pages, and between two batches.
POINTS = ["audit.recorded:2", "outbox.committed:3", "resources.announced:4"]
ARTICLES, BATCH = 12, 3


def _tenant() -> Any:
    from sites.tenancy.models import Tenant

    return Tenant.objects.get(code=f"kill-{os.environ['KILL_RUN']}")


def _open() -> dict[str, Any]:
    from tests.tenants import make_tenant

    make_tenant(f"kill-{os.environ['KILL_RUN']}")
    return {}


def _import() -> dict[str, Any]:
    from cms_core.importer.services import import_site
    from cms_core.importer.sources import open_source
    from sites.tenancy.scope import tenant_scope

    path = Path(os.environ["KILL_FOLDER"]) / "old_site.sql"
    tenant = _tenant()
    with closing(open_source(path)) as source, tenant_scope(tenant):
        result = import_site(
            actor=None, tenant=tenant, source=source, source_digest="d", batch_size=BATCH
        )
    return {"written": dict(result.report.written)}


def _import_on_a_full_disk() -> dict[str, Any]:
    from django.db import connection

    from cms_core.importer.exceptions import ImportFailed

    connection.ensure_connection()
    used = connection.connection.execute("PRAGMA page_count").fetchone()[0]
    connection.connection.execute(f"PRAGMA max_page_count = {used + 8}")
    try:
        _import()
    except ImportFailed as error:
        return {"told": str(error)}
    return {"told": ""}


def _look() -> dict[str, Any]:
    """Numbers of all rows an import writes, and whether each page has its account and the reverse."""
    from wagtail.contrib.redirects.models import Redirect
    from wagtail.models import PageLogEntry, ReferenceIndex, Revision

    from cms_core.importer.models import (
        ImportedRecord,
        ImportRun,
        MissingAttachment,
        TextToCheck,
    )
    from cms_core.pages.models import ArticlePage, BasePage
    from cms_core.pages.tree import tree_faults
    from cms_core.resources.models import PublishedResource
    from sites.audit.models import DomainEvent, PendingSeal
    from sites.outbox.models import OutboxEvent
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(_tenant()):
        pages = set(ArticlePage.objects.filter(slug__startswith="a-").values_list("pk", flat=True))
        told = set(
            ImportedRecord.objects.filter(kind="articles", applied_digest__gt="").values_list(
                "page_id", flat=True
            )
        )
        counted = (
            BasePage, Revision, PageLogEntry, ReferenceIndex, ImportedRecord, MissingAttachment,
            TextToCheck, Redirect, OutboxEvent, DomainEvent, PendingSeal,
        )  # fmt: skip
        rows = {model.__name__: model.objects.count() for model in counted}
        # Each run that came to its end says so, also one that found nothing to do.
        ended = DomainEvent.objects.filter(kind="old_site_merged").count()
        rows["DomainEvent"] -= ended
        rows["PendingSeal"] -= ended
        resources = PublishedResource.objects.filter(tenant=_tenant()).count()
        return {
            "rows": rows | {"resources": resources},
            "ended": ended,
            "pages": len(pages),
            "unaccounted": len(pages ^ told),
            "faults": tree_faults(),
            "runs": sorted(ImportRun.objects.values_list("status", flat=True)),
        }


def _let_it_count_as_dead() -> dict[str, Any]:
    """What five minutes of waiting do."""
    from cms_core.importer.models import ImportRun
    from cms_core.importer.services import STALE_AFTER
    from sites.tenancy.scope import tenant_scope

    with tenant_scope(_tenant()):
        for run in ImportRun.objects.all():
            ImportRun.objects.filter(pk=run.pk).update(
                touched_at=run.touched_at - STALE_AFTER - timedelta(seconds=1)
            )
    return {}


def _case(number: int, name: str, work: Callable[[], dict[str, Any]], fault: str = "") -> None:
    os.environ["KILL_RUN"] = str(number)
    in_child(_open)
    killed, answer = in_child(work, fault=fault)
    _killed, after = in_child(_look)
    in_child(_let_it_count_as_dead)
    in_child(_import)
    _killed, whole = in_child(_look)
    _killed, again = in_child(_import)
    line = {
        "case": name,
        "killed": killed,
        "answer": answer,
        "after": after,
        "whole": whole,
        "again": again,
    }
    sys.stdout.write(json.dumps(line) + "\n")


def main() -> None:
    django.setup()

    _case(0, "undisturbed", _import)
    for number, point in enumerate(POINTS, start=1):
        _case(number, point, _import, fault=point)
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.close()
        _case(len(POINTS) + 1, "full disk", _import_on_a_full_disk)


if __name__ == "__main__":
    main()
