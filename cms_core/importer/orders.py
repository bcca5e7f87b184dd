"""Orders of platform operators to merge old sites: kept, looked through, begun, stopped, worked off, taken over.

An order is looked through first: the same dry run as the command's. Begun, it calls what the command
calls, so that a killed worker's successor goes on from the accounts of the rows.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sites.audit.services import record_platform_event
from sites.outbox.platform_runs import PlatformRuns, RunTakenOver, SignsOfLife
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope, tenant_scope

from . import brought, brought_archives, order_report
from .enums import OrderStatus, PersonalData, RunStatus
from .exceptions import ImportFailed, full_disk
from .leading import lead_links
from .models import ImportRun, MergeOrder
from .openings import DEFAULT_BLUEPRINT, DEFAULT_CHANNEL, OpeningPlan, beside_administration
from .selectors import merged_tenants
from .services import STALE_AFTER, choose_site
from .site_groups import SiteOutcome, import_each_site, import_into
from .sources import Source, digest_of_source, open_source
from .sources.mapping import read_mapping

log = logging.getLogger("jiyue.importer")

RUNNING = (OrderStatus.LOOKING, OrderStatus.MERGING)
#: States from which a stopped or failed order goes on.
_GOES_ON = (OrderStatus.STOPPED, OrderStatus.INTERRUPTED)
_RUNS = PlatformRuns(MergeOrder, RUNNING)
#: Progress is noted as often as somebody looks at it, not with every batch.
_NOTED_EVERY = 1.0
_LONGEST_FAILURE = 2000
#: Reasons kept for each site of an order, the most frequent: a person reads that many.
_MOST_REASONS = 40


class _Stopped(BaseException):
    """An operator asked for the end. No site may take it for a failure of its own."""


@dataclass(frozen=True, slots=True)
class OrderOptions:
    """Where to and how, as the command's options of the same names. ``names``: old code → name of the site."""

    each_site: bool = False
    tenant: str = ""
    site_code: str = ""
    name: str = ""
    blueprint: str = DEFAULT_BLUEPRINT
    host_pattern: str = ""
    portal: str = ""
    channel_pattern: str = DEFAULT_CHANNEL
    code_prefix: str = ""
    personal_data: str = PersonalData.HOLD.value
    names: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)

    def plan(self, site_code: str = "") -> OpeningPlan:
        """How missing sites are opened; ``site_code``: the old site that ``name`` is meant for."""
        names = {site_code: self.name} if self.name else self.names
        return OpeningPlan(
            host_pattern=self.host_pattern or beside_administration(),
            blueprint=self.blueprint,
            portal=self.portal,
            channel_pattern=self.channel_pattern,
            code_prefix=self.code_prefix,
            names=names,
            variables=self.variables,
        )


# -- what operators do ------------------------------------------------------


def keep_order(
    *,
    actor: Any,
    options: OrderOptions,
    file: Any = None,
    server_name: str = "",
    mapping: Any = None,
) -> MergeOrder:
    """Keep what an operator brought, and have it looked through.

    ``file``, ``mapping``: uploaded files; ``server_name``: a name in the server's folder instead of ``file``.

    :raises ValidationError: it cannot be an old site, or the mapping is faulty; nothing is kept.
    """
    _forget_old()
    folder = brought.new_folder()
    try:
        if mapping is not None:
            _keep_mapping(folder, mapping)
        if file is not None:
            brought.keep_file(folder, file)
        with (
            system_scope("an order to merge old sites, brought by an operator"),
            transaction.atomic(),
        ):
            order = MergeOrder.objects.create(
                name=Path(file.name if file is not None else server_name).name[:200],
                folder=folder,
                server_name=server_name,
                mapping_name=mapping.name[:200] if mapping is not None else "",
                options=asdict(options),
                language=translation.get_language() or "zh-hans",
                created_by=actor,
                touched_at=timezone.now(),
            )
            _check_source(order)
            record_platform_event(kind="old_site_brought", subject=order, actor=actor)
            _wake(order)
    except BaseException:
        brought.forget(folder)
        raise
    return order


