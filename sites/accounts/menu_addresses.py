"""Menu entries and searches of the administration lead into the site at hand.

Wagtail makes both once in a process, with the addresses of whichever site was asked for first, and a
process serves many sites below ``/t/<code>/``. Their addresses are therefore moved to the open site when
they are read.
"""

import re
from typing import Any

from django.urls import get_script_prefix
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea

_OF_A_SITE = re.compile(r"^/t/[a-z0-9-]+/")


def of_this_site(url: Any) -> Any:
    """``url`` below the script name of the request, where both are of some site's administration."""
    prefix = get_script_prefix()
    if not _OF_A_SITE.fullmatch(prefix):
        return url
    return _OF_A_SITE.sub(lambda _match: prefix, str(url))


class AddressOfThisSite:
    """An attribute that keeps an address and is read as that of the open site."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, entry: Any, owner: type | None = None) -> Any:
        return self if entry is None else of_this_site(entry.__dict__[self._name])

    def __set__(self, entry: Any, url: Any) -> None:
        entry.__dict__[self._name] = url


def keep_menus_in_their_site() -> None:
    """Called once, when the program starts."""
    for kind in (MenuItem, SearchArea):
        address = AddressOfThisSite()
        address.__set_name__(kind, "url")
        kind.url = address
