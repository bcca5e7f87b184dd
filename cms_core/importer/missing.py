"""Missing files of merged pages, worked off by editors. Inside the tenant's scope.

A file stands in a draft first: who may publish, and how many reviews it takes, is settled there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from cms_core.pages.lifecycle_rights import paths_to_change
from cms_core.pages.models import ArticlePage, BasePage
from sites.audit.services import record_event

from .enums import AttachmentRole, MissingState
from .left_over import Settled, dead_links_of, within
from .models import DeadLink, MissingAttachment
from .selectors import may_hold_merged_pages

#: Files settled within a request, as with other changes of many pages.
MOST_AT_ONCE = 100
LONGEST_REMARK = 200
#: States in which a file can still be attached: its place is in the text.
TO_ATTACH = (MissingState.OPEN, MissingState.STAYS)

Block = dict[str, Any]


def missing_files(
    user: Any, *, state: str = MissingState.OPEN, words: str = ""
) -> QuerySet[MissingAttachment]:
    """Files of the pages that ``user`` may change, page by page; ``state`` "": in any state.

    ``words``: all of them in the name of the file, its old place or the title of the page.
    """
    rows = MissingAttachment.objects.filter(within(paths_to_change(user))).select_related("page")
    if state:
        rows = rows.filter(state=state)
    for word in words.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(reference__icontains=word)
            | Q(page__draft_title__icontains=word)
        )
    return rows.order_by("page_id", "pk")


def dead_links(user: Any) -> QuerySet[DeadLink]:
    """Links that lead nowhere on the pages that ``user`` may change."""
    rows = dead_links_of(paths_to_change(user)).select_related("page")
    return rows.order_by("page_id", "pk")


def attach_file(*, actor: Any, entry: MissingAttachment, file: Any) -> ArticlePage:
    """Puts a file (`MediaFile`) into the newest draft, where the placeholder stands.

    :raises ValidationError: somebody is editing the page, or the placeholder is gone.
    """
    value = {"file": file.pk, "title": entry.title}
    block = {"type": "attachment", "value": value}
    return _settle(actor, entry.page_id, [entry.pk], block, MissingState.ATTACHED)


def attach_picture(*, actor: Any, entry: MissingAttachment, picture: Any) -> ArticlePage:
    """Puts a picture (`MediaImage`) into the newest draft, where the placeholder stands.

    :raises ValidationError: as `attach_file`.
    """
    value = {"image": picture.pk, "alternative_text": "", "caption": ""}
    block = {"type": "image", "value": value}
    return _settle(actor, entry.page_id, [entry.pk], block, MissingState.ATTACHED)


def give_up(*, actor: Any, entry: MissingAttachment, remark: str = "") -> ArticlePage:
    """Takes the placeholder out of the newest draft: the file will not be found.

    :raises ValidationError: as `attach_file`.
    """
    return _settle(actor, entry.page_id, [entry.pk], None, MissingState.GIVEN_UP, remark)


def settle_files(
    *, actor: Any, entry_ids: Sequence[int], state: MissingState, remark: str
) -> Settled:
    """Gives files up (their notes go out of the drafts), or leaves their notes where they are; and why.

    Each page by itself, so that one that is locked keeps none of the others: it is named with the reason.
    An event for each page. Files on pages that ``actor`` may not change are no files for them.

    :raises ValidationError: too many, no reason, or a state that is nobody's to choose.
    """
    if state not in (MissingState.GIVEN_UP, MissingState.STAYS):
        raise ValidationError(_("Choose what is to be done."))
    if len(entry_ids) > MOST_AT_ONCE:
        raise ValidationError(
            _("At most %(most)d at once. Nothing was changed.") % {"most": MOST_AT_ONCE}
        )
    if not remark.strip():
        raise ValidationError(_("Say why."))
    by_page: dict[int, list[int]] = defaultdict(list)
    titles = {}
    rows = missing_files(actor).filter(pk__in=entry_ids)
    for pk, page_id, title in rows.values_list("pk", "page_id", "page__title"):
        by_page[page_id].append(pk)
        titles[page_id] = title
    done, left = 0, []
    for page_id, ids in by_page.items():
        try:
            if state == MissingState.STAYS:
                _leave(actor, page_id, ids, remark)
            else:
                _settle(actor, page_id, ids, None, state, remark)
        except ValidationError as error:
            left.append((titles[page_id], " ".join(error.messages)))
        else:
            done += len(ids)
    return Settled(done, tuple(left))


@transaction.atomic
def _leave(actor: Any, page_id: int, ids: Sequence[int], remark: str) -> None:
    """The notes stay on the page: no draft is made, and nothing has to be reviewed."""
    entries = _locked(ids, (MissingState.OPEN,))
    page = BasePage.objects.get(pk=page_id)
    _note(actor, page, entries, MissingState.STAYS, remark)


@transaction.atomic
def _settle(
    actor: Any,
    page_id: int,
    ids: Sequence[int],
    block: Block | None,
    state: MissingState,
    remark: str = "",
) -> ArticlePage:
    page = ArticlePage.objects.select_for_update(of=("self",)).get(pk=page_id)
    entries = _locked(ids, TO_ATTACH)
    lock = page.get_lock()
    if lock is not None and (actor is None or lock.for_user(actor)):
        raise ValidationError(_("The page is locked. Wait until it is free, or ask for it."))
    draft = page.get_latest_revision_as_object()
    body = [dict(item) for item in draft.body.raw_data]
    is_changed = False
    for entry in entries:
        if entry.block_id:
            body = _replaced(body, entry.block_id, block)
            is_changed = True
        elif block is not None:  # a cover picture, which no block stands for, leads the text
            at_top = entry.role != AttachmentRole.FILE
            body = [block, *body] if at_top else [*body, block]
            is_changed = True
    _note(actor, page, entries, state, remark)
    if is_changed:
        draft.body = draft.body.stream_block.to_python(body)
        draft.save_revision(user=actor, log_action=True)
    return draft


def _locked(ids: Sequence[int], states: Sequence[MissingState]) -> list[MissingAttachment]:
    entries = list(
        MissingAttachment.objects.select_for_update()
        .filter(pk__in=ids, state__in=states)
        .order_by("pk")
    )
    if len(entries) != len(ids):
        raise ValidationError(_("This file was settled by somebody else meanwhile."))
    return entries


def _note(
    actor: Any,
    page: BasePage,
    entries: Sequence[MissingAttachment],
    state: MissingState,
    remark: str,
) -> None:
    ids = [entry.pk for entry in entries]
    MissingAttachment.objects.filter(pk__in=ids).update(
        state=state,
        resolved_at=timezone.now(),
        resolved_by=actor,
        remark=remark.strip()[:LONGEST_REMARK],
    )
    record_event(kind=_EVENTS[state], subject=page, actor=actor, data={"missing_attachments": ids})


_EVENTS = {
    MissingState.ATTACHED: "missing_file_attached",
    MissingState.GIVEN_UP: "missing_file_dropped",
    MissingState.STAYS: "missing_file_note_kept",
}


def _replaced(body: list[Block], block_id: str, block: Block | None) -> list[Block]:
    place = next((n for n, item in enumerate(body) if item.get("id") == block_id), None)
    if place is None:
        raise ValidationError(
            _(
                "The newest draft of the page has no such place any more: it was edited. Nothing was changed."
            )
        )
    return [*body[:place], *([{**block, "id": block_id}] if block else []), *body[place + 1 :]]


def settle_replaced(instance: Revision, **_kwargs: Any) -> None:
    """Somebody saved a page without the place of a missing file: it is not asked for any more.

    Hung on the saving of revisions, whichever way they come. One query, none where nothing was merged.
    """
    if not may_hold_merged_pages():
        return
    if instance.base_content_type_id != ContentType.objects.get_for_model(BasePage).pk:
        return
    entries = MissingAttachment.objects.filter(
        page_id=int(instance.object_id), state=MissingState.OPEN
    ).exclude(block_id="")
    wanted = dict(entries.values_list("pk", "block_id"))
    if not wanted:
        return
    held = {block.get("id") for block in json.loads(instance.content.get("body") or "[]")}
    gone = [pk for pk, block_id in wanted.items() if block_id not in held]
    if gone:
        entries.filter(pk__in=gone).update(
            state=MissingState.REPLACED,
            resolved_at=timezone.now(),
            resolved_by_id=instance.user_id,
        )
