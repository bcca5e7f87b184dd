"""An import run and its accounts for the isolation probe."""

from django.utils import timezone

from sites.registry.isolation import (
    Argument,
    IsolationCases,
    Laboratory,
    Resident,
    register_isolation_cases,
)

from .enums import AttachmentOrigin, AttachmentRole, CheckReason, RecordKind, RunStatus
from .models import (
    DeadLink,
    ImportedRecord,
    ImportRun,
    MissingAttachment,
    OldAddressUse,
    TextToCheck,
)


def furnish(resident: Resident) -> None:
    """One finished run with a record and a missing file."""
    now = timezone.now()
    run = ImportRun.objects.create(
        source_name=resident.text("source"),
        source_digest=resident.word,
        status=RunStatus.DONE,
        report={"word": resident.word},
        started_at=now,
        touched_at=now,
        finished_at=now,
    )
    record = ImportedRecord.objects.create(
        source_name=resident.text("source"),
        kind=RecordKind.values[0],
        source_key=resident.word,
        page_id=resident.first("page"),
        source_digest=resident.word,
        first_run=run,
        last_run=run,
    )
    missing = MissingAttachment.objects.create(
        page_id=resident.first("page"),
        source_name=resident.text("source"),
        title=resident.text("missing file"),
        reference=resident.word,
        role=AttachmentRole.values[0],
        origin=AttachmentOrigin.values[0],
    )
    dead = DeadLink.objects.create(
        page_id=resident.first("page"),
        address=f"/{resident.word}/",
        words=resident.text("dead link"),
    )
    check = TextToCheck.objects.create(
        page_id=resident.first("page"), reason=CheckReason.MOBILE, remark=resident.text("remark")
    )
    use = OldAddressUse.objects.create(
        redirect_id=resident.first("redirect"), hits=3, last_on=timezone.localdate()
    )
    resident.note("text_to_check", check)
    resident.note("dead_link", dead)
    resident.note("old_address_use", use)
    resident.note("import_run", run)
    resident.note("imported_record", record)
    resident.note("missing_attachment", missing)


def check_accounts(laboratory: Laboratory) -> None:
    """Runs and accounts of another tenant through the models."""
    own, other = laboratory.own, laboratory.other
    surface = "imports"
    with laboratory.inside(own, "site_administrator"):
        for model in (
            ImportRun,
            ImportedRecord,
            MissingAttachment,
            TextToCheck,
            DeadLink,
            OldAddressUse,
        ):
            laboratory.expect_clean(surface, list(model.objects.values()), model.__name__)
        laboratory.expect_refusal(
            surface,
            lambda: MissingAttachment.objects.create(
                page_id=other.first("page"), source_name="x", title="x", reference="x"
            ),
            "a missing file on a foreign page",
        )


register_isolation_cases(
    "cms_core_importer",
    IsolationCases(
        furnish=furnish,
        arguments=(
            Argument(r"merged/missing/", "pk", kinds=("missing_attachment",)),
            Argument(r"merged/imports/", "pk", kinds=("import_run",)),
            Argument(r"^platform/importing/", "pk", values=("1",)),
            Argument(r"^platform/importing/", "code", kinds=("tenant_code",)),
            Argument(r"^platform/repeated/", "digest", values=("0" * 64,)),
        ),
        unfurnished={
            "cms_core_importer.MergeOrder": "rows of the platform, seen by its own staff only",
            "cms_core_importer.SettledRepeat": "rows of the platform, seen by its own staff only",
        },
        checks={"imports": check_accounts},
    ),
)
