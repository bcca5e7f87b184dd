"""Withdrawn, deleted and locked pages for the isolation probe."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from sites.registry.isolation import Argument, Laboratory, Resident, Try

from .bulk_jobs import carry_on, start_change
from .edit_locks import mark_seen, take_lock_away
from .enums import BulkActionKind, BulkItemState
from .models import (
    BasePage,
    BrokenLock,
    BulkChange,
    BulkChangeItem,
    RecycleBinPage,
    RecycledPage,
    Tombstone,
)
from .recycle_bin import recycle_pages, restore_page
from .rows import ArticleRow
from .services import create_article
from .withdrawal import change_notice, withdraw_pages
from .withdrawal_rules import WithdrawalNotice


def furnish_lifecycle(resident: Resident, section: BasePage) -> None:
    """A page withdrawn with a notice, one in the bin, one whose lock was broken, a change of many."""
    editor = resident.people["editor"]
    withdrawn = _article(resident, section, "withdrawn", is_public=True)
    (stone,) = withdraw_pages(
        actor=editor,
        pages=[withdrawn],
        notice=WithdrawalNotice("outdated", explanation=resident.public_text("withdrawn")),
    )
    deleted = _article(resident, section, "deleted", is_public=False)
    (entry,) = recycle_pages(actor=editor, pages=[deleted])
    broken = BrokenLock.objects.create(
        page=withdrawn,
        holder=editor,
        broken_by=resident.people["site_administrator"],
        broken_at=timezone.now(),
        reason=resident.text("reason"),
    )
    resident.note("tombstone", stone)
    resident.note("recycled", entry)
    change = BulkChange.objects.create(
        action=BulkActionKind.WITHDRAW,
        target=section,
        replaced_by=section,
        notice={"reason": "outdated", "explanation": resident.text("explanation")},
        language="zh-hans",
        started_by=editor,
        finished_at=timezone.now(),
    )
    BulkChangeItem.objects.create(
        change=change,
        page=withdrawn,
        title=resident.text("changed"),
        state=BulkItemState.REFUSED,
        reason=resident.text("reason"),
    )
    resident.note("broken_lock", broken)
    resident.note("bulk_change", change)
    resident.values["withdrawn_path"] = f"{section.slug}/{withdrawn.slug}/"


def _article(resident: Resident, section: BasePage, name: str, *, is_public: bool) -> BasePage:
    text = resident.public_text if is_public else resident.text
    word = resident.public_word if is_public else resident.word
    return create_article(
        actor=resident.people["editor"],
        parent=BasePage.objects.get(pk=section.pk),
        row=ArticleRow(
            key=name,
            parent_id=section.pk,
            title=text(name),
            slug=f"{name}-{word}",
            body=[("paragraph", f"<p>{text('paragraph')}</p>")],
            live=is_public,
        ),
    )


def lifecycle_tries(own: Resident, other: Resident) -> list[Try]:
    """The other tenant's withdrawn address on the own host, its notices and deletions by their keys."""
    foreign = other.values["withdrawn_path"]
    found = [Try("withdrawn pages", "public", foreign)]
    found.append(Try("withdrawn pages", "public", own.values["withdrawn_path"]))
    return found


def check_lifecycle(laboratory: Laboratory) -> None:
    """Notices, deletions and locks of the other tenant through models and services."""
    own, other = laboratory.own, laboratory.other
    surface = "withdrawn and deleted pages in code"
    theirs = other.first("page")
    with laboratory.inside(own, "site_administrator"):
        models: tuple[Any, ...] = (
            Tombstone,
            RecycledPage,
            RecycleBinPage,
            BrokenLock,
            BulkChange,
            BulkChangeItem,
        )
        for model in models:
            laboratory.expect_clean(surface, list(model._base_manager.values()), model.__name__)
        stone = Tombstone.objects.get(pk=own.first("tombstone"))
        laboratory.expect_refusal(
            surface,
            lambda: change_notice(
                actor=own.people["site_administrator"],
                tombstone=stone,
                notice=WithdrawalNotice("replaced", replaced_by_id=theirs),
            ),
            "a foreign page as replacement",
        )
        laboratory.expect_refusal(
            surface,
            lambda: restore_page(
                actor=own.people["site_administrator"],
                entry=RecycledPage(pk=other.first("recycled")),
            ),
            "a foreign page out of the bin",
        )
        laboratory.expect_refusal(
            surface,
            lambda: BrokenLock.objects.create(
                page_id=theirs, holder=own.people["editor"], broken_at=timezone.now()
            ),
            "a broken lock on a foreign page",
        )
        laboratory.expect_refusal(
            surface,
            lambda: take_lock_away(
                actor=own.people["site_administrator"],
                page=BasePage(pk=theirs),
                reason="a reason",
            ),
            "the lock of a foreign page",
        )
        laboratory.expect_refusal(
            surface,
            lambda: start_change(
                actor=own.people["site_administrator"],
                action=BulkActionKind.PUBLISH,
                pages=[BasePage(pk=theirs, title="x")],
            ),
            "a change of foreign pages",
        )
        laboratory.expect_refusal(
            surface,
            lambda: start_change(
                actor=own.people["site_administrator"],
                action=BulkActionKind.MOVE,
                pages=[BasePage.objects.get(pk=own.first("article"))],
                target=BasePage(pk=theirs),
            ),
            "pages moved below a foreign page",
        )
        carry_on(change_id=other.first("bulk_change"), checkpoint=lambda: None)
        laboratory.expect(
            surface,
            not mark_seen(actor=own.people["editor"], lock_id=other.first("broken_lock")),
            "a foreign broken lock marked as read",
        )


LIFECYCLE_CHECKS: dict[str, Callable[[Laboratory], None]] = {
    "withdrawn and deleted pages in code": check_lifecycle,
}
LIFECYCLE_ARGUMENTS: tuple[Argument, ...] = (
    Argument(r"^broken-locks/", "pk", kinds=("broken_lock",)),
    Argument(r"^bulk-changes/", "pk", kinds=("bulk_change",)),
)
