"""Merged articles that a person has to look at, worked off. Inside the tenant's scope.

What is held back is settled when somebody publishes it, or by saying that it stays a draft; what is public
and may hold personal data is settled when a person publishes it anew (the checks have read it then), or by
saying why it may stay. An identity number is never settled while it is public: nothing published needs one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms_core.pages.lifecycle_rights import paths_to_change
from cms_core.pages.models import BasePage
from cms_core.workflow.gate import is_released_by_the_platform
from sites.audit.services import record_events
from sites.registry.checked_content import content_of

from .enums import CheckReason
from .left_over import HELD, PUBLIC, Settled, texts_of, within
from .models import TextToCheck
from .selectors import may_hold_merged_pages
from .texts import find_personal_data

#: Pages settled within a request, as with other changes of many pages.
MOST_AT_ONCE = 100


class Which(models.TextChoices):
    """The two lists."""

    HELD = "held", gettext_lazy("Kept as drafts")
    PERSONAL = "personal", gettext_lazy("Public, may hold personal data")


_CONDITION = {Which.HELD: HELD, Which.PERSONAL: PUBLIC}


def pages_to_check(
    user: Any, which: Which, *, words: str = "", reason: str = ""
) -> models.QuerySet[BasePage]:
    """Pages with an open reason among those that ``user`` may change, oldest first."""
    paths = paths_to_change(user)
    rows = texts_of(paths).filter(_CONDITION[which])
    if reason:
        rows = rows.filter(reason=reason)
    # The paths again: the index of the tree finds the pages then, however many rows there are.
    found = BasePage.objects.filter(within(paths, ""), pk__in=rows.order_by().values("page_id"))
    for word in words.split():
        found = found.filter(draft_title__icontains=word)
    return found.order_by("pk")


def reasons_of(page_ids: Collection[int]) -> dict[int, list[CheckReason]]:
    """The open reasons of these pages."""
    found: dict[int, list[CheckReason]] = defaultdict(list)
    rows = TextToCheck.objects.filter(page_id__in=page_ids, settled_at=None)
    for page_id, reason in rows.order_by("page_id", "pk").values_list("page_id", "reason"):
        found[page_id].append(CheckReason(reason))
    return found


@transaction.atomic
def settle_texts(*, actor: Any, page_ids: Sequence[int], remark: str) -> Settled:
    """Notes that somebody looked at these pages and leaves them as they are, and why. An event for each page.

    Pages that ``actor`` may not change are no pages for them.

    :raises ValidationError: too many pages, or no reason.
    """
    if len(page_ids) > MOST_AT_ONCE:
        raise ValidationError(
            _("At most %(most)d at once. Nothing was changed.") % {"most": MOST_AT_ONCE}
        )
    if not remark.strip():
        raise ValidationError(_("Say why."))
    rows = texts_of(paths_to_change(actor)).filter(page_id__in=page_ids).select_related("page")
    by_page: dict[int, list[TextToCheck]] = defaultdict(list)
    for row in rows.select_for_update(of=("self",)).order_by("page_id", "pk"):
        by_page[row.page_id].append(row)
    left, subjects, settled = [], [], []
    for page_rows in by_page.values():
        page, reasons = page_rows[0].page, [row.reason for row in page_rows]
        if page.live and CheckReason.IDENTITY in reasons:
            left.append(
                (
                    page.title,
                    _("it shows an identity number: mask it and publish anew, or withdraw it"),
                )
            )
            continue
        settled += [row.pk for row in page_rows]
        subjects.append((page, {"reasons": reasons}))
    TextToCheck.objects.filter(pk__in=settled).update(
        settled_at=timezone.now(), settled_by=actor, remark=remark.strip()[:200]
    )
    if subjects:
        record_events(kind="old_text_checked", subjects=subjects, actor=actor)
    return Settled(len(subjects), tuple(left))


def settle_published(instance: Any, revision: Any = None, **_kwargs: Any) -> None:
    """A person published the page: what they were asked to look at is looked at.

    An identity number that still stands there keeps its line. Hung on Wagtail's signal.
    """
    if is_released_by_the_platform() or not may_hold_merged_pages():
        return
    rows = TextToCheck.objects.filter(page_id=instance.pk, settled_at=None)
    reasons = set(rows.values_list("reason", flat=True))
    if not reasons:
        return
    if CheckReason.IDENTITY in reasons and "identity_number" in find_personal_data(
        "\n".join(segment.text for segment in content_of(instance).segments)
    ):
        rows = rows.exclude(reason=CheckReason.IDENTITY)
    rows.update(settled_at=timezone.now(), settled_by_id=getattr(revision, "user_id", None))
