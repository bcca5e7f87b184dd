"""The import's addresses, its menu entry, and its button on sections."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from cms_core.pages.models import SectionPage
from cms_core.pages.writing import may_write


class ImportMenuItem(MenuItem):
    """Shown to those who may add pages somewhere."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_write(request.user)


@hooks.register("register_admin_urls")
def import_addresses() -> list[Any]:
    return [
        path("office-import/", include("cms_core.office_import.urls", namespace="office_import"))
    ]


@hooks.register("register_admin_menu_item")
def import_entry() -> MenuItem:
    return ImportMenuItem(
        _("From Word and spreadsheets"),
        reverse("office_import:choose"),
        name="office-import",
        icon_name="doc-full",
        order=250,
    )


@hooks.register("register_page_header_buttons")
def import_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Any:
    if (
        isinstance(page.specific_deferred, SectionPage)
        and page.permissions_for_user(user).can_add_subpage()
    ):
        yield Button(
            _("From Word and spreadsheets"),
            f"{reverse('office_import:choose')}?section={page.pk}",
            icon_name="doc-full",
            priority=60,
        )


@hooks.register("insert_editor_js")
def pasting_script() -> SafeString:
    return format_html(
        '<script defer src="{}" data-address="{}" data-failed="{}"></script>',
        static("cms_core_office_import/pasting.js"),
        reverse("office_import:pasted"),
        gettext(
            "The pasted text is here, but its pictures and lists could not be looked at: it may be too "
            "large. Add pictures with blocks “Picture”."
        ),
    )
