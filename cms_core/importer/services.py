"""Writes of the importer. All run inside the tenant's scope.

An import is many short transactions, not one: each batch writes its pages,
their accounts, missing files and redirects together, so that a run killed at
any point is continued by the next one with nothing lost or doubled. What can
be wrong with a source is found before the first of them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.audit.services import record_event
from sites.tenancy.models import Tenant

from .enums import FindingCode, PersonalData, RunStatus
from .exceptions import ImportRunning, SourceError, full_disk
from .merge import SiteMerge
from .models import ImportRun
from .organizations import merge_organizations
from .report import KEPT_WITH_RUN, Entry, Report
from .selectors import forget_whether_merged
from .sources.records import LegacySite, OrganizationSource, Source

logger = logging.getLogger(__name__)

#: Pages in one transaction: about a quarter of a second, so that editors never wait for the lock.
BATCH_SIZE = 200
#: A run without a sign of life for this long was killed.
STALE_AFTER = timedelta(minutes=5)
#: With `resume` somebody says that the earlier run is gone. A batch takes a quarter of a second, so a run
#: that stands still this long does not work any more.
RESUME_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Ordered:
    """Who decided on a merge: a person (None: a command on the server), and the order of the administration."""

    by: Any = None
    order_id: int | None = None


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a run gives back; `run_id` is None for a dry run."""

    site: LegacySite
    source_name: str
    run_id: int | None
    report: Report


def choose_site(source: Source, site_code: str = "") -> LegacySite:
    """The site to import: the named one, or the only one.

    Raises `SourceError` that lists the sites of the source.
    """
    found = source.sites()
    listed = ", ".join(
        _("%(code)s (%(sections)d columns, %(articles)d articles)")
        % {"code": site.code, "sections": site.sections, "articles": site.articles}
        for site in found
    )
    if not found:
        raise SourceError(_("The source holds no site: its tables are empty. Export it again."))
    if not site_code and len(found) == 1:
        return found[0]
    if not site_code:
        raise SourceError(
            _("The source holds %(number)d sites. Name one with --site-code: %(listed)s.")
            % {"number": len(found), "listed": listed}
        )
    for site in found:
        if site.code == site_code:
            return site
    raise SourceError(
        _("The source has no site “%(code)s”. It has: %(listed)s.")
        % {"code": site_code, "listed": listed}
    )


def import_site(
    *,
    actor: Any,
    tenant: Tenant,
    source: Source,
    source_digest: str,
    site_code: str = "",
    dry_run: bool = False,
    resume: bool = False,
    batch_size: int = BATCH_SIZE,
    progress: Callable[[int, int], None] | None = None,
    personal_data: PersonalData = PersonalData.HOLD,
    ordered: Ordered | None = None,
) -> ImportResult:
    """Imports one site of `source` into the tenant whose scope is open.

    `progress` is called with the number of articles done and their total.
    Importing the same source again changes nothing. `resume` takes over a run
    that was killed a moment ago instead of refusing. `personal_data`: what becomes of articles with
    identity or bank card numbers; it counts for rows that are new or changed. `ordered`: whose decision
    it was, for the audit trail.

    Raises `SourceError` (nothing was written), `ImportRunning`, and
    `VerificationFailed`; a failed run is on record as failed.
    """
    site = choose_site(source, site_code)
    merge = SiteMerge(
        actor, tenant, source, site, batch_size, progress or _silent, PersonalData(personal_data)
    )
    with closing(merge):
        return _merge(
            merge, source_digest, dry_run=dry_run, resume=resume, ordered=ordered or Ordered(actor)
        )


