"""Menu and breadcrumbs as template tags, the way Wagtail's demo site has them."""

from typing import Any

from django import template
from wagtail.models import Page, Site

register = template.Library()


@register.simple_tag(takes_context=True)
def site_root(context: dict[str, Any]) -> Page:
    """The home page of the request's site."""
    return Site.find_for_request(context["request"]).root_page


@register.inclusion_tag("plain_wagtail/menu.html", takes_context=True)
def top_menu(context: dict[str, Any], parent: Page, calling_page: Page) -> dict[str, Any]:
    """The home page's sections that stand in menus."""
    items = parent.get_children().live().in_menu()
    for item in items:
        item.is_current = calling_page.url_path.startswith(item.url_path)
    return {"parent": parent, "items": items, "request": context["request"]}


@register.inclusion_tag("plain_wagtail/breadcrumbs.html", takes_context=True)
def breadcrumbs(context: dict[str, Any], page: Page) -> dict[str, Any]:
    """The pages above ``page``, from the home page down."""
    ancestors = Page.objects.ancestor_of(page).filter(depth__gt=1)
    return {"page": page, "ancestors": ancestors, "request": context["request"]}


@register.simple_tag
def all_sites() -> Any:
    """Every site, for the switcher."""
    return Site.objects.select_related("root_page").order_by("hostname")
