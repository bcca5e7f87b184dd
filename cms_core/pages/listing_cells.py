"""The title cell of the explorer, written without a template for each button.

Wagtail renders some thirty templates for the title of one row: its buttons, the menu that holds them,
and their icons. On a screen of fifty rows that is half of all processor time. This cell writes the same
markup (``tests/cms_core/pages/test_listing_cells.py`` compares both) for the ordinary row; a row that
shows more, and a button of a kind that is not known here, are left to Wagtail's templates.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from wagtail.admin.templatetags import wagtailadmin_tags as tags
from wagtail.admin.ui.tables.pages import PageTitleColumn
from wagtail.admin.widgets.button import BaseButton, BaseDropdownMenuButton

_BUTTON = "wagtailadmin/shared/button.html"
#: Wagtail's wording, translated in its own catalogue.
_EDIT = "Edit this page"
_MENUS = (
    "wagtailadmin/shared/button_with_dropdown.html",
    "wagtailadmin/pages/listing/_button_with_dropdown.html",
)


class ExplorerTitleColumn(PageTitleColumn):
    """Title, indicators and buttons of a page."""

    def render_cell_html(self, instance: Any, parent_context: Any) -> SafeString:
        context = self.get_cell_context_data(instance, parent_context)
        if _shows_more(instance, context):
            return SafeString(super().render_cell_html(instance, parent_context))
        return format_html(
            '<td class="{}" data-listing-page-title><div class="title-wrapper">{}</div>'
            '<ul class="actions">{}</ul>{}</td>',
            self.classname,
            _title(instance, context["page_perms"].can_edit()),
            _buttons(instance, context),
            _parent(context["parent_page"]),
        )


def _shows_more(page: Any, context: Mapping[str, Any]) -> bool:
    """Whether the cell has a locale, a lock, a mark of the site's root or of privacy."""
    return bool(
        context["show_locale_labels"]
        or page.locked
        or page.is_site_root()
        or not tags.test_page_is_public(context, page)
    )


def _title(page: Any, is_editable: bool) -> SafeString:
    title = format_html(
        '<span id="page_{}_title">{}{}</span>',
        str(page.pk),
        "" if page.is_leaf() else icon_html("folder", "initial"),
        page.get_admin_display_title(),
    )
    if not is_editable:
        return title
    return format_html(
        '<a href="{}" title="{}">{}</a>',
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        gettext(_EDIT),
        title,
    )


def _parent(parent: Any) -> SafeString:
    if not parent:
        return SafeString()
    return format_html(
        '<div><a href="{}">{}{}</a></div>',
        reverse("wagtailadmin_explore", args=[parent.pk]),
        icon_html("arrow-right", "default"),
        parent.get_admin_display_title(),
    )


def _buttons(page: Any, context: Mapping[str, Any]) -> SafeString:
    found = tags.page_listing_buttons(
        context, page, context["request"].user, next_url=context["actions_next_url"]
    )
    shown = (button for button in found["buttons"] if button.show)
    return format_html_join("", "<li>{}</li>", ((button_html(one, context),) for one in shown))


def button_html(button: Any, context: Mapping[str, Any]) -> SafeString:
    """A button or menu of a list in Wagtail's markup; kinds not known here render themselves."""
    kind = type(button)
    if (
        button.template_name == _BUTTON
        and kind.render_html is BaseButton.render_html
        and kind.get_context_data is BaseButton.get_context_data
    ):
        return _button(button)
    if (
        button.template_name in _MENUS
        and kind.render_html is BaseDropdownMenuButton.render_html
        and kind.get_context_data is BaseDropdownMenuButton.get_context_data
    ):
        return _menu(button, context)
    return SafeString(conditional_escape(button.render_html(context)))


def _button(button: BaseButton) -> SafeString:
    content = format_html(
        "{}{}", icon_html(button.icon_name) if button.icon_name else "", button.label
    )
    if button.url:
        return format_html(
            '<a href="{}" class="{}" {}>{}</a>',
            button.url,
            button.classname,
            button.base_attrs_string,
            content,
        )
    return format_html(
        '<button class="{}" {}>{}</button>', button.classname, button.base_attrs_string, content
    )


def _menu(button: BaseDropdownMenuButton, context: Mapping[str, Any]) -> SafeString:
    classes = ["w-dropdown__toggle", "" if button.label else "w-dropdown__toggle--icon"]
    classes.append(button.classname)
    label = format_html(' aria-label="{}"', button.aria_label) if button.aria_label else ""
    entries: Iterable[Any] = sorted(button.dropdown_buttons)
    return format_html(
        '<div data-controller="w-dropdown" class="w-dropdown" {}>'
        '<button type="button" class="{}" data-w-dropdown-target="toggle"{}>{}{}</button>'
        '<div data-w-dropdown-target="content" class="w-dropdown__content" hidden>{}</div></div>',
        button.base_attrs_string,
        " ".join(name for name in classes if name),
        label,
        button.label,
        icon_html(button.icon_name or "arrow-down", "w-dropdown__toggle-icon"),
        format_html_join("", "{}", ((button_html(one, context),) for one in entries)),
    )


@lru_cache(maxsize=512)
def icon_html(name: str, classname: str = "icon") -> SafeString:
    """Wagtail's markup of an icon, rendered once: it depends on nothing but its two names."""
    # Wagtail's template escapes both names.
    return SafeString(
        render_to_string("wagtailadmin/shared/icon.html", tags.icon(name, classname)).strip()
    )
