"""All sites of a source, each into a tenant of its own. One broken site does not stop the others."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from sites.tenancy.scope import nobody_scope, tenant_scope

from .enums import Outcome, PersonalData, RecordKind
from .exceptions import ImportFailed
from .openings import OpeningPlan, lead_folder, require_own, target_of, tenant_codes
from .report import Report
from .rules import place_sections
from .services import Ordered, done_with, import_site
from .sources.records import LegacySite, Source

logger = logging.getLogger(__name__)

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class SiteOutcome:
    """What became of one site; `error` is "" when it went well.

    `report` is None for a site that failed before it was planned, and for one
    that `resume` found done: its `counts` are those of the run that did it.
    """

    site: LegacySite
    tenant_code: str
    name: str
    opened: bool
    counts: Counts
    run_id: int | None = None
    report: Report | None = None
    done_before: bool = False
    error: str = ""
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """Plain values, with everything the report of a single site has."""
        return {
            "site": self.site.code,
            "tenant": self.tenant_code,
            "name": self.name,
            "ok": not self.error,
            "error": self.error,
            "opened": self.opened,
            "done_before": self.done_before,
            "notes": list(self.notes),
            "run": self.run_id,
            **(self.report.as_json() if self.report is not None else {"counts": self.counts}),
        }


def import_each_site(
    *,
    user_name: str,
    source: Source,
    source_digest: str,
    plan: OpeningPlan,
    dry_run: bool = False,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
    opened_by: Any = None,
    personal_data: PersonalData = PersonalData.HOLD,
    order_id: int | None = None,
) -> Iterator[SiteOutcome]:
    """Imports the sites one after the other; yields what became of each as soon as it is known.

    Missing tenants are opened by `plan`. `resume` leaves out sites whose last
    run brought in exactly this source.
    """
    sites = source.sites()
    codes = tenant_codes(sites, source.shape, plan.code_prefix)
    for site in sites:
        code = codes[site.code]
        try:
            yield import_into(
                user_name=user_name,
                source=source,
                source_digest=source_digest,
                site=site,
                code=code,
                plan=plan,
                dry_run=dry_run,
                resume=resume,
                is_any_code_right=False,
                progress=progress,
                opened_by=opened_by,
                personal_data=personal_data,
                order_id=order_id,
            )
        except ImportFailed as error:
            yield _failed(site, code, str(error))
        except Exception as error:  # the other sites must not wait for this one to be mended
            logger.exception("site %s of the source broke", site.code)
            yield _failed(site, code, f"{type(error).__name__}: {error}")


def import_into(
    *,
    user_name: str,
    source: Source,
    source_digest: str,
    site: LegacySite,
    code: str,
    plan: OpeningPlan,
    dry_run: bool = False,
    resume: bool = False,
    is_any_code_right: bool = True,
    progress: Callable[[int, int], None] | None = None,
    opened_by: Any = None,
    personal_data: PersonalData = PersonalData.HOLD,
    order_id: int | None = None,
) -> SiteOutcome:
    """Imports one site into the tenant with this code, which is opened where it is missing.

    `is_any_code_right`: a person named the tenant, so one with articles of its own is right too.
    The pages belong to the member of its staff called `user_name`; in a site that was opened just
    now nobody works yet. `opened_by`: the operator who asked for it, with `order_id`, for the audit
    trail. `personal_data`: what becomes of articles with identity or bank card numbers.

    Raises `ImportFailed`.
    """
    source_name = f"{source.shape}:{site.code}"
    # What cannot be merged opens no site.
    place_sections(source.sections(site.code))
    target = target_of(actor=opened_by, site=site, code=code, plan=plan, dry_run=dry_run)
    if not is_any_code_right:
        require_own(target, source_name)
    tenant = target.tenant
    notes = target.notes
    if not dry_run:
        fault = lead_folder(site=site, tenant=tenant, old_host=plan.old_host)
        notes = (*notes, fault) if fault else notes
    with tenant_scope(tenant) if tenant.pk else nobody_scope():
        before = done_with(source_name=source_name, source_digest=source_digest) if resume else None
        if before is not None:
            return SiteOutcome(
                site, code, tenant.name, False, before.counts, before.pk, done_before=True
            )
        result = import_site(
            actor=None if target.opened else staff_called(user_name),
            tenant=tenant,
            source=source,
            source_digest=source_digest,
            site_code=site.code,
            dry_run=dry_run,
            resume=resume,
            progress=progress,
            personal_data=personal_data,
            ordered=Ordered(opened_by, order_id) if opened_by or order_id else None,
        )
    return SiteOutcome(
        site,
        code,
        tenant.name,
        target.opened,
        result.report.counts_json(),
        result.run_id,
        result.report,
        notes=notes,
    )


def staff_called(name: str) -> Any:
    """The member of the staff of the site whose scope is open; None for "". Raises `ImportFailed`."""
    if not name:
        return None
    user_model = get_user_model()
    user = user_model._default_manager.filter(**{user_model.USERNAME_FIELD: name}).first()
    if user is None:
        raise ImportFailed(_("Nobody called “%(name)s” works in this site.") % {"name": name})
    return user


def _failed(site: LegacySite, code: str, error: str) -> SiteOutcome:
    return SiteOutcome(site, code, site.name, False, Report().counts_json(), error=error)


def total_counts(outcomes: Iterable[SiteOutcome]) -> Counts:
    """The counts of all sites together."""
    total: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        for kind, numbers in outcome.counts.items():
            for name, number in numbers.items():
                total[kind, name] += number
    return {
        kind.value: {outcome.value: total[kind.value, outcome.value] for outcome in Outcome}
        for kind in RecordKind
    }
