"""Pictures that stood in kept markup as text and were left out: whoever saved is told."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import ngettext
from wagtail.admin import messages

from sites.tenancy.scope import current_scope

_LOST = "pictures_lost"


def note_lost_pictures(count: int) -> None:
    """While a form is read: ``count`` pictures of it will not be saved."""
    scope = current_scope()
    if scope is not None and count:
        scope.memo[_LOST] = scope.memo.get(_LOST, 0) + count


def tell_lost_pictures(request: HttpRequest, page: Any) -> None:
    """After the page was saved: how many pictures were left out, and what to do."""
    scope = current_scope()
    count = scope.memo.pop(_LOST, 0) if scope is not None else 0
    if count and "application/json" not in request.headers.get("Accept", ""):
        messages.warning(
            request,
            ngettext(
                "%(count)d picture stood in the kept markup as text and was left out. Save it as a "
                "file and add it with a block “Picture”.",
                "%(count)d pictures stood in the kept markup as text and were left out. Save them as "
                "files and add them with blocks “Picture”.",
                count,
            )
            % {"count": count},
        )
