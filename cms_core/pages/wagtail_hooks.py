"""The desk: Wagtail's administration in the platform's words and colours."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.permissions import register_permission_policy

from sites.accounts.admin_host import is_admin_host
from sites.tenancy.selectors import public_address

from . import bulk_actions, kept_text_hooks  # noqa: F401  (registers them)
from .edit_conflicts import keep_both_texts
from .explorer import PlatformPages
from .label_views import MissingLabelsView, may_see_gaps
from .lifecycle_rights import why_not_move, works_somewhere
from .look_preview import LookPreviewView, preview_page
from .lost_pictures import tell_lost_pictures
from .models import BasePage
from .page_policy import PathPolicy
from .shown_files import is_shown

#: Help entries that lead to Wagtail's own site: an office without the internet cannot open them.
_FOREIGN_HELP = ("whats-new-in-wagtail", "editor-guide")


register_permission_policy(BasePage, PathPolicy(BasePage))


@hooks.register("register_admin_viewset")
def register_screens_of_pages() -> PlatformPages:
    return PlatformPages()


@hooks.register("construct_page_chooser_queryset")
def describe_rows_to_choose(pages: Any, request: HttpRequest) -> Any:
    """What each row says of its state, asked for all rows at once instead of three times a row."""
    if hasattr(pages, "annotate_approved_schedule"):
        return pages.prefetch_workflow_states().annotate_approved_schedule()
    return pages


class PublicSiteMenuItem(MenuItem):
    """Leads to the tenant's own public address."""

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        tenant = getattr(request, "tenant", None)
        address = public_address(tenant.pk) if tenant is not None else None
        return LinkMenuItem(
            self.name,
            self.label,
            address.home_url if address is not None else "/",
            icon_name=self.icon_name,
            attrs={"target": "_blank", "rel": "noopener"},
        )


@hooks.register("register_admin_menu_item")
def register_public_site() -> MenuItem:
    return PublicSiteMenuItem(
        _("Open the site"), "/", name="public-site", icon_name="site", order=8000
    )


@hooks.register("register_admin_menu_item")
def register_tenant_switch() -> MenuItem:
    # An address outside every tenant: the list of one's own sites.
    return MenuItem(_("Switch site"), "/?all=1", name="switch-site", icon_name="order", order=8100)


@hooks.register("construct_help_menu")
def leave_out_foreign_help(request: HttpRequest, items: list[Any]) -> None:
    items[:] = [item for item in items if not item.name.startswith(_FOREIGN_HELP)]


@hooks.register("insert_global_admin_css")
def desk_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cms_core_pages/desk.css"))


@hooks.register("insert_global_admin_js")
def way_out_of_lists() -> SafeString:
    """In a list of running text Tab indents; a way on by keyboard, and words that tell it."""
    return format_html(
        '<script defer src="{}" data-words="{}"></script>',
        static("cms_core_pages/rich_text_way_out.js"),
        gettext(
            "In a list, Tab moves the item in and Shift+Tab out. To leave the text: Escape, then Tab."
        ),
    )


@hooks.register("insert_global_admin_js")
def keyboard_script() -> SafeString:
    """Calendars close behind a hurried keyboard; menus closed by Escape give the focus back."""
    return format_html('<script defer src="{}"></script>', static("cms_core_pages/keyboard.js"))


@hooks.register("register_admin_urls")
def look_preview_urls() -> list[Any]:
    return [
        path("look/<int:pk>/preview/", LookPreviewView.as_view(), name="look_preview"),
        path("look/<int:pk>/site/<path:path>", preview_page, name="look_preview_page"),
        path("look/<int:pk>/site/", preview_page, name="look_preview_home"),
    ]


class WorkMenuItem(MenuItem):
    """Shown to whoever works on pages of the site."""

    def is_shown(self, request: HttpRequest) -> bool:
        return works_somewhere(request.user)


def _lifecycle_item(label: Any, view: str, icon: str, order: int) -> MenuItem:
    return WorkMenuItem(
        label,
        reverse(f"lifecycle:{view}"),
        name=view.replace("_", "-"),
        icon_name=icon,
        order=order,
    )


@hooks.register("register_admin_menu_item")
def register_planned() -> MenuItem:
    return _lifecycle_item(_("Planned"), "scheduled", "calendar-alt", 160)


@hooks.register("register_admin_menu_item")
def register_withdrawals() -> MenuItem:
    return _lifecycle_item(_("Withdrawal notices"), "withdrawals", "doc-empty-inverse", 161)


@hooks.register("register_admin_menu_item")
def register_recycle_bin() -> MenuItem:
    return _lifecycle_item(_("Recycle bin"), "recycle_bin", "bin", 162)


@hooks.register("register_log_actions")
def register_lifecycle_actions(actions: Any) -> None:
    actions.register_action(
        "jiyue.recycle", _("Move into the recycle bin"), _("Moved into the recycle bin")
    )
    actions.register_action("jiyue.restore", _("Restore"), _("Restored from the recycle bin"))


def _close_unless_shown(thing: Any, request: HttpRequest) -> None:
    """On a public host a file or picture answers while something public shows it."""
    if not is_admin_host(request) and not is_shown(thing, request):
        raise Http404


@hooks.register("before_serve_document")
def close_files(document: Any, request: HttpRequest) -> None:
    _close_unless_shown(document, request)


@hooks.register("before_serve_rendition")
def close_pictures(rendition: Any, request: HttpRequest) -> None:
    _close_unless_shown(rendition.image, request)


class MissingLabelsMenuItem(MenuItem):
    """For whoever edits the whole site."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_gaps(request)


@hooks.register("register_reports_menu_item")
def register_missing_labels() -> MenuItem:
    return MissingLabelsMenuItem(
        _("Missing page labels"),
        reverse("missing_page_labels"),
        name="missing-page-labels",
        icon_name="warning",
        order=350,
    )


@hooks.register("register_admin_urls")
def missing_labels_urls() -> list[Any]:
    return [
        path("reports/missing-labels/", MissingLabelsView.as_view(), name="missing_page_labels")
    ]


@hooks.register("before_move_page")
def leave_locked_pages(request: HttpRequest, page: Any, destination: Any) -> Any:
    """Wagtail's move does not look at locks; moving many does: one rule for both."""
    reason = why_not_move(page, request.user)
    if not reason:
        return None
    messages.error(request, reason)
    return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))


hooks.register("before_edit_page", keep_both_texts)
hooks.register("after_edit_page", tell_lost_pictures)
hooks.register("after_create_page", tell_lost_pictures)
