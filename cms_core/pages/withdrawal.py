"""Withdrawing pages (撤稿): off the site, out of every list, with a notice at the old address.

There is no way to take a public page off without a notice: this module's services ask for one, and
whatever else takes a page off (Wagtail's actions, an interface, a take-down time) ends in a saved
row, where :func:`follow_save` puts up the notice that fits.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry, Revision

from cms_core.resources import services as resources
from cms_core.workflow.services import end_reviews
from sites.audit.services import record_events
from sites.tenancy.models import Tenant
from sites.tenancy.rules import HOME_DEPTH
from sites.tenancy.scope import current_tenant_id, require_scope

from .models import ArticlePage, BasePage, Tombstone
from .selectors import forget_private_paths, private_paths
from .withdrawal_rules import (
    EXPIRED,
    MOVED,
    TAKEN_OFF,
    WithdrawalNotice,
    below_site,
    faults_of,
)

#: Pages in one withdrawal or deletion: at 2 ms a page it holds the database's one writer for four
#: seconds. More is asked for section by section.
MOST_AT_ONCE = 2000
#: Rows in one statement.
_BATCH = 500
#: Path ranges in one condition: SQLite nests at most 1,000 deep.
_PATHS = 200
_NOTICE = "withdrawal_notice"


class TooManyPages(ValidationError):
    """More pages than one transaction may hold."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "That is more than %(most)d pages at once. Nothing was changed. "
                "Take the sections one after the other."
            )
            % {"most": MOST_AT_ONCE}
        )


@transaction.atomic
def withdraw_pages(
    *,
    actor: Any,
    pages: Sequence[BasePage],
    notice: WithdrawalNotice,
    with_below: bool = True,
) -> list[Tombstone]:
    """Take ``pages`` (and, where wanted, all below them) off the site with one notice. All or none.

    Rows, resources, notices, history and audit event are one transaction, in a number of queries
    that grows with batches and not with pages. What is not public is left as it is.

    :raises ValidationError: the notice says too little, a home page was named, or too many pages.
    """
    check_notice(notice)
    for page in pages:
        refuse_home(page)
    rows = locked_rows(pages, with_below=with_below, only_live=True)
    take_off(rows, actor=actor, notice=notice)
    return bury(rows, actor=actor, notice=notice)


def locked_rows(
    pages: Sequence[BasePage], *, with_below: bool, only_live: bool = False
) -> list[BasePage]:
    """The rows of ``pages``, and of all below them, locked in the order of their keys.

    :raises TooManyPages: more than :data:`MOST_AT_ONCE`.
    """
    found: dict[int, BasePage] = {}
    for some in _batches(pages, _PATHS):
        wanted = Q(pk__in=[page.pk for page in some])
        for page in some if with_below else ():
            if page.numchild:
                wanted |= Q(path__range=BasePage._get_children_path_interval(page.path))
        rows = BasePage.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk")
        if only_live:
            rows = rows.filter(live=True)
        found |= {row.pk: row for row in rows[: MOST_AT_ONCE + 1]}
        if len(found) > MOST_AT_ONCE:
            raise TooManyPages
    return list(found.values())


def refuse_home(page: BasePage) -> None:
    """:raises ValidationError: ``page`` is a site's home, or above it."""
    if page.depth <= HOME_DEPTH:
        raise ValidationError(
            _("A home page stays: a whole site is closed by the operator of the platform.")
        )


def check_notice(notice: WithdrawalNotice) -> None:
    """:raises ValidationError: a notice that says too little, or two replacements."""
    words = {
        "unknown_reason": _("Choose a reason from the list."),
        "words_missing": _("Say in a sentence for the public why the page is withdrawn."),
        "two_replacements": _("Name a page or an address as replacement, not both."),
    }
    found = faults_of(notice)
    if found:
        raise ValidationError([words[fault] for fault in found])


def take_off(rows: Sequence[BasePage], *, actor: Any, notice: WithdrawalNotice) -> None:
    """Make locked, live ``rows`` drafts, as Wagtail's own action does one by one."""
    if not rows:
        return
    now = timezone.now()
    actor_id: Any = getattr(actor, "pk", actor)
    for some in _batches(rows):
        keys = [page.pk for page in some]
        BasePage.objects.filter(pk__in=keys).update(
            live=False, has_unpublished_changes=True, live_revision=None
        )
        unschedule(keys)
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                content_type_id=page.content_type_id,
                label=str(page)[:255],
                action="wagtail.unpublish",
                timestamp=now,
                user_id=actor_id,
                page_id=page.pk,
                content_changed=False,
                data={"reason": notice.reason},
            )
            for page in rows
        ],
        batch_size=_BATCH,
    )
    for page in rows:
        page.live, page.live_revision_id = False, None
        page.has_unpublished_changes = True
    resources.withdraw_sources(actor=actor, source_uuids=[page.translation_key for page in rows])
    for some in _batches(rows):
        end_reviews(actor=actor, pages=some, reason=_("The page was taken off the site."))


def unschedule(page_ids: Sequence[int]) -> dict[str, str]:
    """Forget when drafts of these pages were to go live; revision id → the moment."""
    planned = Revision.page_revisions.filter(
        object_id__in=[str(key) for key in page_ids], approved_go_live_at__isnull=False
    )
    found = {str(row.pk): row.approved_go_live_at.isoformat() for row in planned}
    if found:
        planned.update(approved_go_live_at=None)
    return found