def _keep_mapping(folder: str, mapping: Any) -> None:
    path = brought.keep_mapping(folder, mapping.read())
    try:
        read_mapping(path)
    except ImportFailed as error:
        raise ValidationError({"mapping": str(error).replace(str(path), mapping.name)}) from error


def _check_source(order: MergeOrder) -> None:
    """What the name and the first bytes tell at once."""
    try:
        path = brought.brought_path(order)
        if path.is_dir():
            return
        with path.open("rb") as stream:
            brought.check_kind(path.name if order.server_name else order.name, stream.read(4096))
        if path.suffix.lower() == brought.ARCHIVE:
            brought_archives.examine(path, order.name)
    except ImportFailed as error:
        raise ValidationError(brought.in_plain_words(str(error), order)) from error


def begin(*, actor: Any, order: MergeOrder) -> None:
    """Merge what was looked through; or go on with an order that stopped, looking or merging.

    :raises ValidationError: it runs, is finished or refused, or another import works in one of its sites.
    """
    now = timezone.now()
    with system_scope("an order to merge old sites is begun by an operator"), transaction.atomic():
        order = MergeOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        is_first = order.status == OrderStatus.LOOKED
        if not is_first and order.status not in _GOES_ON:
            raise ValidationError(_("This order is being worked on already, or is finished."))
        if is_first:
            order.begun_at, order.sites, order.done, order.attempts = now, [], 0, 0
        if order.begun_at:
            _refuse_meanwhile(order)
        order.status = OrderStatus.MERGING if order.begun_at else OrderStatus.LOOKING
        order.token, order.touched_at, order.failure, order.stop_asked = None, now, "", False
        order.finished_at = None
        order.save()
        kind = "old_site_merge_begun" if is_first else "old_site_merge_resumed"
        record_platform_event(
            kind=kind,
            subject=order,
            actor=actor,
            data={
                "sites": len(order.codes),
                "personal_data": OrderOptions(**order.options).personal_data,
            },
        )
        _wake(order)


def _refuse_meanwhile(order: MergeOrder) -> None:
    """Two imports at once into one tenant are refused before they begin; `start_run` refuses what slips through."""
    others = MergeOrder.objects.filter(status=OrderStatus.MERGING).exclude(pk=order.pk)
    for other in others.defer("sites"):
        shared = sorted(set(order.codes) & set(other.codes))
        if shared:
            raise ValidationError(
                _(
                    "“%(name)s” is being merged into %(sites)s just now. Wait for its end or stop it, then "
                    "begin here. Nothing was changed."
                )
                % {"name": other.name, "sites": ", ".join(shared[:5])}
            )
    alive = ImportRun.objects.filter(
        status=RunStatus.RUNNING,
        touched_at__gt=timezone.now() - STALE_AFTER,
        tenant__code__in=order.codes,
    )
    running = alive.select_related("tenant").defer("report").first()
    # An order's own run that was cut off a moment ago is taken over.
    if running is not None and not order.attempts:
        raise ValidationError(
            _(
                "Another import (%(source)s) works in the site %(site)s just now, begun by a command on the "
                "server. Wait for its end, then begin here. Nothing was changed."
            )
            % {"source": running.source_name, "site": running.tenant.code}
        )


def stop(*, actor: Any, order: MergeOrder) -> None:
    """Ask the worker to stop after its batch; what was merged stays.

    :raises ValidationError: nothing runs.
    """
    with (
        system_scope("an order to merge old sites is stopped by an operator"),
        transaction.atomic(),
    ):
        asked = MergeOrder.objects.filter(pk=order.pk, status__in=RUNNING, stop_asked=False)
        if not asked.update(stop_asked=True):
            raise ValidationError(_("Nothing runs here that could be stopped."))
        # Nobody has it yet: then there is nobody to ask.
        MergeOrder.objects.filter(pk=order.pk, token__isnull=True).update(
            status=OrderStatus.STOPPED, stop_asked=False
        )
        record_platform_event(kind="old_site_merge_stopped", subject=order, actor=actor)


