"""Lists, leaders, checks, findings and waivers for the isolation probe."""

from datetime import date

from swapper import load_model

from sites.registry.isolation import (
    Argument,
    IsolationCases,
    Laboratory,
    Resident,
    Try,
    register_isolation_cases,
)

from .enums import CheckCode, Severity, TermKind, TermLevel
from .lists import lists_in_force
from .models import CheckRun, Finding, Leader, ListEdition, ListedTerm, Waiver


def furnish(resident: Resident) -> None:
    """A list of the site's own, a leader, and a check of a draft with a waived finding."""
    edition = ListEdition.objects.create(number=1, note=resident.text("edition"), added=2)
    resident.note("list_edition", edition)
    for kind in (TermKind.SENSITIVE, TermKind.ALLOWED):
        term = ListedTerm.objects.create(
            kind=kind,
            text=resident.text(kind)[:60],
            folded=resident.text(kind)[:60].lower(),
            level=TermLevel.CONFIRM,
            added_in=edition,
        )
        resident.note("listed_term", term)
    leader = Leader.objects.create(
        name=resident.word[:30], posts="mayor", rank=1, held_from=date(2024, 1, 1)
    )
    resident.note("leader", leader)
    home = load_model("wagtailcore", "Page").objects.get(depth=2).specific
    revision = home.save_revision(user=resident.people["editor"])
    resident.values["checked_revision"] = revision.pk
    resident.note("content_type", revision.base_content_type_id)
    run = CheckRun.objects.create(
        revision=revision,
        content_type_id=revision.base_content_type_id,
        object_id=revision.object_id,
        lists="probe",
        outcome="probe",
    )
    waiver = Waiver.objects.create(
        content_type_id=run.content_type_id,
        object_id=run.object_id,
        key="waived",
        check_code=CheckCode.MISSPELLING,
        reason=resident.text("reason"),
        waived_by=resident.people["editor"],
        waived_by_name="editor",
    )
    for key, covered in (("open", None), ("waived", waiver)):
        finding = Finding.objects.create(
            run=run,
            check_code=CheckCode.MISSPELLING,
            severity=Severity.MUST_RESOLVE,
            problem="misspelling",
            field_name="title",
            field_label="title",
            text=resident.text("found"),
            key=key,
            waiver=covered,
        )
        resident.note("finding", finding)
    resident.note("check_run", run)
    resident.note("waiver", waiver)


def tries(own: Resident, other: Resident) -> list[Try]:
    """Answers to the other site's findings, by the keys of its rows in one's own forms."""
    theirs = other.ids["finding"]
    revision, foreign = own.values["checked_revision"], other.values["checked_revision"]
    reason = {"action": "waive", "reason": "taken over by another site"}
    found = [
        Try("content checks", "tenant_admin", f"checks/{at}/", data=reason | {"finding": theirs[0]})
        for at in (revision, foreign)
    ]
    found += [
        Try(
            "content checks",
            "tenant_admin",
            f"checks/{at}/",
            data={"action": action, "waiver": other.first("waiver")},
        )
        for at in (revision, foreign)
        for action in ("take_back", "check")
    ]
    found += [
        Try("content checks", "tenant_admin", f"checks/terms/?q={other.needle}"),
        Try("content checks", "tenant_admin", "checks/terms/export.csv"),
        Try(
            "content checks",
            "tenant_admin",
            "checks/terms/",
            data={"action": "remove", "term": other.first("listed_term")},
        ),
        Try("content checks", "tenant_admin", f"checks/leaders/?q={other.needle}"),
        Try("content checks", "tenant_admin", "checks/?mine=1"),
    ]
    return found


def check_findings(laboratory: Laboratory) -> None:
    """What was found in the other site's texts, and its lists, through the models."""
    own, other = laboratory.own, laboratory.other
    surface = "content checks in code"
    with laboratory.inside(own, "site_administrator"):
        for model in (ListEdition, ListedTerm, Leader, CheckRun, Finding, Waiver):
            rows = list(model.objects.values())  # type: ignore[attr-defined]
            laboratory.expect_clean(surface, rows, model.__name__)
        lists = lists_in_force()
        laboratory.expect_clean(surface, lists.terms.terms, "the compiled list")
        laboratory.expect_clean(surface, lists.leaders, "the compiled list of leaders")
        changed = Finding.objects.filter(pk__in=other.ids["finding"]).update(severity="remind")
        laboratory.expect(surface, changed == 0, "a finding of another site was softened")
        laboratory.expect_refusal(
            surface,
            lambda: Finding.objects.create(
                run_id=other.first("check_run"),
                check_code=CheckCode.DATE,
                severity=Severity.REMIND,
                problem="date_impossible",
                key="foreign",
            ),
            "a finding in a foreign check",
        )
        laboratory.expect_refusal(
            surface,
            lambda: Finding.objects.filter(pk=own.first("finding")).update(
                waiver_id=other.first("waiver")
            ),
            "a foreign waiver on a finding",
        )


register_isolation_cases(
    "cms_core_content_checks",
    IsolationCases(
        furnish=furnish,
        tries=tries,
        checks={"content checks in code": check_findings},
        arguments=(
            Argument(r"^checks/of/", "content_type_id", kinds=("content_type",), most=1),
            Argument(r"^checks/of/", "object_id", kinds=("home", "article"), most=2),
            Argument(r"^checks/leaders/", "pk", kinds=("leader",)),
        ),
        fields={
            r"^finding$": "finding",
            r"^waiver$": "waiver",
            r"^term$": "listed_term",
        },
    ),
)
