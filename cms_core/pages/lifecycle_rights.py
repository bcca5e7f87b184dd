"""Who may take off, delete, move, publish and bring back a page; and why not, in words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Revision
from wagtail.permission_policies.pages import PagePermissionPolicy

from sites.tenancy.rules import HOME_DEPTH

from .models import BasePage, RecycledPage

#: Actions of the role templates that make a person see what was deleted in their part of the site.
_WORKING = frozenset({"add", "change", "publish", "bulk_delete"})


def with_state(pages: Sequence[BasePage]) -> list[BasePage]:
    """``pages`` with all that their rights depend on (review, lock, plan), in a few queries for all."""
    keys = [page.pk for page in pages]
    found = list(
        BasePage.objects.filter(pk__in=keys)
        .select_related("locked_by")
        .prefetch_workflow_states()
        .order_by("path")
    )
    planned = {
        row.object_id: row
        for row in Revision.page_revisions.filter(
            object_id__in=[str(key) for key in keys], approved_go_live_at__isnull=False
        )
    }
    for page in found:
        # Wagtail's cached property: asked once for all instead of once for each.
        page.__dict__["scheduled_revision"] = planned.get(str(page.pk))
    return found


def _lock(page: BasePage, user: Any) -> str:
    if page.locked and page.locked_by_id != user.pk:
        return _("%(name)s has locked it.") % {"name": page.locked_by or _("Somebody")}
    return ""


def why_not_withdraw(page: BasePage, user: Any) -> str:
    """Why ``user`` cannot take ``page`` off, ``""`` where they can."""
    tester = page.permissions_for_user(user)
    if page.depth <= HOME_DEPTH:
        return _("A home page stays: a whole site is closed by the operator of the platform.")
    if not page.live:
        return _("It is not public.")
    # What is public is taken off by whoever publishes, also where reviews stand before publishing.
    if "publish" not in tester.permissions:
        return _("You may not publish or withdraw here.")
    return _lock(page, user)


def why_not_delete(page: BasePage, user: Any) -> str:
    """Why ``user`` cannot delete ``page``."""
    tester = page.permissions_for_user(user)
    if page.depth <= HOME_DEPTH:
        return _("A home page stays: a whole site is closed by the operator of the platform.")
    if not tester.can_delete():
        return _("You may not delete it: it has pages below it, or it is not yours.")
    return _lock(page, user)


def why_not_move(page: BasePage, user: Any) -> str:
    """Why ``user`` cannot move ``page`` anywhere."""
    tester = page.permissions_for_user(user)
    if page.depth <= HOME_DEPTH:
        return _("A home page stays where it is.")
    if not tester.can_move():
        return _("You may not move it.")
    return _lock(page, user)


def why_not_publish(page: BasePage, user: Any) -> str:
    """Why ``user`` cannot publish the newest draft of ``page``."""
    tester = page.permissions_for_user(user)
    if page.live and not page.has_unpublished_changes:
        return _("It is public already, without changes.")
    if not tester.can_publish():
        return _("You may not publish or withdraw here.")
    if page.current_workflow_state is not None:
        return _("It is under review. It is published when the last reviewer agrees.")
    if page.__dict__.get("scheduled_revision") is not None:
        return _("It goes live at its planned time.")
    return _lock(page, user)


def _reach(user: Any) -> list[tuple[str, str]]:
    """(tree path, action) that the roles of ``user`` give in the open tenant."""
    return [
        (given.page.path, given.permission.codename.rsplit("_", maxsplit=1)[0])
        for given in PagePermissionPolicy().get_cached_permissions_for_user(user)
    ]


def paths_to_change(user: Any) -> tuple[str, ...]:
    """Tree paths at and below which ``user`` may change pages, none below another. No query beyond the rights."""
    found: list[str] = []
    for path in sorted({path for path, action in _reach(user) if action == "change"}):
        if not (found and path.startswith(found[-1])):
            found.append(path)
    return tuple(found)


def may_see_deleted(entry: RecycledPage, user: Any) -> bool:
    """Whether the page stood in the part of the site where ``user`` works."""
    return any(
        action in _WORKING and entry.former_path.startswith(path) for path, action in _reach(user)
    )


def may_purge(entry: RecycledPage, user: Any) -> bool:
    """Deleting for good is for those who may delete whole sections."""
    return any(
        action == "bulk_delete" and entry.former_path.startswith(path)
        for path, action in _reach(user)
    )


def may_restore_below(parent: BasePage, user: Any) -> bool:
    """Whether ``user`` may bring a page back below ``parent``."""
    return any(action == "add" and parent.path.startswith(path) for path, action in _reach(user))


def may_publish_below(parent: BasePage, user: Any) -> bool:
    """Whether what comes back below ``parent`` may be public at once."""
    return any(
        action == "publish" and parent.path.startswith(path) for path, action in _reach(user)
    )


def works_somewhere(user: Any) -> bool:
    """Whether ``user`` has any page to work on in the open tenant."""
    return any(action in _WORKING for _path, action in _reach(user))


def may_see(page: BasePage, user: Any) -> bool:
    """Whether ``user`` works on ``page``, so that its title may be named to them."""
    return any(action in _WORKING and page.path.startswith(path) for path, action in _reach(user))
