"""The desk's addresses and menu entries inside Wagtail's administration."""

from typing import Any

from django.urls import include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_admin_urls")
def desk_addresses() -> list[Any]:
    return [path("desk/", include("cms_core.desk.urls", namespace="desk"))]


@hooks.register("register_reports_menu_item")
def figures_menu_item() -> MenuItem:
    return MenuItem(_("Figures"), reverse_lazy("desk:figures"), name="figures", icon_name="table")
