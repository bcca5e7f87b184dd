"""Two editors at once: the later text becomes a draft version beside the other, and both are told.

The form says which version it was loaded with. Where a newer one is there when the form arrives, it is
kept as a draft (:func:`keep_both_texts`). Two forms that arrive in the same instant both find nothing
newer; so the version is looked at once more where it is saved, under the lock of the page's row
(:func:`saved_in_turn`), and the one that came second is taken anew from its beginning
(:class:`SecondTryMiddleware`): then it finds the other.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.admin import messages

from sites.tenancy.scope import current_scope, require_scope

from .models import BasePage

#: What is not done with a text that was written beside a newer one: it is only kept.
_ACTIONS = ("action-publish", "action-submit", "action-restart-workflow", "action-workflow-action")
_LOADED = "version_loaded"


class NewerVersion(Exception):
    """Somebody saved between the look at the versions and the saving. Nothing was saved."""


def keep_both_texts(request: HttpRequest, page: Any) -> None:
    """Before the form is taken: what was written beside a newer version of somebody else is only kept."""
    memo = require_scope().memo
    memo.pop(_LOADED, None)
    sent: Any = request.POST
    loaded = sent.get("overwrite_revision_id") or sent.get("loaded_revision_id")
    newest = page.latest_revision_id
    is_autosave = "application/json" in request.headers.get("Accept", "")
    if request.method != "POST" or is_autosave or not loaded:
        return
    # On a slow line the form is sent before the answer to its own autosave has come.
    if loaded == str(newest) or not _others_since(page, loaded, request.user.pk):
        memo[_LOADED] = (page.pk, newest)
        return
    kept = sent.copy()
    for name in (*_ACTIONS, "overwrite_revision_id"):
        kept.pop(name, None)
    request.POST = kept  # type: ignore[assignment]
    compare = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, newest, "latest"])
    messages.warning(
        request,
        gettext(
            "Somebody saved a newer version while you were writing. Your text was not put online: "
            "it is kept as a draft, and theirs is kept too. Compare them, then decide."
        ),
        buttons=[messages.button(compare, gettext("Compare both versions"))],
    )


def _others_since(page: Any, version: Any, user_id: Any) -> bool:
    since = page.revisions.filter(pk__gt=version) if str(version).isdecimal() else page.revisions
    return bool(since.exclude(user_id=user_id).exists())


@contextmanager
def saved_in_turn(page: BasePage) -> Iterator[None]:
    """Around the saving of a version: one after the other, and never past a version not yet seen.

    :raises NewerVersion: somebody else saved one since this form was looked at.
    """
    scope = current_scope()
    loaded = scope.memo.get(_LOADED) if scope is not None else None
    if scope is None or loaded is None or loaded[0] != page.pk:
        yield
        return
    pk, newest = loaded
    with transaction.atomic():
        BasePage.objects.select_for_update(of=("self",)).only("pk").get(pk=pk)
        # Not the row's note of its newest version: a draft's form has just written back what it read.
        if _others_since(page, newest, scope.user_id):
            raise NewerVersion(f"page {pk} has a newer version than {newest}")
        yield
    scope.memo.pop(_LOADED, None)


def note_newest(sender: Any, instance: Any, revision: Any, **_kwargs: Any) -> None:
    """After ``revision`` became public: whoever saved since the page was read has the newest version.

    Publishing writes the whole row back, with the newest version as it was when it was read.
    """
    newer = instance.revisions.filter(pk__gt=revision.pk).order_by("-pk").first()
    if newer is not None:
        # A note that is right already, or newer still, stays.
        BasePage.objects.filter(pk=instance.pk, latest_revision_id__lt=newer.pk).update(
            latest_revision=newer,
            latest_revision_created_at=newer.created_at,
            draft_title=newer.content["title"],
            has_unpublished_changes=True,
        )


class SecondTryMiddleware:
    """Takes a form anew that came second: now it finds the newer version, and its editor is told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: Any, exception: Exception) -> HttpResponseBase | None:
        if not isinstance(exception, NewerVersion):
            return None
        found = request.resolver_match
        answer: Any = found.func(request, *found.args, **found.kwargs)
        made: HttpResponseBase = answer.render() if hasattr(answer, "render") else answer
        return made
