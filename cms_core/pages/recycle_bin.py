"""The recycle bin (回收站): a deletion moves a page and all below it out of the site, and back.

Whatever deletes a page ends here (see ``BasePage.delete``): the screens, bulk actions, both
programming interfaces. Nothing in the bin is public, found or counted; after some time it is gone.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, PageLogEntry, Revision

from cms_core.workflow.policy_selectors import policy_table
from cms_core.workflow.rules import may_move_live
from cms_core.workflow.services import end_reviews
from sites.audit.services import record_events
from sites.tenancy.models import Tenant
from sites.tenancy.rules import HOME_DEPTH
from sites.tenancy.scope import current_scope, current_tenant_id, opening_scope

from .bulk import insert_children
from .models import BasePage, RecycleBinPage, RecycledPage, Tombstone
from .models.base import BIN_SLUG, seeing_the_bin
from .publication import refresh_below
from .selectors import HOME_PATH_LENGTH, forget_private_paths
from .tree import Transplant, free_slugs, transplant
from .withdrawal import (
    bury,
    check_notice,
    lift_tombstones,
    locked_rows,
    refuse_home,
    take_off,
    unschedule,
)
from .withdrawal_rules import (
    DELETED,
    WithdrawalNotice,
    address_below_site,
    below_site,
    recycle_bin_days,
)

#: Entries purged in one transaction: each may hold a section of some hundred pages.
PURGED_AT_ONCE = 20
_BATCH = 500


def takes(page: BasePage) -> bool:
    """Whether a deletion of ``page`` ends in the bin: in a tenant's scope, everything but homes."""
    scope = current_scope()
    inside_tenant = scope is not None and not scope.all and bool(scope.tenant_id)
    return inside_tenant and page.depth > HOME_DEPTH and not page.is_recycled


@seeing_the_bin()
def bin_of_tenant() -> RecycleBinPage:
    """The open tenant's bin, made when it is first needed."""
    found = RecycleBinPage.objects.first()
    if found is not None:
        return found
    tenant = Tenant.objects.get(pk=current_tenant_id())
    with opening_scope(tenant, "a site's recycle bin stands beside its home"):
        # The root's row is the lock: two first deletions must not make two bins.
        root = BasePage.objects.select_for_update().get(depth=1)
        found = RecycleBinPage.objects.filter(tenant=tenant).first()
        if found is None:
            found = RecycleBinPage(
                title="回收站",
                slug=f"{BIN_SLUG}{tenant.pk}",
                tenant_id=tenant.pk,
                locale_id=Locale.get_default().pk,
                live=False,
            )
            insert_children(root, [found], actor=None)
    return found


@transaction.atomic
@seeing_the_bin()
def recycle_pages(
    *, actor: Any, pages: Sequence[BasePage], notice: WithdrawalNotice | None = None
) -> list[RecycledPage]:
    """Move ``pages`` and all below them into the bin. All or none; queries grow with batches.

    What the public saw is withdrawn with ``notice`` in the same transaction.

    :raises ValidationError: a home page, too many pages at once, or a notice that says too little.
    """
    notice = notice or WithdrawalNotice(DELETED)
    check_notice(notice)
    for page in pages:
        refuse_home(page)
    forget_private_paths()
    rows = locked_rows(pages, with_below=True)
    roots = _topmost(rows, {page.pk for page in pages})
    live = [row for row in rows if row.live]
    live_revisions = {row.pk: row.live_revision_id for row in live}
    take_off(live, actor=actor, notice=notice)
    bury(live, actor=actor, notice=notice)
    _bury_redirects(live)
    keys = [row.pk for row in rows]
    schedules: dict[str, str] = {}
    for start in range(0, len(keys), _BATCH):
        schedules |= unschedule(keys[start : start + _BATCH])
    for start in range(0, len(rows), _BATCH):
        end_reviews(
            actor=actor, pages=rows[start : start + _BATCH], reason=_("The page was deleted.")
        )
    entries = _entries(roots, rows, live_revisions, schedules, actor)
    holder = BasePage.objects.select_for_update().get(pk=bin_of_tenant().pk)
    transplant(holder, [Transplant(page, f"deleted-{page.pk}") for page in roots])
    RecycledPage.objects.bulk_create(entries, batch_size=_BATCH)
    forget_private_paths()
    _tell("page_recycled", "jiyue.recycle", roots, entries, actor)
    return entries


