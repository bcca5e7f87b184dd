"""Running the isolation probe: everything inside one transaction that is rolled back at the end.

Nothing is left of it, whatever happens to the process: the audit trail, which cannot be deleted from,
included. Files go to a temporary folder, mails to a list, cache entries to a cache of its own.
"""

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import translation

from sites.registry.isolation import Try, isolation_cases
from sites.tenancy.scope import system_scope, tenant_scope

from .canaries import Canaries, cases_in_order, make_canaries, unfurnished_reasons
from .digest import Holdings, holdings_of
from .forms import post_forms
from .laboratory import ProbeLaboratory
from .report import Report
from .surfaces import REQUIRED
from .traces import Received
from .visitor import Visitor, undone
from .walk import garbage_of, walk, walk_other_tenant, with_foreign_keys

_LOUD = ("django.request", "django.security", "jiyue.security", "axes")
ROLES = ("", "editor", "final_reviewer", "site_administrator")


@dataclass(frozen=True, slots=True)
class ProbeOptions:
    """``roles``: who asks. ``surfaces``: only tries of these, ``None`` for all. ``keep``: commit at the end."""

    roles: tuple[str, ...] = ROLES
    surfaces: frozenset[str] | None = None
    keep: bool = False


def run_probe(
    options: ProbeOptions = ProbeOptions(), *, say: Callable[[str], None] = lambda line: None
) -> Report:
    """Run the probe on the default database. See :class:`Report`.

    :raises ProbeIncomplete: a capability is missing, so that nothing can be said.
    """
    started, cpu_started = time.monotonic(), time.process_time()
    with open_laboratory(keep=options.keep) as laboratory:
        say(f"furnished {laboratory.own.tenant.code} and {laboratory.other.tenant.code}")
        report = try_everything(laboratory, options, say=say)
    report.seconds = time.monotonic() - started
    report.cpu_seconds = time.process_time() - cpu_started
    return report


@contextmanager
def open_laboratory(*, keep: bool = False) -> Iterator[ProbeLaboratory]:
    """The two tenants, furnished, for a block; everything is rolled back after it.

    ``keep``: commit instead.

    :raises ProbeIncomplete: no app offers to open tenants.
    """
    isolation_cases.discover()
    with _surroundings(), transaction.atomic() if keep else undone():
        with system_scope("isolation probe: open and furnish its two tenants"):
            canaries = make_canaries()
        _sign_others_in(canaries)
        yield _laboratory(canaries, holdings_of(canaries.other))


def try_everything(
    laboratory: ProbeLaboratory,
    options: ProbeOptions = ProbeOptions(),
    *,
    say: Callable[[str], None] = lambda line: None,
) -> Report:
    """All tries and checks that ``options`` ask for, in a new report."""
    report = laboratory.report = Report(database=connection.vendor)
    for visitor in laboratory.visitors.values():
        visitor.start_afresh()
    reasons = unfurnished_reasons()
    report.missing += [n for n in laboratory.holdings.empty_models if n not in reasons]
    _run_tries(laboratory, options, say)
    if options.surfaces is None:
        report.surfaces |= REQUIRED
    _run_checks(laboratory, options, say)
    changed = laboratory.holdings.changed()
    if changed:
        report.leak("", "all", "at the end", f"changed {', '.join(changed)}")
    return report


