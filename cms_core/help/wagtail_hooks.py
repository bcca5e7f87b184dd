"""The help's addresses, style and menu entry inside Wagtail's administration."""

from typing import Any

from django.templatetags.static import static
from django.urls import include, path, reverse_lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_urls")
def help_addresses() -> list[Any]:
    return [path("help/", include("cms_core.help.urls", namespace="help"))]


@hooks.register("register_help_menu_item")
def all_how_tos() -> MenuItem:
    return MenuItem(
        _("All how-tos"), reverse_lazy("help:index"), name="all-how-tos", icon_name="help"
    )


@hooks.register("insert_global_admin_css")
def style_of_the_link() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("cms_core_help/help.css"))
