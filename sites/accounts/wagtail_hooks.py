"""The way to one's own account; and what the administration does not offer."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)


@hooks.register("register_admin_menu_item")
def own_account() -> MenuItem:
    """Sessions, password and second factor lie outside the tenant."""
    # Written out: reverse() would put the tenant before it.
    return MenuItem(
        _("Sign-in and sessions"),
        "/account/sessions/",
        name="own-sessions",
        icon_name="key",
        order=10_001,
    )


class _Refused:
    """People are changed one by one, through services that check who may give what to whom."""

    def __init__(self, request: HttpRequest, model: Any) -> None:
        raise Http404("people have no bulk actions")


class NoDelete(_Refused, DeleteBulkAction):
    """An account is closed, never deleted: rows name it."""


class NoAssignRole(_Refused, AssignRoleBulkAction):
    """Roles come with memberships."""


class NoSetActiveState(_Refused, SetActiveStateBulkAction):
    """Accounts are closed by handing over."""


# Actions are kept by name, and the last one registered under a name stands.
for refused in (NoDelete, NoAssignRole, NoSetActiveState):
    hooks.register("register_bulk_action", refused, order=1000)