def bury(
    rows: Sequence[BasePage],
    *,
    actor: Any,
    notice: WithdrawalNotice,
    former_paths: dict[int, str] | None = None,
) -> list[Tombstone]:
    """Put up the notice at the address of every row that the public could read.

    ``former_paths``: page id → ``url_path`` where the row has already moved.
    """
    hidden = private_paths()
    public = [page for page in rows if not page.path.startswith(hidden)]
    if not public:
        return []
    now = timezone.now()
    unit = _unit()
    shown = _shown_times([page.pk for page in public])
    before = former_paths or {}
    paths = {page.pk: below_site(before.get(page.pk) or page.url_path) for page in public}
    _lift(Q(url_path__in=list(paths.values())), now)
    actor_id: Any = getattr(actor, "pk", actor)
    stones = Tombstone.objects.bulk_create(
        [
            Tombstone(
                tenant_id=current_tenant_id(),
                page_id=page.pk,
                source_uuid=page.translation_key,
                url_path=paths[page.pk],
                title=page.title,
                published_at=shown.get(page.pk) or page.first_published_at,
                withdrawn_at=now,
                unit_name=unit,
                withdrawn_by_id=actor_id,
                reason=notice.reason,
                explanation=notice.explanation.strip(),
                replaced_by_id=notice.replaced_by_id,
                replacement_url=notice.replacement_url,
                contact=notice.contact,
            )
            for page in public
        ],
        batch_size=_BATCH,
    )
    record_events(
        kind="page_withdrawn",
        subjects=[
            (page, {"reason": notice.reason, "tombstone": stone.pk})
            for page, stone in zip(public, stones, strict=True)
        ],
        actor=actor,
    )
    return stones


def _unit() -> str:
    """The body that runs the site, as the public knows it."""
    tenant = Tenant.objects.select_related("sponsor_organization").get(pk=current_tenant_id())
    return tenant.sponsor_organization.name if tenant.sponsor_organization else tenant.name


def _shown_times(keys: list[int]) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for some in _batches(keys):
        found |= dict(
            ArticlePage.objects.filter(pk__in=some).order_by().values_list("pk", "published_at")
        )
    return found


def _lift(wanted: Q, now: Any) -> int:
    return Tombstone.objects.in_force().filter(wanted).update(lifted_at=now)


@contextmanager
def saying(notice: WithdrawalNotice) -> Iterator[None]:
    """Inside the block, a page that is taken off one by one gets this notice."""
    memo = require_scope().memo
    before = memo.get(_NOTICE)
    memo[_NOTICE] = notice
    try:
        yield
    finally:
        memo[_NOTICE] = before


def follow_save(page: BasePage, *, was_live: bool) -> None:
    """After the save of a row, in its transaction: the notice of a page taken off, or no more of it."""
    if page.depth <= HOME_DEPTH or not (page.live or was_live):
        return
    actor = require_scope().user_id
    if page.live:
        # Also where the row was public when it was read: somebody may have withdrawn it since. The row
        # is locked by its own save by now, so their notice is seen.
        lift_tombstones([page])
        return
    said: WithdrawalNotice | None = require_scope().memo.get(_NOTICE)
    reason = EXPIRED if page.expired else TAKEN_OFF
    forget_private_paths()
    end_reviews(actor=actor, pages=[page], reason=_("The page was taken off the site."))
    bury([page], actor=actor, notice=said or WithdrawalNotice(reason))


def lift_tombstones(pages: Iterable[BasePage]) -> None:
    """These pages are public again: their notices go, and notices at their former addresses lead here."""
    now = timezone.now()
    for some in _batches(list(pages)):
        paths = {below_site(page.url_path) for page in some}
        keys = [page.pk for page in some]
        stones = list(
            Tombstone.objects.in_force().filter(Q(url_path__in=paths) | Q(page_id__in=keys))
        )
        for stone in stones:
            if stone.url_path in paths:
                stone.lifted_at = now
            elif stone.replaced_by_id is None and not stone.replacement_url:
                stone.replaced_by_id, stone.reason = stone.page_id, MOVED
        if stones:
            Tombstone.objects.bulk_update(stones, ["lifted_at", "replaced_by", "reason"], _BATCH)


@transaction.atomic
def change_notice(*, actor: Any, tombstone: Tombstone, notice: WithdrawalNotice) -> Tombstone:
    """Say it better: reason, words and replacement of a notice that stands.

    :raises ValidationError: the notice says too little, or names its own page.
    """
    check_notice(notice)
    if notice.replaced_by_id and notice.replaced_by_id == tombstone.page_id:
        raise ValidationError(_("A page cannot replace itself: publish it again instead."))
    for name, value in (
        ("reason", notice.reason),
        ("explanation", notice.explanation.strip()),
        ("replaced_by_id", notice.replaced_by_id),
        ("replacement_url", notice.replacement_url),
        ("contact", notice.contact),
    ):
        setattr(tombstone, name, value)
    tombstone.save(
        update_fields=["reason", "explanation", "replaced_by", "replacement_url", "contact"]
    )
    record_events(
        kind="withdrawal_notice_changed",
        subjects=[(tombstone, {"reason": notice.reason})],
        actor=actor,
    )
    return tombstone


def _batches(rows: Sequence[Any], size: int = _BATCH) -> Iterator[Any]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
