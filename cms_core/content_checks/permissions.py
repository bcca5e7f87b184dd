"""Who may see, ask for and answer checks, and who keeps the lists."""

from typing import Any

from django.contrib.auth import get_permission_codename

_APP = "cms_core_content_checks"
KEEP_TERMS = f"{_APP}.change_listedterm"
KEEP_LEADERS = f"{_APP}.change_leader"


def may_edit(user: Any, obj: Any) -> bool:
    """Whether ``user`` may correct ``obj``, and so may answer for what was found in it."""
    tester = getattr(obj, "permissions_for_user", None)
    if tester is not None:
        return bool(tester(user).can_edit())
    return _has(user, "change", obj)


def may_read_findings(user: Any, obj: Any) -> bool:
    """Whoever edits, reviews or publishes ``obj`` reads what was found in it."""
    tester = getattr(obj, "permissions_for_user", None)
    if tester is not None:
        page = tester(user)
        return bool(
            page.can_edit() or page.can_publish() or page.can_view_revisions() or page.can_lock()
        )
    return any(_has(user, action, obj) for action in ("change", "publish", "view"))


def _has(user: Any, action: str, obj: Any) -> bool:
    codename = get_permission_codename(action, obj._meta)
    return bool(user.has_perm(f"{obj._meta.app_label}.{codename}"))


def may_keep_terms(user: Any) -> bool:
    """Whether ``user`` may add to the site's own list of terms."""
    return bool(user.has_perm(KEEP_TERMS))


def may_keep_leaders(user: Any) -> bool:
    """Whether ``user`` keeps the site's list of leaders."""
    return bool(user.has_perm(KEEP_LEADERS))
