"""The ways to the explanations: menus of pages, the help menu."""

from collections.abc import Iterator
from typing import Any

from django.urls import include, path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

#: After Wagtail's own entries of the page menus, which end at 70.
LAST = 90


@hooks.register("register_admin_urls")
def explainer_addresses() -> list[Any]:
    return [path("explain/", include("cms_core.explainer.urls", namespace="explainer"))]


def _link(page: Any) -> Button:
    return Button(
        _("Who may do what here"),
        reverse("explainer:page", args=[page.pk]),
        icon_name="help",
        priority=LAST,
    )


@hooks.register("register_page_header_buttons")
def in_the_header(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    if page.pk is not None and page.depth > 1:
        yield _link(page)


@hooks.register("register_page_listing_more_buttons")
def in_the_list(page: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    if page.depth > 1:
        yield _link(page)


@hooks.register("register_help_menu_item")
def in_the_help_menu() -> MenuItem:
    return MenuItem(
        _("What may I do here?"),
        reverse_lazy("explainer:mine"),
        name="who-may",
        icon_name="help",
        order=100,
    )
