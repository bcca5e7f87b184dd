"""The screens of a merge, and their menu entry where something was merged."""

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from cms_core.pages.lifecycle_rights import works_somewhere

from .selectors import was_merged_into


class MergedMenuItem(MenuItem):
    """Shown to those who work on pages of a site into which something was merged."""

    def is_shown(self, request: HttpRequest) -> bool:
        return works_somewhere(request.user) and was_merged_into()


@hooks.register("register_admin_urls")
def merged_addresses() -> list[Any]:
    return [path("merged/", include("cms_core.importer.urls", namespace="merged"))]


@hooks.register("register_reports_menu_item")
def merged_entry() -> MenuItem:
    return MergedMenuItem(
        _("Merged pages"),
        reverse("merged:missing"),
        name="merged-pages",
        icon_name="download",
        order=450,
    )
