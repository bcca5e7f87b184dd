"""What the administration does not offer: Wagtail's bulk actions on users."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
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