def _topmost(rows: Sequence[BasePage], wanted: set[int]) -> list[BasePage]:
    """The chosen rows that lie below no other chosen one."""
    found: list[BasePage] = []
    for row in sorted(rows, key=lambda row: row.path):
        if row.pk in wanted and not (found and row.path.startswith(found[-1].path)):
            found.append(row)
    return found


def _entries(
    roots: Sequence[BasePage],
    rows: Sequence[BasePage],
    live_revisions: dict[int, int | None],
    schedules: dict[str, str],
    actor: Any,
) -> list[RecycledPage]:
    now = timezone.now()
    step = BasePage.steplen
    above = {
        page.path[:length]
        for page in roots
        for length in range(HOME_PATH_LENGTH, len(page.path), step)
    }
    places = {
        row.path: row for row in BasePage.objects.filter(path__in=above).only("path", "title")
    }
    planned = dict(
        Revision.page_revisions.filter(pk__in=list(schedules)).values_list("pk", "object_id")
    )
    found = []
    for root in roots:
        inside = [row for row in rows if row.path.startswith(root.path)]
        keys = {str(row.pk) for row in inside}
        parent = places.get(root.path[:-step])
        found.append(
            RecycledPage(
                tenant_id=current_tenant_id(),
                page_id=root.pk,
                title=root.title,
                former_parent=parent,
                former_place=" › ".join(
                    places[root.path[:length]].title
                    for length in range(HOME_PATH_LENGTH, len(root.path), step)
                    if root.path[:length] in places
                )[:1000],
                former_path=root.path,
                former_slug=root.slug,
                former_url_path=below_site(root.url_path),
                page_count=len(inside),
                live_pages=[
                    [row.pk, live_revisions[row.pk]] for row in inside if row.pk in live_revisions
                ],
                schedules={
                    revision: moment
                    for revision, moment in schedules.items()
                    if planned.get(int(revision)) in keys
                },
                deleted_by_id=getattr(actor, "pk", actor),
                deleted_at=now,
                purge_on=timezone.localdate() + timedelta(days=recycle_bin_days()),
            )
        )
    return found


def _bury_redirects(rows: Sequence[BasePage]) -> None:
    """A redirect to a page in the bin leads nowhere: its old address gets the page's notice too."""
    redirects = list(Redirect.objects.filter(redirect_page__in=[row.pk for row in rows]))
    if not redirects:
        return
    stones = {
        stone.page_id: stone
        for stone in Tombstone.objects.in_force().filter(page__in=[row.pk for row in rows])
    }
    for redirect in redirects:
        stone = stones.get(redirect.redirect_page_id)
        path = address_below_site(redirect.old_path)
        if stone is None or not path or Tombstone.objects.in_force().filter(url_path=path).exists():
            continue
        stone.pk, stone.url_path = None, path
        stone.save(force_insert=True)


@transaction.atomic
@seeing_the_bin()
def restore_page(
    *, actor: Any, entry: RecycledPage, parent: BasePage | None = None, as_live: bool = True
) -> BasePage:
    """Bring a deleted page back with all below it: to where it was, or below ``parent``.

    What the public saw is public again (``as_live``), its notices are lifted, plans that still lie
    ahead stand again. A taken slug gets a number; the old address then leads to the new one.

    :raises ValidationError: it was below a page that is itself gone or deleted, and no other is named.
    """
    # Locked: two people who press the button bring it back once.
    entry = RecycledPage.objects.select_for_update().get(pk=entry.pk)
    target = _target(entry, parent)
    reviews = policy_table(current_tenant_id())
    if not may_move_live(reviews.stages_at(entry.former_path), reviews.stages_at(target.path)):
        as_live = False  # its new place asks for reviews that it has not passed
    root = BasePage.objects.select_for_update().get(pk=entry.page_id)
    (slug,) = free_slugs(target, [entry.former_slug])
    transplant(target, [Transplant(root, slug, entry.former_path)])
    forget_private_paths()
    if as_live:
        _make_live(entry)
    _plan_again(entry)
    record_events(
        kind="page_restored",
        subjects=[(root, {"page_count": entry.page_count, "parent": target.pk})],
        actor=actor,
    )
    _log("jiyue.restore", [root], actor)
    entry.delete()
    if as_live:
        refresh_below(root)
    root.refresh_from_db()
    return root


