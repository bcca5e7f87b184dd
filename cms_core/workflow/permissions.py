"""Who may do what around a review. Roles give rights (``sites.accounts``); review takes publishing away."""

from typing import Any

from django.contrib.auth import get_permission_codename
from wagtail.models import AbstractPage
from wagtail.models.pages import PagePermissionTester

from sites.tenancy.rules import HOME_DEPTH

from . import rules, selectors


def holds(user: Any, obj: Any, action: str) -> bool:
    """Whether the role of ``user`` gives ``action`` on ``obj``, apart from any review."""
    if not user.is_active:
        return False
    if isinstance(obj, AbstractPage):
        return action in PagePermissionTester(user, obj).permissions
    codename = get_permission_codename(action, obj._meta)
    return bool(user.has_perm(f"{obj._meta.app_label}.{codename}"))


def may_change_policy(user: Any) -> bool:
    """Whether ``user`` switches review on and off and chooses its stages."""
    return bool(user.has_perm("cms_core_workflow.change_reviewpolicy"))


def may_see(user: Any, obj: Any) -> bool:
    """Whether ``user`` sees the review record of ``obj``: whoever works with it here."""
    return (
        holds(user, obj, "change")
        or holds(user, obj, "publish")
        or getattr(obj, "owner_id", None) == user.pk
        or selectors.is_reviewer(user)
        or may_change_policy(user)
    )


def may_submit(user: Any, obj: Any) -> bool:
    """Whether ``user`` may submit ``obj``: who may change it, while nobody else has locked it."""
    if getattr(obj, "locked", False) and obj.locked_by_id != user.pk:
        return False
    if isinstance(obj, AbstractPage):
        return bool(PagePermissionTester(user, obj).can_edit())
    return holds(user, obj, "change")


class ReviewedPagePermissionTester(PagePermissionTester):
    """Wagtail's page rights, without publishing where a review stands before it.

    Taken away from everybody, site administrators too: the actions, views and programming interfaces
    of Wagtail all ask here. What is public may still be taken down, made private and unscheduled by
    whoever publishes elsewhere.
    """

    def can_publish(self) -> bool:
        return bool(super().can_publish()) and not selectors.is_under_review(self.page)

    def can_unpublish(self) -> bool:
        """What is public is taken off at once by whoever publishes, in the middle of a review too.

        The locks of a review and of a plan keep the draft from being changed; only a person's own lock
        stands against this.
        """
        page, user = self.page, self.user
        is_free = not page.locked or page.locked_by_id == user.pk
        return bool(
            user.is_active
            and page.live
            and page.depth > HOME_DEPTH
            and is_free
            and "publish" in self.permissions
        )

    def can_publish_subpage(self) -> bool:
        return bool(super().can_publish_subpage()) and not selectors.stages_for(self.page)

    def can_set_view_restrictions(self) -> bool:
        return bool(PagePermissionTester.can_publish(self))

    def can_unschedule(self) -> bool:
        return bool(PagePermissionTester.can_publish(self))

    def can_move_to(self, destination: Any) -> bool:
        """Something public moves only where no review is asked for that it has not passed."""
        if not super().can_move_to(destination):
            return False
        is_public = self.page.live or self.page.get_descendants().filter(live=True).exists()
        return not is_public or rules.may_move_live(
            selectors.stages_for(self.page), selectors.stages_for(destination)
        )
