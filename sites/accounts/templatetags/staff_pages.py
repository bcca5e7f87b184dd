"""What the pages of staff show around every screen."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sites.accounts.enums import PlatformRoleCode
from sites.accounts.models import BreakGlassSession
from sites.accounts.rights import rights_of
from sites.registry.help_screens import topic_of
from sites.registry.platform_pages import PlatformPage, platform_pages

register = template.Library()


@register.simple_tag
def pages_of_other_apps() -> list[PlatformPage]:
    """Pages of the platform that other apps bring, by name."""
    return list(platform_pages)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A screen of the menu. ``is_here``: it is the one that is shown, or holds it."""

    label: Any
    path: str
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Menu:
    """The menu of staff outside any site: headings with their entries, and the name of the one shown."""

    groups: tuple[tuple[Any, tuple[MenuEntry, ...]], ...]

    @property
    def here(self) -> Any:
        """What the shown screen is called in the menu."""
        return next(
            (
                entry.label
                for _heading, entries in self.groups
                for entry in entries
                if entry.is_here
            ),
            "",
        )


@register.simple_tag(takes_context=True)
def staff_menu(context: Any) -> Menu:
    """The entries for the role of who asks. On narrow screens it is folded: its bar names the screen."""
    path = context["request"].path
    role = getattr(context["request"], "platform_role", None)
    groups: list[tuple[Any, list[tuple[Any, str]]]] = [("", [(_("My sites"), "/?all=1")])]
    if role:
        pages = [
            (_("All sites"), "/platform/sites/"),
            (_("Figures of the sites"), "/platform/figures/"),
            (_("Break-glass sessions"), "/platform/break-glass/"),
            *((page.label, page.path) for page in platform_pages),
        ]
        if role != PlatformRoleCode.OPERATOR:
            pages += [
                (_("People and roles"), "/platform/people/"),
                (_("Address ranges"), "/platform/addresses/"),
            ]
        if role == PlatformRoleCode.AUDITOR:
            pages.append((_("Events"), "/platform/events/"))
        groups.append((_("Platform"), pages))
    own = [
        (_("Sessions"), "/account/sessions/"),
        (_("Second factor"), "/account/second-factor/"),
        (_("Password"), "/account/password/"),
    ]
    groups.append((_("My account"), own))
    return Menu(
        tuple(
            (
                heading,
                tuple(
                    MenuEntry(label, to, path == "/" if to.startswith("/?") else to in path)
                    for label, to in entries
                ),
            )
            for heading, entries in groups
        )
    )


@register.simple_tag
def running_break_glass(request: Any) -> BreakGlassSession | None:
    """The break-glass session in which this request works inside a site, or ``None``.

    Nobody else pays for it: rights are known by then, and only a running session is looked up.
    """
    user = getattr(request, "user", None)
    if user is None or getattr(request, "tenant", None) is None:
        return None
    visit = rights_of(user).break_glass_id
    return BreakGlassSession.objects.filter(pk=visit).first() if visit else None


@register.simple_tag(takes_context=True)
def help_link(context: Any) -> SafeString | str:
    """The link from a screen to its how-to, or to the list of all where the screen names none.

    Headers are drawn without their page's variables, so the request is read from the context itself.
    A choice in a dialog keeps what was chosen so far: there the how-to opens beside it.
    """
    request = getattr(context, "request", None)
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or match.view_name.startswith("help:"):
        return ""
    topic = topic_of(match.view_name)
    try:
        address = reverse("help:topic", args=[topic]) if topic else reverse("help:index")
    except NoReverseMatch:  # a page of a public host
        return ""
    return format_html(
        '<a class="jy-help" href="{}" target="_blank" rel="noopener" title="{}" data-topic="{}">{}</a>',
        address,
        _("How this screen is used (new window)"),
        topic,
        _("Help"),
    )
