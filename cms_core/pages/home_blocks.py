"""What a home page shows while nobody chose its blocks.

The page is drawn from it, and the editor's form opens with it: whoever adds a block must not find the
others gone.
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from sites.registry.home_defaults import HomeRows, home_rows_of
from sites.tenancy.enums import TenantKind
from sites.tenancy.models import Tenant
from sites.tenancy.rules import HOME_DEPTH

from .selectors import HOME_PATH_LENGTH, FramePage, FramePages, filled_sections, frame_pages

#: Sections that a home page without chosen blocks shows, and entries of each.
DEFAULT_HOME_SECTIONS = 6
HOME_ENTRIES = 7
#: Entries that a portal without chosen blocks gathers from its sub-sites.
GATHERED_ENTRIES = 8
#: Kinds of sites that others belong to.
PORTAL_KINDS = (TenantKind.CITY_PORTAL, TenantKind.COUNTY_PORTAL)


def named_slugs(page: Any, kind: str) -> tuple[str, ...]:
    """Slugs of the sections that the home page of a kind of site names; none for another page."""
    if page.depth != HOME_DEPTH or getattr(page, "blocks", None):
        return ()
    return tuple(row["section"] for row in home_rows_of(kind) if row["block"] == "section")


def sections_by_default(
    pages: FramePages, filled: Collection[str], kind: str
) -> list[tuple[FramePage, int]]:
    """Sections that hold something, with the number of entries: those that the kind of site names, then
    the first of the menu that hold others."""
    named: dict[str, FramePage] = {}
    for page in pages.named:
        named.setdefault(page.slug, page)
    rows = [row for row in home_rows_of(kind) if row["block"] == "section"]
    shown = [
        (named[row["section"]], row["count"])
        for row in rows
        if row["section"] in named and named[row["section"]].path in filled
    ]
    for section in pages.menu:
        is_new = not any(chosen.path.startswith(section.path) for chosen, _count in shown)
        if len(shown) < DEFAULT_HOME_SECTIONS and is_new and section.path in filled:
            shown.append((section, HOME_ENTRIES))
    return shown


def gathered_by_default(kind: str) -> int:
    """Entries that a home page without chosen blocks gathers from sub-sites."""
    if kind not in PORTAL_KINDS:
        return 0
    return _gathered_row(home_rows_of(kind)).get("count", GATHERED_ENTRIES)


def _gathered_row(rows: HomeRows) -> dict[str, Any]:
    return next((dict(row) for row in rows if row["block"] == "gathered"), {})


def blocks_by_default(home: Any) -> StreamValue:
    """The blocks of ``home`` as a value of the form. Three queries, the last from a cache.

    A page that belongs to no site yet shows nothing by itself.
    """
    stream: StreamValue
    if home.tenant_id is None:
        stream = home.blocks.stream_block.to_python([])
        return stream
    kind = Tenant.objects.values_list("kind", flat=True).get(pk=home.tenant_id)
    pages = frame_pages(home, named_slugs(home, kind))
    shown = sections_by_default(pages, filled_sections(home.path[:HOME_PATH_LENGTH]), kind)
    found: list[dict[str, Any]] = [
        {"type": "section", "value": {"section": section.pk, "count": count}}
        for section, count in shown
    ]
    gathered = gathered_by_default(kind)
    if gathered:
        title = _gathered_row(home_rows_of(kind)).get("title", _("Districts and departments"))
        found.append({"type": "gathered", "value": {"title": title, "count": gathered}})
    stream = home.blocks.stream_block.to_python(found)
    return stream


def are_the_same(one: StreamValue, other: StreamValue) -> bool:
    """Whether two values show the same, whatever their blocks' identifiers."""
    return _plain(one) == _plain(other)


def _plain(value: StreamValue) -> list[tuple[str, Any]]:
    return [(child.block_type, child.block.get_prep_value(child.value)) for child in value]
