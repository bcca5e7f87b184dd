"""Checking a revision, and answering for what was found."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.audit.services import record_event
from sites.registry.checked_content import content_of
from sites.registry.registry import UnknownCapability

from .checking import Located, Outcome, check_content
from .enums import Severity
from .events import CheckEvent
from .lists import lists_in_force
from .models import CheckRun, Finding, Waiver
from .permissions import may_edit
from .selectors import latest_run, unresolved_findings

#: Shortest reason, in characters: 「同意」 tells whoever reads the evidence nothing.
SHORTEST_REASON = 4


@transaction.atomic
def check_revision(*, actor: Any, revision: Any) -> CheckRun:
    """Check what ``revision`` says, keep the findings as evidence, and note what was corrected.

    Asked again with the same lists and the same outcome, the check that is there is returned and
    nothing is written. A waiver of an earlier revision counts where the same text stands at the same
    place.

    :raises UnknownCapability: nobody described objects of that model (``checked_content.py``).
    """
    obj = revision.as_object()
    lists = lists_in_force()
    outcome = check_content(content_of(obj), lists, timezone.localdate())
    last = latest_run(revision)
    if last is not None and last.lists == lists.version and last.outcome == outcome.digest:
        return last
    run = CheckRun.objects.create(
        revision=revision,
        content_type_id=revision.base_content_type_id,
        object_id=revision.object_id,
        lists=lists.version,
        outcome=outcome.digest,
        made_by_id=getattr(actor, "pk", actor),
        characters=outcome.characters,
        left_out=outcome.left_out,
    )
    _keep(run, outcome)
    _note_corrected(run, {one.key for one in outcome.findings})
    record_event(
        kind=CheckEvent.CHECKED,
        subject=run,
        actor=actor,
        data={"revision": revision.pk, "findings": len(outcome.findings), "lists": lists.version},
    )
    return run


def held_back(*, actor: Any, revision: Any) -> list[Finding]:
    """Check ``revision``; what must be corrected or waived before it becomes public.

    Empty for a model whose texts nobody described to the checks.
    """
    try:
        check_revision(actor=actor, revision=revision)
    except UnknownCapability:
        return []
    return unresolved_findings(revision)


def _keep(run: CheckRun, outcome: Outcome) -> None:
    waivers = _waivers_in_force(run)
    Finding.objects.bulk_create(
        [_row(run, located, waivers.get(located.key)) for located in outcome.findings]
    )


def _waivers_in_force(run: CheckRun) -> dict[str, Waiver]:
    """Key of a finding → its waiver, of the object that ``run`` checked."""
    rows = Waiver.objects.filter(
        content_type_id=run.content_type_id, object_id=run.object_id, ended_at__isnull=True
    )
    return {waiver.key: waiver for waiver in rows}


def _row(run: CheckRun, located: Located, waiver: Waiver | None) -> Finding:
    found = located.found
    return Finding(
        run=run,
        check_code=found.check,
        severity=found.severity,
        problem=found.problem,
        params=dict(found.params),
        field_name=found.place.field[:60],
        field_label=found.place.label[:120],
        block_id=found.place.block_id[:64],
        start=found.start,
        end=found.end,
        before=located.before,
        text=located.text or str(found.params.get("text", ""))[:120],
        behind=located.behind,
        suggestion=found.suggestion[:120],
        key=located.key,
        waiver=waiver if found.severity != Severity.MUST_CORRECT else None,
    )


def _note_corrected(run: CheckRun, keys: set[str]) -> None:
    """Findings of the draft before that are gone were corrected. A check of an older draft says
    nothing about the newer one."""
    before = (
        CheckRun.objects.filter(
            content_type_id=run.content_type_id,
            object_id=run.object_id,
            revision_id__lte=run.revision_id,
            pk__lt=run.pk,
        )
        .order_by("-revision_id", "-pk")
        .values_list("pk", flat=True)
        .first()
    )
    if before is None:
        return
    gone = [
        pk
        for pk, key in Finding.objects.filter(run_id=before, corrected_in__isnull=True).values_list(
            "pk", "key"
        )
        if key not in keys
    ]
    Finding.objects.filter(pk__in=gone).update(corrected_in=run)


@transaction.atomic
def waive_finding(*, actor: Any, finding: Finding, reason: str) -> Waiver:
    """``actor`` answers for what was found: it stays, for ``reason``.

    :raises ValidationError: it must be corrected, is answered for already, or the reason says nothing.
    :raises PermissionDenied: ``actor`` may not edit the object.
    """
    return waive_findings(actor=actor, findings=[finding], reason=reason)[0]


@transaction.atomic
def waive_findings(*, actor: Any, findings: Sequence[Finding], reason: str) -> list[Waiver]:
    """As :func:`waive_finding` for several findings of one check, with one reason."""
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= 300:
        raise ValidationError(
            {
                "reason": _("Say why it may stay, in %(least)d to 300 characters.")
                % {"least": SHORTEST_REASON}
            }
        )
    if not findings:
        raise ValidationError(_("Choose what may stay."))
    run = findings[0].run
    _require_editor(actor, run)
    answered = _waivers_in_force(run)
    waivers = []
    for finding in findings:
        if finding.run_id != run.pk:
            raise ValidationError(_("These findings belong to different checks."))
        if finding.severity == Severity.MUST_CORRECT:
            raise ValidationError(_("This must be corrected; nobody can waive it."))
        if finding.waiver_id or finding.corrected_in_id or finding.key in answered:
            raise ValidationError(_("This was answered already. Load the page again."))
        waivers.append(
            Waiver(
                content_type_id=run.content_type_id,
                object_id=run.object_id,
                key=finding.key,
                check_code=finding.check_code,
                reason=reason,
                waived_by=actor,
                waived_by_name=str(actor)[:150],
            )
        )
    try:
        with transaction.atomic():
            for waiver in waivers:
                waiver.save()
    except IntegrityError as error:  # somebody answered at the same instant
        raise ValidationError(_("This was answered already. Load the page again.")) from error
    for finding, waiver in zip(findings, waivers, strict=True):
        # Later checks of the same text, where somebody else asked meanwhile; earlier ones stay as they were,
        # and so does what a later edition of the lists forbids.
        same = Finding.objects.filter(
            run_id__gte=run.pk,
            run__content_type_id=run.content_type_id,
            run__object_id=run.object_id,
            key=finding.key,
            corrected_in__isnull=True,
        ).exclude(severity=Severity.MUST_CORRECT)
        same.update(waiver=waiver)
        finding.waiver = waiver
        record_event(
            kind=CheckEvent.WAIVED,
            subject=waiver,
            actor=actor,
            data={"finding": finding.pk, "check": finding.check_code, "revision": run.revision_id},
        )
    return waivers


@transaction.atomic
def end_waiver(*, actor: Any, waiver: Waiver, run: CheckRun) -> None:
    """Take a waiver back: what it covered holds the text back again.

    :raises PermissionDenied: ``actor`` may not edit the object.
    """
    _require_editor(actor, run)
    if waiver.ended_at is not None:
        return
    waiver.ended_at = timezone.now()
    waiver.save(update_fields=["ended_at"])
    Finding.objects.filter(waiver=waiver).update(waiver=None)
    record_event(
        kind=CheckEvent.WAIVER_ENDED, subject=waiver, actor=actor, data={"check": waiver.check_code}
    )


def _require_editor(actor: Any, run: CheckRun) -> None:
    obj = run.revision.content_object
    if obj is None or not may_edit(actor, obj):
        raise PermissionDenied(_("Only whoever may edit this text answers for what was found."))
