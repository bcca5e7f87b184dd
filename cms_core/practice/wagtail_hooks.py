"""The practice site inside Wagtail's administration: the way there, and its mark on every screen."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


class PracticeMenuItem(MenuItem):
    """Leads to the page that says what the practice site is; not shown inside it."""

    def is_shown(self, request: HttpRequest) -> bool:
        tenant: Any = getattr(request, "tenant", None)
        return tenant is not None and not tenant.is_practice


@hooks.register("register_help_menu_item")
def practice_menu_item() -> MenuItem:
    # An address outside every site.
    return PracticeMenuItem(_("Practice site"), "/practice/", name="practice", icon_name="edit")


@hooks.register("insert_global_admin_css")
def style_of_the_mark() -> SafeString:
    return format_html(
        '<link rel="stylesheet" href="{}">', static("cms_core_practice/practice.css")
    )


@hooks.register("insert_global_admin_js")
def warning_before_the_reset() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("cms_core_practice/practice.js"))
