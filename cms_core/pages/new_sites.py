"""Home pages and sections of many new sites at once: the bulk form of the services of pages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

from django.db import transaction
from django.db.models.base import ModelState

from .forest import Planting, plant
from .models import BasePage, HomePage, SectionPage
from .rows import SectionRow
from .services import _section, default_locale_id

P = TypeVar("P", bound=BasePage)


@dataclass(frozen=True, slots=True)
class NewSitePages:
    """Home and sections of a new site. ``rows``: parents before children; roots have no parent at all."""

    tenant_id: int
    slug: str
    title: str
    rows: Sequence[SectionRow]


@dataclass(frozen=True, slots=True)
class MadeSitePages:
    """``sections``: key of the row → page."""

    home: HomePage
    sections: dict[str, SectionPage]


@transaction.atomic
def plant_sites(*, actor: Any, sites: Sequence[NewSitePages]) -> list[MadeSitePages]:
    """As :func:`create_home` and :func:`bulk_create_sections` for many sites, in a system scope.

    The number of statements grows with the depth of the sections, not with the sites.

    :raises ValueError: a slug is taken, or a row names a parent that does not stand before it.
    """
    root = BasePage.objects.select_for_update().get(depth=1)
    locale_id = default_locale_id()
    homes = _homes(sites, locale_id)
    pending = [list(site.rows) for site in sites]
    below = [Counter(row.parent_key for row in site.rows) for site in sites]
    for home, counts in zip(homes, below, strict=True):
        home.numchild = counts[""]
    plant([Planting(root, homes)], actor=actor)
    made = [MadeSitePages(home, {}) for home in homes]
    patterns: dict[SectionRow, SectionPage] = {}
    while any(pending):
        level: list[Planting] = []
        for place, (site, pages) in enumerate(zip(sites, made, strict=True)):
            here, later = _next_level(pending[place], pages, site, below[place], patterns)
            pending[place] = later
            level += here
        plant(level, actor=actor)
    return made


def _next_level(
    rows: Sequence[SectionRow],
    made: MadeSitePages,
    site: NewSitePages,
    below: Mapping[str, int],
    patterns: dict[SectionRow, SectionPage],
) -> tuple[list[Planting], list[SectionRow]]:
    """The sections whose parents are there, by parent, and the rows that wait for the next level."""
    groups: dict[int, Planting] = {}
    later, added = [], {}
    for row in rows:
        parent = made.sections.get(row.parent_key) if row.parent_key else made.home
        if parent is None:
            later.append(row)
            continue
        page = _like(patterns, row)
        page.tenant_id = site.tenant_id
        page.numchild = below.get(row.key, 0)
        groups.setdefault(parent.pk, Planting(parent, [], is_counted=True)).pages.append(page)  # type: ignore[attr-defined]
        added[row.key] = page
    if not added and later:
        raise ValueError(f"sections without a parent: {', '.join(row.key for row in later[:3])}")
    made.sections.update(added)
    return list(groups.values()), later


def _homes(sites: Sequence[NewSitePages], locale_id: int) -> list[HomePage]:
    pattern = HomePage(locale_id=locale_id)
    homes = []
    for site in sites:
        home = _copied(pattern)
        home.title, home.slug, home.tenant_id = site.title, site.slug, site.tenant_id
        homes.append(home)
    return homes


def _like(patterns: dict[SectionRow, SectionPage], row: SectionRow) -> SectionPage:
    """An unsaved page of ``row``. Sites of one blueprint have the same rows: made once, then copied."""
    if row not in patterns:
        patterns[row] = _section(row, default_locale_id())
    return _copied(patterns[row])


def _copied(pattern: P) -> P:
    """A page with the columns of one that was never saved, and a translation key of its own.

    ``copy.copy`` asks for everything that pickling needs, which takes longer than making the page.
    """
    page = object.__new__(type(pattern))
    page.__dict__.update(pattern.__dict__)
    page._state = ModelState()
    page.translation_key = uuid4()
    return page
