"""Missing files of merged pages, worked off by editors. Inside the tenant's scope.

A file stands in a draft first: who may publish, and how many reviews it takes, is settled there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms_core.pages.lifecycle_rights import may_see
from cms_core.pages.models import ArticlePage
from sites.audit.services import record_event
from sites.tenancy.rules import ASIDE_SIGN

from .enums import AttachmentRole
from .models import DeadLink, MissingAttachment

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A missing file and the page that needs it."""

    entry: MissingAttachment
    page: ArticlePage


def missing_files(user: Any) -> list[MissingRow]:
    """What is still missing on the pages `user` works on, page by page.

    What an editor has replaced in the newest draft is not listed any more.
    """
    entries = list(
        MissingAttachment.objects.filter(resolved_at=None)
        .exclude(page__url_path__startswith=f"/{ASIDE_SIGN}")
        .order_by("page_id", "pk")
    )
    pages = {
        page.pk: page
        for page in ArticlePage.objects.filter(pk__in={entry.page_id for entry in entries})
        .select_related("latest_revision")
        .order_by("pk")
        if may_see(page, user)
    }
    left: dict[int, set[str]] = {}
    for page in pages.values():
        left[page.pk] = {"", *(block["id"] for block in _newest_body(page) if block.get("id"))}
    return [
        MissingRow(entry, pages[entry.page_id])
        for entry in entries
        if entry.page_id in pages and entry.block_id in left[entry.page_id]
    ]


def dead_links(user: Any) -> list[DeadLink]:
    """Links that lead nowhere on the pages `user` works on."""
    rows = (
        DeadLink.objects.exclude(page__url_path__startswith=f"/{ASIDE_SIGN}")
        .select_related("page")
        .order_by("page_id", "pk")
    )
    return [row for row in rows if may_see(row.page, user)]


def _newest_body(page: ArticlePage) -> Sequence[Block]:
    draft = page.get_latest_revision_as_object() if page.has_unpublished_changes else page
    return list(draft.body.raw_data)


def attach_file(*, actor: Any, entry: MissingAttachment, file: Any) -> ArticlePage:
    """Puts a file (`MediaFile`) into the newest draft, where the placeholder stands.

    :raises ValidationError: somebody is editing the page, or the placeholder is gone.
    """
    value = {"file": file.pk, "title": entry.title}
    return _settle(actor, entry, {"type": "attachment", "value": value}, "missing_file_attached")


def attach_picture(*, actor: Any, entry: MissingAttachment, picture: Any) -> ArticlePage:
    """Puts a picture (`MediaImage`) into the newest draft, where the placeholder stands.

    :raises ValidationError: as `attach_file`.
    """
    value = {"image": picture.pk, "alternative_text": "", "caption": ""}
    return _settle(actor, entry, {"type": "image", "value": value}, "missing_file_attached")


def give_up(*, actor: Any, entry: MissingAttachment) -> ArticlePage:
    """Takes the placeholder out of the newest draft: the file will not be found.

    :raises ValidationError: as `attach_file`.
    """
    return _settle(actor, entry, None, "missing_file_dropped")


@transaction.atomic
def _settle(actor: Any, entry: MissingAttachment, block: Block | None, kind: str) -> ArticlePage:
    page = ArticlePage.objects.select_for_update(of=("self",)).get(pk=entry.page_id)
    entry = MissingAttachment.objects.select_for_update().get(pk=entry.pk)
    lock = page.get_lock()
    if lock is not None and (actor is None or lock.for_user(actor)):
        raise ValidationError(_("The page is locked. Wait until it is free, or ask for it."))
    if entry.resolved_at is not None:
        raise ValidationError(_("This file was settled by somebody else meanwhile."))
    draft = page.get_latest_revision_as_object()
    body = [dict(item) for item in draft.body.raw_data]
    if entry.block_id:
        body = _replaced(body, entry.block_id, block)
    elif block is not None:  # a cover picture, which no block stands for, leads the text
        at_top = entry.role != AttachmentRole.FILE
        body = [block, *body] if at_top else [*body, block]
    if entry.block_id or block is not None:
        draft.body = draft.body.stream_block.to_python(body)
        draft.save_revision(user=actor, log_action=True)
    entry.resolved_at = timezone.now()
    entry.save(update_fields=["resolved_at"])
    record_event(kind=kind, subject=page, actor=actor, data={"missing_attachment": entry.pk})
    return draft


def _replaced(body: list[Block], block_id: str, block: Block | None) -> list[Block]:
    place = next((n for n, item in enumerate(body) if item.get("id") == block_id), None)
    if place is None:
        raise ValidationError(
            _(
                "The newest draft of the page has no such place any more: it was edited. Nothing was changed."
            )
        )
    return [*body[:place], *([{**block, "id": block_id}] if block else []), *body[place + 1 :]]


def settle_replaced() -> int:
    """Closes entries whose place is gone from page and newest draft; returns their number."""
    return _closing(lambda page: {block.get("id") for block in _newest_body(page)})


def _closing(ids_of: Callable[[ArticlePage], set[str | None]]) -> int:
    entries = MissingAttachment.objects.filter(resolved_at=None).exclude(block_id="")
    closed = 0
    pages = ArticlePage.objects.filter(pk__in=entries.values("page_id")).exclude(
        latest_revision__user=None
    )
    for page in pages.select_related("latest_revision").iterator(chunk_size=100):
        closed += (
            entries.filter(page_id=page.pk)
            .exclude(block_id__in=[pk for pk in ids_of(page) if pk])
            .update(resolved_at=timezone.now())
        )
    return closed