def discard(*, actor: Any, order: MergeOrder) -> None:
    """Remove an order with its file and its report; what was merged stays.

    :raises ValidationError: a worker is at it.
    """
    with (
        system_scope("an order to merge old sites is removed by an operator"),
        transaction.atomic(),
    ):
        row = MergeOrder.objects.select_for_update(of=("self",)).get(pk=order.pk)
        if row.status in RUNNING:
            raise ValidationError(_("It is being worked on. Stop it first."))
        record_platform_event(kind="old_site_discarded", subject=row, actor=actor)
        row.delete()
        transaction.on_commit(lambda: brought.forget(order.folder))


def _wake(order: MergeOrder) -> None:
    from .tasks import work_off_order

    # What is not heard now is found by the sweep.
    transaction.on_commit(lambda: work_off_order.delay(order_id=order.pk), robust=True)


def _forget_old() -> None:
    """Finished orders are forgotten after a while, with their files."""
    before = timezone.now() - timedelta(days=brought.limits().kept_days)
    with system_scope("old orders to merge are forgotten"):
        old = MergeOrder.objects.exclude(status__in=RUNNING).filter(touched_at__lt=before)
        for order in old.order_by("pk")[: brought.limits().forgotten_at_once]:
            order.delete()
            brought.forget(order.folder)


# -- what the worker does ---------------------------------------------------


def forgotten_orders() -> list[int]:
    """Orders that nobody took, or whose worker died."""
    return _RUNS.forgotten()


def work_off(order_id: int) -> None:
    """Look through or merge what was ordered; nothing where another worker has it."""
    token = _RUNS.take(order_id)
    if token is None:
        return
    with system_scope("an order to merge old sites is worked off"):
        order = MergeOrder.objects.select_related("created_by").get(pk=order_id)
    work = _Work(order, token)
    with SignsOfLife(_RUNS, order_id, token), translation.override(order.language):
        try:
            work.run()
        except RunTakenOver:
            return
        except _Stopped:
            work.note(status=OrderStatus.STOPPED, stop_asked=False)
        except ImportFailed as error:
            work.fail(str(error))
        except Exception as error:
            full = full_disk(error)
            work.fail(
                str(full)
                if full
                else _(
                    "The work stopped by an error of the platform; its log tells which. Go on later."
                ),
                is_lasting=False,
            )
            if full is None:
                raise


