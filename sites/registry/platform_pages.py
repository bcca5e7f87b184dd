"""Pages of the platform's own staff that other apps bring, for the navigation of the platform."""

from dataclasses import dataclass
from typing import Any

from .registry import Registry


@dataclass(frozen=True, slots=True)
class PlatformPage:
    """A page for all platform roles.

    ``path``: its address on the administration's host. ``about``: what one does there, for the first
    screen.
    """

    label: Any
    path: str
    about: Any = ""


platform_pages: Registry[PlatformPage] = Registry("platform pages", module="platform_pages")


def register_platform_page(name: str, *, label: Any, path: str, about: Any = "") -> PlatformPage:
    """Offer a page; called in an app's ``platform_pages.py``."""
    return platform_pages.register(name, PlatformPage(label, path, about))
