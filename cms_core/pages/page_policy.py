"""Which pages a person reaches, asked of the tree by ranges of its paths.

Wagtail joins one condition for each granted action with a pattern that no index answers, and repeats
them for every role. Rights are the same here; the questions are shorter.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from wagtail.permission_policies.pages import PagePermissionPolicy

from sites.accounts.rights import rights_of

from .models import BasePage

#: Actions whose holder finds a page in the explorer (as Wagtail has them).
EXPLORING = frozenset({"add", "change", "publish", "lock", "unlock", "bulk_delete"})


def topmost(paths: Iterable[str]) -> tuple[str, ...]:
    """``paths`` without those that lie below another of them, in order."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return tuple(kept)


def at_or_below(paths: Iterable[str]) -> Q:
    """The pages at these tree paths and all below them; none for no path."""
    found = Q(pk__in=[])
    for path in topmost(paths):
        found |= Q(path__range=(path, BasePage._get_children_path_interval(path)[1]))
    return found


def _above(paths: Iterable[str]) -> set[str]:
    step = BasePage.steplen
    return {path[:end] for path in paths for end in range(step, len(path), step)}


def _common_start(paths: Iterable[str]) -> str:
    """The lowest tree path above, or at, all of ``paths``; ``""`` for none."""
    first, *others = sorted(set(paths)) or [""]
    step = BasePage.steplen
    length = len(first)
    while not all(path.startswith(first[:length]) for path in others):
        length -= step
    return first[:length]


class PathPolicy(PagePermissionPolicy):
    """Wagtail's policy of pages with the same answers."""

    def _paths(self, user: Any, actions: Iterable[str]) -> tuple[str, ...]:
        wanted = self._get_permission_codenames(actions)
        return topmost(
            grant.page.path
            for grant in rights_of(user).pages
            if grant.permission.codename in wanted
        )

    def explores_all_below(self, user: Any, page: BasePage) -> bool:
        """Whether ``user`` finds every page at and below ``page`` in the explorer."""
        return any(page.path.startswith(path) for path in self._paths(user, EXPLORING))

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        base = self._base_queryset_for_user(user)
        if base is not None:
            return base
        actions = set(actions)
        reached = at_or_below(self._paths(user, actions))
        if "change" in actions and "add" not in actions:
            # Who may only add changes what is their own.
            reached |= at_or_below(self._paths(user, {"add"})) & Q(owner_id=user.pk)
        return self.model._default_manager.filter(reached)

    def explorable_instances(self, user: Any) -> Any:
        """As Wagtail's: what is reached, and what leads there below the common root."""
        base = self._base_queryset_for_user(user)
        if base is not None:
            return base
        paths = {grant.page.path for grant in rights_of(user).pages}
        common = _common_start(path[: -BasePage.steplen] for path in paths)
        leading = [path for path in _above(paths) if path.startswith(common)]
        reached = at_or_below(self._paths(user, EXPLORING)) | Q(path__in=leading)
        return self.model._default_manager.filter(reached)

    def explorable_root_instance(self, user: Any) -> Any:
        """As Wagtail's; where one granted page is the common root, it is at hand."""
        name = self._explorable_root_instance_cache_name
        if hasattr(user, name):
            return getattr(user, name)
        pages = {page.path: page for page in self.instances_with_direct_explore_permission(user)}
        tops = topmost(pages)
        if len(tops) == 1:
            setattr(user, name, pages[tops[0]])
            return pages[tops[0]]
        return super().explorable_root_instance(user)
