"""Checks in the editor: save and check in one press, a button to what was found, menu and styles."""

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.models import DraftStateMixin
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.snippets.action_menu import ActionMenuItem as SnippetActionMenuItem

from .permissions import may_edit, may_keep_terms
from .services import check_revision, held_back
from .viewsets import ChecksViewSet, LeaderViewSet

ACTION = "action-check"


@hooks.register("register_admin_viewset")
def register_screens() -> list[Any]:
    return [ChecksViewSet(), LeaderViewSet()]


class ChecksMenuItem(MenuItem):
    """Shown to everybody who works with pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(
            PagePermissionPolicy().user_has_any_permission(
                request.user, ["add", "change", "publish"]
            )
        )


class TermsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_keep_terms(request.user)


@hooks.register("register_admin_menu_item")
def checks_menu_item() -> MenuItem:
    return ChecksMenuItem(
        _("Content checks"),
        reverse("content_checks:index"),
        name="checks",
        icon_name="check",
        order=160,
    )


@hooks.register("register_settings_menu_item")
def terms_menu_item() -> MenuItem:
    return TermsMenuItem(
        _("Terms of this site"),
        reverse("content_checks:terms"),
        name="check-terms",
        icon_name="list-ul",
        order=510,
    )


class CheckPageItem(ActionMenuItem):
    """Keeps the draft and shows what the checks find in it."""

    label = _("Save and check")
    name = ACTION
    icon_name = "check"


class CheckSnippetItem(SnippetActionMenuItem):
    """The same for models with drafts that are no pages."""

    label = _("Save and check")
    name = ACTION
    icon_name = "check"

    def is_shown(self, context: dict[str, Any]) -> bool:
        is_draft = issubclass(context["model"], DraftStateMixin)
        return is_draft and not context.get("locked_for_user", False)


@hooks.register("register_page_action_menu_item")
def check_page_item() -> ActionMenuItem:
    return CheckPageItem(order=5)


@hooks.register("register_snippet_action_menu_item")
def check_snippet_item(model: Any) -> SnippetActionMenuItem:
    return CheckSnippetItem(order=5)


def _check_and_show(request: HttpRequest, obj: Any) -> HttpResponseRedirect | None:
    if ACTION not in request.POST or not may_edit(request.user, obj):
        return None
    revision = obj.get_latest_revision()
    if revision is None:
        return None
    check_revision(actor=request.user, revision=revision)
    return HttpResponseRedirect(reverse("content_checks:findings", args=[revision.pk]))


for hook in (
    "after_edit_page",
    "after_create_page",
    "after_edit_snippet",
    "after_create_snippet",
):
    hooks.register(hook, _check_and_show)


@hooks.register("before_publish_page")
def hold_back(request: HttpRequest, page: Any) -> HttpResponseRedirect | None:
    """Published without a review, a text is checked all the same; it is kept as a draft meanwhile."""
    revision = page.get_latest_revision()
    if revision is None or not held_back(actor=request.user, revision=revision):
        return None
    messages.error(
        request,
        _(
            "It is not published yet: what stands below holds it back. Your text is kept as a draft."
        ),
    )
    return HttpResponseRedirect(reverse("content_checks:findings", args=[revision.pk]))


@hooks.register("register_page_header_buttons")
def findings_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Any:
    if page.latest_revision_id and may_edit(user, page):
        content_type = page.get_base_content_type()
        yield Button(
            _("What the checks found"),
            reverse("content_checks:of_object", args=[content_type.pk, page.pk]),
            icon_name="check",
            priority=45,
        )


@hooks.register("insert_global_admin_css")
def checks_css() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}">', static("cms_core_content_checks/checks.css")
    )


@hooks.register("insert_global_admin_js")
def go_to_place_script() -> SafeString:
    return format_html(
        '<script src="{}" defer></script>', static("cms_core_content_checks/go_to_place.js")
    )
