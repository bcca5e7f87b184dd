"""What the pages of staff show around every screen."""

from typing import Any

from django import template

from sites.accounts.models import BreakGlassSession
from sites.accounts.rights import rights_of
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
