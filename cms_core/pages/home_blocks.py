"""What a home page shows while nobody chose its blocks.

The page is drawn from it, and the editor's form opens with it: whoever adds a block must not find the
others gone.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from sites.tenancy.enums import TenantKind
from sites.tenancy.models import Tenant

from .selectors import HOME_PATH_LENGTH, FramePage, filled_sections, frame_pages

#: Sections that a home page without chosen blocks shows, and entries of each.
DEFAULT_HOME_SECTIONS = 6
HOME_ENTRIES = 7
#: Entries that a portal without chosen blocks gathers from its sub-sites.
GATHERED_ENTRIES = 8
#: Kinds of sites that others belong to.
PORTAL_KINDS = (TenantKind.CITY_PORTAL, TenantKind.COUNTY_PORTAL)


def sections_by_default(menu: Sequence[FramePage], filled: Collection[str]) -> list[FramePage]:
    """The first sections of the menu that hold something."""
    return [section for section in menu if section.path in filled][:DEFAULT_HOME_SECTIONS]


def blocks_by_default(home: Any) -> StreamValue:
    """The blocks of ``home`` as a value of the form. Two queries, the second from a cache."""
    menu = frame_pages(home).menu
    shown = sections_by_default(menu, filled_sections(home.path[:HOME_PATH_LENGTH]))
    found: list[dict[str, Any]] = [
        {"type": "section", "value": {"section": section.pk, "count": HOME_ENTRIES}}
        for section in shown
    ]
    if Tenant.objects.filter(pk=home.tenant_id, kind__in=PORTAL_KINDS).exists():
        value = {"title": _("Districts and departments"), "count": GATHERED_ENTRIES}
        found.append({"type": "gathered", "value": value})
    stream: StreamValue = home.blocks.stream_block.to_python(found)
    return stream


def are_the_same(one: StreamValue, other: StreamValue) -> bool:
    """Whether two values show the same, whatever their blocks' identifiers."""
    return _plain(one) == _plain(other)


def _plain(value: StreamValue) -> list[tuple[str, Any]]:
    return [(child.block_type, child.block.get_prep_value(child.value)) for child in value]