@contextmanager
def _surroundings() -> Iterator[None]:
    """Files, mails, cache and language of the probe; nothing of the installation's own is touched.

    Thousands of refusals are what is wanted here: they stay out of the logs.
    """
    cache = {
        **settings.CACHES["default"],
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "isolation-probe",
    }
    with tempfile.TemporaryDirectory(prefix="isolation-probe-") as folder:
        changed = override_settings(
            MEDIA_ROOT=Path(folder),
            STORAGES=settings.STORAGES
            | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}},
            EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
            CACHES={"default": cache},
        )
        loggers = [logging.getLogger(name) for name in _LOUD]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        before = getattr(mail, "outbox", None)
        mail.outbox = []  # type: ignore[attr-defined]
        try:
            with changed, translation.override(settings.LANGUAGE_CODE):
                yield
        finally:
            mail.outbox = before  # type: ignore[assignment]
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def _sign_others_in(canaries: Canaries) -> None:
    """A person of the other tenant is at work too."""
    editor = canaries.other.people["editor"]
    for _label, cases in cases_in_order():
        if cases.sign_in:
            with tenant_scope(canaries.other.tenant, editor):
                cases.sign_in(Client(), editor)


def _laboratory(canaries: Canaries, holdings: Holdings) -> ProbeLaboratory:
    mounts = {mount.name: mount for _label, cases in cases_in_order() for mount in cases.mounts}
    sign_in = next(cases.sign_in for _label, cases in cases_in_order() if cases.sign_in)
    visitors = {
        role: Visitor(role, canaries.own, canaries.other, mounts, sign_in) for role in ROLES
    }
    return ProbeLaboratory(canaries, mounts, holdings, Report(), visitors)


def all_tries(laboratory: ProbeLaboratory) -> Iterator[Try]:
    """Every request that each role makes."""
    own, other = laboratory.own, laboratory.other
    for mount in laboratory.mounts.values():
        yield from walk(mount, own, other)
    for _label, cases in cases_in_order():
        if cases.tries:
            yield from cases.tries(own, other)
    for mount in laboratory.mounts.values():
        if mount.host == "public" or mount.prefix:
            yield from walk_other_tenant(mount, own, other)


def _run_tries(
    laboratory: ProbeLaboratory, options: ProbeOptions, say: Callable[[str], None]
) -> None:
    attempts = _wanted(all_tries(laboratory), options)
    for role in options.roles:
        started = time.monotonic()
        for attempt in attempts:
            laboratory.visitors[role].stay_signed_in()
            _one(laboratory, role, attempt)
        say(
            f"{role or 'anonymous'}: {len(attempts)} requests in {time.monotonic() - started:.1f} s"
        )


def _wanted(attempts: Iterable[Try], options: ProbeOptions) -> list[Try]:
    if options.surfaces is None:
        return list(attempts)
    return [attempt for attempt in attempts if attempt.surface in options.surfaces]


def _one(laboratory: ProbeLaboratory, role: str, attempt: Try) -> None:
    received = _ask(laboratory, role, attempt)
    if not role or attempt.whose != "own" or attempt.data is not None or received.status != 200:
        return
    for form in post_forms(received.body):
        if form.action and attempt.path.partition("?")[0] not in form.action:
            continue  # a form of the frame (search, sign-out), the same on every page
        for foreign in with_foreign_keys(attempt, form, laboratory.other):
            _ask(laboratory, role, foreign)


def _ask(laboratory: ProbeLaboratory, role: str, attempt: Try) -> Received:
    """Ask; a view of another package that fails on keys that nobody has, too, tells nothing by failing."""
    report = laboratory.report
    before = len(report.errors)
    received = laboratory.ask(role, attempt)
    if len(report.errors) > before and received.is_stock_error:
        with laboratory.visitors[role].asking(garbage_of(attempt, laboratory.other)) as again:
            fails_too = again.status >= 500
        if fails_too:
            report.excused.append(report.errors.pop())
    return received


def _run_checks(
    laboratory: ProbeLaboratory, options: ProbeOptions, say: Callable[[str], None]
) -> None:
    for _label, cases in cases_in_order():
        for surface, check in cases.checks.items():
            if options.surfaces is not None and surface not in options.surfaces:
                continue
            laboratory.report.surfaces.add(surface)
            for visitor in laboratory.visitors.values():
                visitor.stay_signed_in()
            with undone():
                check(laboratory)
            say(f"checked {surface}")