def _target(entry: RecycledPage, parent: BasePage | None) -> BasePage:
    key = parent.pk if parent is not None else entry.former_parent_id
    target = BasePage.objects.select_for_update().filter(pk=key).first() if key else None
    if target is None or target.is_recycled or target.depth < HOME_DEPTH:
        raise ValidationError(
            _("The page above it is gone too. Bring that one back first, or choose another place.")
        )
    page = BasePage.objects.get(pk=entry.page_id).specific
    if not page.can_move_to(target):
        raise ValidationError(_("Pages of this type cannot stand there. Choose another place."))
    return target


def _make_live(entry: RecycledPage) -> None:
    now = timezone.now()
    revisions = dict(entry.live_pages)
    pages = list(
        BasePage.objects.filter(pk__in=list(revisions)).filter(
            Q(expire_at__isnull=True) | Q(expire_at__gt=now)
        )
    )
    for page in pages:
        page.live = True
        page.live_revision_id = revisions[page.pk]
        page.has_unpublished_changes = (
            page.live_revision_id is not None and page.live_revision_id != page.latest_revision_id
        )
    BasePage.objects.bulk_update(
        pages, ["live", "live_revision", "has_unpublished_changes"], batch_size=_BATCH
    )
    lift_tombstones(pages)


def _plan_again(entry: RecycledPage) -> None:
    now = timezone.now()
    for revision, moment in entry.schedules.items():
        at = datetime.fromisoformat(moment)
        if at > now:
            Revision.page_revisions.filter(pk=int(revision)).update(approved_go_live_at=at)


@transaction.atomic
@seeing_the_bin()
def purge_pages(*, actor: Any, entries: Sequence[RecycledPage]) -> int:
    """Delete for good what stands in the bin: rows, drafts, history of reviews. Notices stay.

    :returns: how many pages.
    """
    roots = list(
        BasePage.objects.select_for_update().filter(recycled__in=[entry.pk for entry in entries])
    )
    _tell("page_purged", "wagtail.delete", roots, list(entries), actor, deleted=True)
    count = sum(entry.page_count for entry in entries)
    for root in roots:
        # Treebeard's own deletion: rows of every type, counts of children.
        BasePage.objects.filter(pk=root.pk).delete()
    return count


def purge_due(*, today: date) -> int:
    """Purge the open tenant's entries whose time is over, in short transactions. How many entries."""
    count = 0
    while True:
        due = list(RecycledPage.objects.filter(purge_on__lt=today).order_by("pk")[:PURGED_AT_ONCE])
        if not due:
            return count
        purge_pages(actor=None, entries=due)
        count += len(due)


def _tell(
    kind: str,
    action: str,
    roots: Sequence[BasePage],
    entries: Sequence[RecycledPage],
    actor: Any,
    *,
    deleted: bool = False,
) -> None:
    counts = {entry.page_id: entry.page_count for entry in entries}
    if roots:
        record_events(
            kind=kind,
            subjects=[(root, {"page_count": counts[root.pk]}) for root in roots],
            actor=actor,
        )
        _log(action, roots, actor, deleted=deleted)


def _log(action: str, roots: Sequence[BasePage], actor: Any, *, deleted: bool = False) -> None:
    now = timezone.now()
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                content_type_id=page.content_type_id,
                label=str(page)[:255],
                action=action,
                timestamp=now,
                user_id=getattr(actor, "pk", actor),
                page_id=page.pk,
                deleted=deleted,
                data={},
            )
            for page in roots
        ],
        batch_size=_BATCH,
    )
