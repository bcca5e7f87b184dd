"""Reads of checks, findings and lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from sites.registry.checked_content import content_of

from .checking import check_content
from .enums import HOLDING_BACK, CheckCode, Severity
from .lists import lists_in_force
from .models import CheckRun, Finding, Leader, ListEdition, ListedTerm
from .wording import place_words, sentence


@dataclass(frozen=True, slots=True)
class UnresolvedObject:
    """One object of the site with findings that hold it back. For the desk."""

    content_type_id: int
    object_id: str
    revision_id: int
    run_id: int
    title: str
    checked_at: datetime
    must_correct: int
    must_resolve: int


def latest_run(revision: Any) -> CheckRun | None:
    """The newest check of ``revision``; ``None`` where it was never checked. One query."""
    return CheckRun.objects.filter(revision=revision).order_by("-pk").first()


def newest_run(content_type_id: int, object_id: Any) -> CheckRun | None:
    """The newest check of an object, of whatever draft. One query."""
    return (
        CheckRun.objects.filter(content_type_id=content_type_id, object_id=str(object_id))
        .select_related("revision")
        .order_by("-pk")
        .first()
    )


def is_outrun(run: CheckRun, newest_revision: Any) -> bool:
    """Whether the text was saved again after ``run`` read it, and now is found otherwise.

    The editor saves by itself, also a moment after a check, and mostly the same words: that draft is
    read here once more, and nothing is written. A waiver of an earlier check counts for it anyway.
    """
    if newest_revision is None:
        return False
    if newest_revision.pk == run.revision_id and newest_revision.created_at <= run.made_at:
        return False
    content = content_of(newest_revision.as_object())
    return check_content(content, lists_in_force(), timezone.localdate()).digest != run.outcome


def waived_findings(run: CheckRun) -> list[Finding]:
    """What somebody lets stay in the text that ``run`` read, with name, time and reason. One query."""
    return list(run.findings.filter(waiver__isnull=False).select_related("waiver").order_by("pk"))


def unresolved_findings(revision: Any) -> list[Finding]:
    """What must be corrected or waived before ``revision`` is submitted, by its newest check.

    Empty for a revision that was never checked: call ``services.check_revision`` first. Two queries.
    """
    run = latest_run(revision)
    return list(run.findings.unresolved().order_by("pk")) if run is not None else []


def findings_of(run: CheckRun) -> list[Finding]:
    """All findings of a check with their waivers, in the order of the checks. One query."""
    return list(run.findings.select_related("waiver").order_by("pk"))


def corrected_before(run: CheckRun) -> list[Finding]:
    """Findings of earlier checks that were corrected by the text that ``run`` read. One query."""
    return list(Finding.objects.filter(corrected_in=run).select_related("run").order_by("pk"))


def findings_of_tenant(*, limit: int = 20, author: Any = None) -> list[UnresolvedObject]:
    """Objects of the open site whose newest check found what holds them back, newest first.

    ``author``: only checks of revisions that this person saved. Two queries.
    """
    newest = (
        CheckRun.objects.order_by()
        .values("content_type_id", "object_id")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    runs = CheckRun.objects.filter(pk__in=newest)
    if author is not None:
        runs = runs.filter(revision__user=author)
    held = Q(findings__waiver__isnull=True, findings__corrected_in__isnull=True)
    rows = (
        runs.annotate(
            must_correct=Count("findings", held & Q(findings__severity=Severity.MUST_CORRECT)),
            must_resolve=Count("findings", held & Q(findings__severity=Severity.MUST_RESOLVE)),
        )
        .filter(Q(must_correct__gt=0) | Q(must_resolve__gt=0))
        .select_related("revision")
        .order_by("-pk")[:limit]
    )
    return [
        UnresolvedObject(
            row.content_type_id,
            row.object_id,
            row.revision_id,
            row.pk,
            row.revision.object_str,
            row.made_at,
            row.must_correct,
            row.must_resolve,
        )
        for row in rows
    ]


def object_of(content_type_id: int, object_id: str) -> Any:
    """The object that was checked. :raises ObjectDoesNotExist: it is gone."""
    return ContentType.objects.get_for_id(content_type_id).get_object_for_this_type(pk=object_id)


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings of one check, as a screen shows them."""

    title: str
    rows: tuple["ShownFinding", ...]


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in the words of the reader. ``where``, ``anchor``: the place, and where the editor shows it."""

    row: Finding
    where: str
    says: str
    anchor: str
    is_open: bool
    is_waivable: bool


def grouped(findings: Iterable[Finding]) -> tuple[FindingGroup, ...]:
    """Findings by check, in the order of the checks."""
    by_check: dict[str, list[ShownFinding]] = {}
    for row in findings:
        is_open = (
            row.waiver_id is None and row.corrected_in_id is None and row.severity in HOLDING_BACK
        )
        by_check.setdefault(row.check_code, []).append(
            ShownFinding(
                row=row,
                where=place_words(row.field_label),
                says=sentence(row.problem, row.params),
                anchor=anchor_of(row.field_name, row.block_id),
                is_open=is_open,
                is_waivable=is_open and row.severity == Severity.MUST_RESOLVE,
            )
        )
    return tuple(
        FindingGroup(str(code.label), tuple(by_check[code]))
        for code in CheckCode
        if code in by_check
    )


def anchor_of(field_name: str, block_id: str) -> str:
    """Where the editing form is to go: to the block, else to the field (``go_to_place.js``)."""
    place = block_id or field_name
    return f"at-{place}" if place else ""


def terms_shown(
    *, kind: str = "", wanted: str = "", tenant_only: bool = False, platform_only: bool = False
) -> "QuerySet[ListedTerm]":
    """Current terms of the lists for a screen."""
    rows = ListedTerm.objects.current().select_related("added_in")
    if kind:
        rows = rows.filter(kind=kind)
    if wanted:
        rows = rows.filter(Q(text__icontains=wanted) | Q(suggestion__icontains=wanted))
    if tenant_only:
        rows = rows.filter(tenant__isnull=False)
    if platform_only:
        rows = rows.filter(tenant__isnull=True)
    return rows.order_by("kind", "folded", "pk")


def editions(*, platform: bool, limit: int = 20) -> list[ListEdition]:
    """The newest states of a list. One query."""
    rows = ListEdition.objects.filter(tenant__isnull=platform).select_related("made_by")
    return list(rows.order_by("-number", "-pk")[:limit])


def leaders_of_site() -> "QuerySet[Leader]":
    return Leader.objects.order_by("rank", "name", "pk")
