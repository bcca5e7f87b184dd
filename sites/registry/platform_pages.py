"""Pages of the platform's own staff that other apps bring, for the navigation of the platform."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .registry import Registry


@dataclass(frozen=True, slots=True)
class PlatformPage:
    """A page for all platform roles.

    ``path``: its address on the administration's host. ``about``: what one does there, for the first
    screen. ``waiting``: how much waits there for the platform's staff, in words, empty when nothing does;
    asked on the first screen only, in a number of queries that does not grow.
    """

    label: Any
    path: str
    about: Any
    waiting: Callable[[], str] | None = None

    @property
    def note(self) -> str:
        """What waits there, in words."""
        return self.waiting() if self.waiting is not None else ""


platform_pages: Registry[PlatformPage] = Registry("platform pages", module="platform_pages")


def register_platform_page(
    name: str,
    *,
    label: Any,
    path: str,
    about: Any,
    waiting: Callable[[], str] | None = None,
) -> PlatformPage:
    """Offer a page; called in an app's ``platform_pages.py``."""
    return platform_pages.register(name, PlatformPage(label, path, about, waiting))