def _merge(
    merge: SiteMerge, source_digest: str, *, dry_run: bool, resume: bool, ordered: Ordered
) -> ImportResult:
    site, report = merge.site, merge.report
    merge.prepare()
    report.note_all(
        Entry(row.kind, row.source_key, row.title, row.outcome, (row.reason,))
        for row in merge.source.set_aside(site.code)
    )

    def merge_bodies(run: ImportRun | None) -> None:
        if isinstance(merge.source, OrganizationSource):
            merge_organizations(
                actor=merge.actor,
                run=run,
                source_name=merge.source_name,
                organizations=merge.source.organizations(site.code),
                report=report,
            )

    if dry_run:
        merge.foresee()
        merge_bodies(None)
        return ImportResult(site, merge.source_name, None, report)
    if resume:
        _wait_for_killed_run()
    run = start_run(
        source_name=merge.source_name,
        source_digest=source_digest,
        stale_after=RESUME_AFTER if resume else STALE_AFTER,
    )
    try:
        merge.apply(run)
        merge_bodies(run)
    except BaseException as error:
        # Ctrl-C too: the run must not look alive. The error goes on to the caller.
        full = full_disk(error)
        _close_failed(run, report, full or error)
        if full is not None:
            raise full from error
        raise
    with transaction.atomic():
        finish_run(run=run, report=report)
        record_event(
            kind="old_site_merged",
            subject=merge.tenant,
            actor=ordered.by,
            data={
                "run": run.pk,
                "personal_data": merge.personal_data.value,
                "with_identity_or_bank_card_number": report.findings[FindingCode.PERSONAL_DATA],
                **({"order": ordered.order_id} if ordered.order_id else {}),
            },
        )
    return ImportResult(site, merge.source_name, run.pk, report)


def _close_failed(run: ImportRun, report: Report, error: BaseException) -> None:
    try:
        finish_run(run=run, report=report, failure=str(error) or type(error).__name__)
    except DatabaseError:
        # On a full disk not even this goes in. The run stays open and is taken over by the next one.
        logger.exception("the failed import %s could not be closed", run.pk)


def _silent(done: int, total: int) -> None:
    """No progress is shown."""


def done_with(*, source_name: str, source_digest: str) -> ImportRun | None:
    """The newest run of the source in the tenant, when it brought in exactly this state of it."""
    newest = ImportRun.objects.filter(source_name=source_name).first()
    if newest is None or newest.source_digest != source_digest:
        return None
    return newest if newest.status == RunStatus.DONE else None


def _wait_for_killed_run() -> None:
    """Waits until a run that stands still has stood still for long enough to be taken over."""
    running = ImportRun.objects.filter(status=RunStatus.RUNNING).first()
    if running is None:
        return
    rest = running.touched_at + RESUME_AFTER - timezone.now()
    time.sleep(max(0.0, rest.total_seconds()))


def start_run(
    *, source_name: str, source_digest: str, stale_after: timedelta = STALE_AFTER
) -> ImportRun:
    """Opens a run; one that was killed (no sign of life for `stale_after`) is closed first.

    Raises `ImportRunning` while another one works in the tenant.
    """
    now = timezone.now()
    ImportRun.objects.filter(status=RunStatus.RUNNING, touched_at__lte=now - stale_after).update(
        status=RunStatus.FAILED, failure=_("killed"), finished_at=now
    )
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                source_name=source_name,
                source_digest=source_digest,
                started_at=now,
                touched_at=now,
            )
        forget_whether_merged()
        return run
    except IntegrityError as error:
        running = ImportRun.objects.filter(status=RunStatus.RUNNING).first()
        raise ImportRunning(
            _(
                "Another import (%(source)s, since %(started)s) works in this site. Wait for its end; "
                "if it was killed, start again %(minutes)d minutes after its last sign of life."
            )
            % {
                "source": running.source_name if running else "?",
                "started": timezone.localtime(running.started_at) if running else "?",
                "minutes": STALE_AFTER.seconds // 60,
            }
        ) from error


def finish_run(*, run: ImportRun, report: Report, failure: str = "") -> None:
    """Closes a run with its counts and report."""
    now = timezone.now()
    run.status = RunStatus.FAILED if failure else RunStatus.DONE
    run.failure = failure
    run.counts = report.counts_json()
    run.report = report.as_json(KEPT_WITH_RUN)
    run.touched_at = run.finished_at = now
    run.save()
