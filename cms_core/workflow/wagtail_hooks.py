"""Review in Wagtail's screens: menu, buttons of the editor, messages, and what gives way to ours."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    RestartWorkflowMenuItem,
    SubmitForModerationMenuItem,
    UnpublishMenuItem,
)
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.snippets import action_menu as snippets

from . import selectors
from .permissions import may_change_policy
from .reviewed import Reviewed
from .screens import record_address
from .urgent import obstacle_to_release
from .viewsets import ReviewViewSet

#: Below the pages (100) and media, above reports: what one opens every day.
MENU_ORDER = 150
#: In the menu of a page's header, beside what the checks found (45).
RECORD_PLACE = 46


@hooks.register("register_admin_viewset")
def register_screens() -> ReviewViewSet:
    return ReviewViewSet()


class ReviewMenuItem(MenuItem):
    """Shown to everybody who works with pages."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(
            PagePermissionPolicy().user_has_any_permission(
                request.user, ["add", "change", "publish"]
            )
        )


class SettingsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_change_policy(request.user)


@hooks.register("register_admin_menu_item")
def review_menu_item() -> MenuItem:
    return ReviewMenuItem(
        _("Review"),
        reverse("review:waiting"),
        name="review",
        icon_name="tasks",
        order=MENU_ORDER,
    )


@hooks.register("register_settings_menu_item")
def settings_menu_item() -> MenuItem:
    return SettingsMenuItem(
        _("Review settings"),
        reverse("review:settings"),
        name="review-settings",
        icon_name="tasks",
        order=500,
    )


@hooks.register("insert_global_admin_css")
def review_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cms_core_workflow/review.css"))


# -- the editor's buttons ---------------------------------------------------------------------------


class SubmitItem(SubmitForModerationMenuItem):
    """Submit for review, in the words of the office."""

    def get_context_data(self, parent_context: Any) -> Any:
        context = super().get_context_data(parent_context)
        page = context.get("page")
        run = page.current_workflow_state if page else None
        context["label"] = _("Submit again") if run is not None else _("Submit for review")
        return context


class TakeBackItem(CancelWorkflowMenuItem):
    label = _("Take back from review")


class RecordItem(ActionMenuItem):
    """Leads to the review record of the page."""

    name = "action-review-record"
    label = _("Review record")
    icon_name = "history"

    def is_shown(self, context: Any) -> bool:
        return bool(context["view"] != "create" and context["page"].has_workflow)

    def get_url(self, context: Any) -> str:
        return record_address(context["page"])


class WithdrawItem(UnpublishMenuItem):
    """Take off what is public: also while a review locks the draft."""

    def is_shown(self, context: Any) -> bool:
        if context["view"] == "create":
            return False
        tester = self.get_user_page_permissions_tester(context)
        return bool(tester.can_unpublish())


class ReleaseItem(RecordItem):
    """Leads to the urgent release, for a second person who publishes."""

    name = "action-review-release"
    label = _("Release urgently")
    icon_name = "warning"

    def is_shown(self, context: Any) -> bool:
        return super().is_shown(context) and not obstacle_to_release(
            context["request"].user, context["page"]
        )

    def get_url(self, context: Any) -> str:
        return f"{record_address(context['page'])}#release"


@hooks.register("construct_page_action_menu")
def review_buttons(items: list[Any], request: HttpRequest, context: Any) -> None:
    """Wagtail's workflow buttons under our words; "restart" is what submitting again does."""
    kept = []
    for item in items:
        if isinstance(item, RestartWorkflowMenuItem | UnpublishMenuItem):
            continue
        if isinstance(item, SubmitForModerationMenuItem):
            kept.append(SubmitItem(order=item.order))
        elif isinstance(item, CancelWorkflowMenuItem):
            kept.append(TakeBackItem(order=item.order))
        else:
            kept.append(item)
    if context.get("page") is not None and context["view"] != "create":
        kept += [
            item
            for item in (WithdrawItem(order=70), ReleaseItem(order=80), RecordItem(order=90))
            if item.is_shown(context | {"request": request})
        ]
    items[:] = kept


@hooks.register("register_page_header_buttons")
def record_in_the_header(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """The record from the top of the form: by keyboard, the menu at its end is far."""
    if view_name == "edit" and page.has_workflow:
        yield Button(
            _("Review record"), record_address(page), icon_name="history", priority=RECORD_PLACE
        )


@hooks.register("construct_snippet_action_menu")
def review_buttons_of_models(items: list[Any], request: HttpRequest, context: Any) -> None:
    """The same for models that are no pages: no "publish" where reviews stand before it."""
    obj = context.get("instance") or context["model"]()
    if not isinstance(obj, Reviewed):
        return
    hidden: tuple[type, ...] = (snippets.RestartWorkflowMenuItem,)
    if selectors.is_under_review(obj):
        hidden += (snippets.PublishMenuItem,)
    items[:] = [item for item in items if not isinstance(item, hidden)]


# -- messages ---------------------------------------------------------------------------------------


@hooks.register("before_edit_page")
def look_at_what_is_decided(request: HttpRequest, page: Any) -> Any:
    """An approval of a text that changed meanwhile is refused; a returned text says why it came back."""
    if request.method == "POST":
        return _refuse_outdated(request, page)
    if request.headers.get("X-Requested-With") == "XMLHttpRequest" or not page.has_workflow:
        return None
    _say_what_is_owed(request, page)
    return None


def _refuse_outdated(request: HttpRequest, page: Any) -> Any:
    if not request.POST.get("action-workflow-action"):
        return None
    loaded = request.POST.get("overwrite_revision_id") or request.POST.get("loaded_revision_id")
    if not loaded or loaded == str(page.latest_revision_id):
        return None
    messages.error(
        request,
        gettext(
            "The text was changed after you opened it. Read the new version, then decide. "
            "Nothing was approved."
        ),
    )
    return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))


def _say_what_is_owed(request: HttpRequest, page: Any) -> None:
    state = selectors.review_state(page)
    record = [messages.button(record_address(page), gettext("Review record"))]
    if state.owes is not None:
        messages.warning(
            request,
            gettext("Released urgently: the reviews that were left out must still be made up."),
            buttons=record,
        )
    if state.status == "returned":
        messages.warning(
            request,
            gettext("Returned by %(person)s: %(reason)s")
            % {"person": state.returned_by or "", "reason": state.reason},
            buttons=record,
        )


# -- what gives way ---------------------------------------------------------------------------------


@hooks.register("construct_homepage_panels")
def own_queue_instead(request: HttpRequest, panels: list[Any]) -> None:
    """Wagtail's panel approves without the text being read, and asks the database for each row."""
    panels[:] = [panel for panel in panels if not isinstance(panel, WorkflowObjectsToModeratePanel)]
