"""The platform's own pages of this app, for its navigation and its first screen."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sites.registry.platform_pages import register_platform_page

from .selectors import orders_that_wait
from .settling import open_repeats


def _orders() -> str:
    number = orders_that_wait()
    return (
        ngettext(
            "%(number)d old site waits for a decision",
            "%(number)d old sites wait for a decision",
            number,
        )
        % {"number": number}
        if number
        else ""
    )


def _repeats() -> str:
    number = open_repeats()
    return (
        ngettext("%(number)d text to be dealt with", "%(number)d texts to be dealt with", number)
        % {"number": number}
        if number
        else ""
    )


register_platform_page(
    "importing",
    label=_("Merge old sites"),
    path="/platform/importing/",
    about=_("Bring an old site, look at what merging would do, follow it, read the report."),
    waiting=_orders,
)
register_platform_page(
    "repeated",
    label=_("Articles in several sites"),
    path="/platform/repeated/",
    about=_("Texts that several merged sites brought along, with the proposed owner."),
    waiting=_repeats,
)
