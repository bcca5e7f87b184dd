"""What the pages of staff show around every screen."""

from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sites.accounts.models import BreakGlassSession
from sites.accounts.rights import rights_of
from sites.registry.help_screens import topic_of
from sites.registry.platform_pages import PlatformPage, platform_pages

register = template.Library()


@register.simple_tag
def pages_of_other_apps() -> list[PlatformPage]:
    """Pages of the platform that other apps bring, by name."""
    return list(platform_pages)


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