@dataclass
class _Work:
    """One worker at one order."""

    order: MergeOrder
    token: UUID
    finished_articles: int = 0
    _noted_at: float = 0.0

    @property
    def is_merge(self) -> bool:
        return self.order.begun_at is not None

    def note(self, **values: Any) -> None:
        _RUNS.update(self.order.pk, self.token, touched_at=timezone.now(), **values)

    def fail(self, why: str, *, is_lasting: bool = True) -> None:
        """A source that cannot be looked through cannot be merged; a merge that stopped goes on later."""
        refused = is_lasting and not self.is_merge
        self.note(
            status=OrderStatus.REFUSED if refused else OrderStatus.INTERRUPTED,
            failure=brought.in_plain_words(why, self.order)[:_LONGEST_FAILURE],
            stop_asked=False,
        )

    def run(self) -> None:
        order = self.order
        resume = self.is_merge and order.attempts > 0
        self.note(attempts=order.attempts + 1)
        path = brought.brought_path(order)
        if path.suffix.lower() == brought.ARCHIVE:
            path, left_out = brought_archives.unpacked(order, path)
            self.note(left_out=left_out)
        mapping = brought.mapping_path(order)
        digest = digest_of_source(path, mapping)
        self.look_up()
        entries: dict[str, dict[str, Any]] = {}
        if resume:
            entries = {entry["tenant"]: entry for entry in order.sites if not entry["error"]}
        with closing(open_source(path, mapping)) as source:
            for outcome in self._outcomes(source, digest, resume=resume):
                entry = self._entry(outcome, entries.get(outcome.tenant_code))
                entries[outcome.tenant_code] = entry
                self.finished_articles += outcome.site.articles
                self.note(
                    sites=list(entries.values()), codes=list(entries), done=self.finished_articles
                )
                self.look_up()
        if self.is_merge:
            self._lead_links()
        self._finish(list(entries.values()))

    def look_up(self) -> None:
        """Stop where that was asked for."""
        with system_scope("whether an order to merge is to be stopped"):
            if MergeOrder.objects.filter(pk=self.order.pk, stop_asked=True).exists():
                raise _Stopped(_("Stopped by an operator."))

    def _progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._noted_at >= _NOTED_EVERY:
            self._noted_at = now
            self.note(done=self.finished_articles + done)
            self.look_up()

    def _outcomes(self, source: Source, digest: str, *, resume: bool) -> Iterator[SiteOutcome]:
        options = OrderOptions(**self.order.options)
        shared: dict[str, Any] = {
            "user_name": "",
            "source": source,
            "source_digest": digest,
            "dry_run": not self.is_merge,
            "resume": resume,
            "progress": self._progress,
            "opened_by": self.order.created_by,
            "personal_data": PersonalData(options.personal_data),
            "order_id": self.order.pk,
        }
        if options.each_site:
            sites = source.sites()
            self.note(total=sum(site.articles for site in sites), sites_total=len(sites))
            yield from import_each_site(plan=options.plan(), **shared)
            return
        site = choose_site(source, options.site_code)
        self.note(total=site.articles, sites_total=1, codes=[options.tenant])
        yield import_into(site=site, code=options.tenant, plan=options.plan(site.code), **shared)

    def _entry(self, outcome: SiteOutcome, before: dict[str, Any] | None) -> dict[str, Any]:
        """What the order keeps of one site."""
        if outcome.done_before and before is not None:
            return before
        entry: dict[str, Any] = {
            "site": outcome.site.code,
            "tenant": outcome.tenant_code,
            "name": outcome.name,
            "opened": outcome.opened or bool(before and before["opened"]),
            "notes": list(outcome.notes),
            "error": brought.in_plain_words(outcome.error, self.order),
            "counts": outcome.counts,
            "sizes": {},
            "reasons": [],
            "held": 0,
            "drafts": 0,
        }
        if outcome.report is not None:
            report = outcome.report
            entry |= order_report.held_back(report.personal_data)
            entry["sizes"] = order_report.write_report(self.order, outcome.tenant_code, report)
            entry["reasons"] = report.reasons_json()[:_MOST_REASONS]
        elif outcome.done_before:
            entry |= self._kept(outcome)
        return entry

    def _kept(self, outcome: SiteOutcome) -> dict[str, Any]:
        """The report of a run that ended just before its worker was killed."""
        with tenant_scope(Tenant.objects.get(code=outcome.tenant_code)):
            report = ImportRun.objects.get(pk=outcome.run_id or 0).report
        sizes = order_report.write_kept(self.order, outcome.tenant_code, report)
        rows = report.get(order_report.PERSONAL, ())
        return {
            "sizes": sizes,
            "reasons": report.get("reasons", []),
            **order_report.held_back(rows),
        }

    def _lead_links(self) -> None:
        """Links to what came in now may stand in sites that were merged before: all are looked through."""
        for tenant in merged_tenants():
            self.look_up()
            self.note()
            with tenant_scope(tenant):
                lead_links(actor=None, tenant=tenant)

    def _finish(self, entries: list[dict[str, Any]]) -> None:
        failed = [entry for entry in entries if entry["error"]]
        if self.is_merge and failed:
            text = _(
                "%(failed)d of %(number)d sites were not merged; the list says why. Mend it, then go on: the "
                "others are done."
            )
            self.fail(text % {"failed": len(failed), "number": len(entries)})
            return
        now = timezone.now()
        self.note(
            status=OrderStatus.DONE if self.is_merge else OrderStatus.LOOKED,
            finished_at=now if self.is_merge else None,
            stop_asked=False,
        )
        if self.is_merge:
            record_platform_event(
                kind="old_site_merge_done",
                subject=self.order,
                actor=self.order.created_by,
                data={"sites": len(entries)},
            )
