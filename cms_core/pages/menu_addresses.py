"""Menu entries of the administration lead into the site at hand.

Wagtail builds its menus once in a process, with the addresses of whichever site was asked for first.
"""

import re
from typing import Any

from django.urls import get_script_prefix
from wagtail.admin.ui.sidebar import LinkMenuItem

_OF_A_SITE = re.compile(r"^/t/[a-z0-9-]+/")


def of_this_site(url: Any) -> Any:
    """``url`` below the script name of the request, where it is one of some site's administration."""
    prefix = get_script_prefix()
    return _OF_A_SITE.sub(lambda _match: prefix, str(url)) if prefix.startswith("/t/") else url


def keep_menus_in_their_site() -> None:
    """Called once, when the program starts."""
    wagtails = LinkMenuItem.__init__

    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        wagtails(self, *args, **kwargs)
        self.url = of_this_site(self.url)

    LinkMenuItem.__init__ = made  # type: ignore[method-assign]
