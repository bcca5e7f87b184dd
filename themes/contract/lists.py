"""The home page, the section page, and the lines of their lists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from themes import rules
from themes.contract.frame import Link, NavigationItem


@dataclass(frozen=True, slots=True)
class PictureSource:
    """The same picture in a form that newer browsers take: its content type and address."""

    content_type: str
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image with its text alternative; sizes in pixels keep the page from jumping.

    ``url`` is in a form that every browser knows, ``sources`` are smaller ones. ``is_lazy``: it stands
    below the first screen and is fetched when a reader comes near. Printed by ``parts/picture.html``.
    """

    url: str
    alt: str
    width: int
    height: int
    caption: str = ""
    sources: tuple[PictureSource, ...] = ()
    is_lazy: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list of articles. ``site_name`` is set in lists gathered from sub-sites.

    ``is_pinned``: it stands on top because it is important. ``is_expired``: it no longer applies.
    ``leaves_government``: it leads to a site that is not of government.
    """

    title: str
    url: str
    published_at: datetime | None = None
    source_name: str = ""
    summary: str = ""
    site_name: str = ""
    is_pinned: bool = False
    is_expired: bool = False
    leaves_government: bool = False

    @property
    def title_phrases(self) -> tuple[str, ...]:
        """The title split where it may break."""
        return rules.title_phrases(self.title)


@dataclass(frozen=True, slots=True)
class Lead:
    """The first piece of news of a home page."""

    title: str
    url: str
    published_at: datetime | None = None
    source_name: str = ""
    summary: str = ""
    image: Picture | None = None

    @property
    def title_phrases(self) -> tuple[str, ...]:
        """The title split where it may break."""
        return rules.title_phrases(self.title)


@dataclass(frozen=True, slots=True)
class HomeBlock:
    """A section's newest entries on a home page.

    Neighbouring blocks with the same ``group`` stand side by side under one spine of that
    name; a block without a group has its own spine. ``is_notice`` shows date blocks.
    """

    title: str
    url: str
    entries: tuple[Entry, ...]
    group: str = ""
    is_notice: bool = False


@dataclass(frozen=True, slots=True)
class HomeGroup:
    """Blocks under one spine; ``url`` only when the spine is one section itself."""

    title: str
    blocks: tuple[HomeBlock, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """An occasion in life and what it leads to; ``hint`` names three examples."""

    title: str
    url: str
    hint: str = ""
    character: str = ""

    @property
    def mark(self) -> str:
        """The character on the type block."""
        return self.character or rules.type_character(self.title)


@dataclass(frozen=True, slots=True)
class HomeContent:
    """``home_page.html``. ``gathered`` comes from sub-sites' published resources."""

    lead: Lead | None = None
    blocks: tuple[HomeBlock, ...] = ()
    gathered: tuple[Entry, ...] = ()
    gathered_url: str = ""
    life_events: tuple[LifeEvent, ...] = ()
    hot_searches: tuple[Link, ...] = ()

    @property
    def block_groups(self) -> tuple[HomeGroup, ...]:
        """The blocks under their spines, in order."""
        return group_blocks(self.blocks)

    @property
    def notice_board(self) -> HomeBlock | None:
        """The block that a notice board shows first: the first of notices, else the first."""
        blocks = self._blocks_with_lead
        return next((block for block in blocks if block.is_notice), blocks[0] if blocks else None)

    @property
    def beside_board(self) -> tuple[HomeBlock, ...]:
        """The other blocks, in order."""
        board = self.notice_board
        return tuple(block for block in self._blocks_with_lead if block != board)

    @property
    def _blocks_with_lead(self) -> tuple[HomeBlock, ...]:
        """The blocks with entries; a lead without a picture is the first line of the first one."""
        blocks = self.blocks
        if self.lead is not None and self.lead.image is None and blocks:
            first = Entry(
                self.lead.title,
                self.lead.url,
                self.lead.published_at,
                self.lead.source_name,
                self.lead.summary,
            )
            blocks = (replace(blocks[0], entries=(first, *blocks[0].entries)), *blocks[1:])
        return tuple(block for block in blocks if block.entries)


def group_blocks(blocks: tuple[HomeBlock, ...]) -> tuple[HomeGroup, ...]:
    """Put neighbouring blocks of one group under one spine; order is kept."""
    groups: list[HomeGroup] = []
    for block in blocks:
        if not block.group:
            groups.append(HomeGroup(block.title, (block,), block.url))
        elif groups and groups[-1].blocks[-1].group == block.group:
            groups[-1] = HomeGroup(block.group, (*groups[-1].blocks, block))
        else:
            groups.append(HomeGroup(block.group, (block,)))
    return tuple(groups)


@dataclass(frozen=True, slots=True)
class Section:
    """Head of a section page: its name and one line on what belongs here."""

    title: str
    description: str = ""
    character: str = ""

    @property
    def mark(self) -> str:
        """The character on the large type block."""
        return self.character or rules.type_character(self.title)


@dataclass(frozen=True, slots=True)
class Subsection:
    """A child section, with its newest entries when it has any."""

    title: str
    url: str
    entries: tuple[Entry, ...] = ()

    @property
    def mark(self) -> str:
        """The character on the type block."""
        return rules.type_character(self.title)


@dataclass(frozen=True, slots=True)
class PageLink:
    """One number in the row of pages; ``number`` is ``None`` for a gap."""

    number: int | None
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Pagination:
    """Where this list page stands; build ``page_links`` from ``rules.page_numbers``."""

    page: int
    page_count: int
    total: int
    previous_url: str | None = None
    next_url: str | None = None
    page_links: tuple[PageLink, ...] = ()

    @property
    def total_text(self) -> str:
        """The total with its thousands parted."""
        return rules.count_text(self.total)


@dataclass(frozen=True, slots=True)
class LeaderCard:
    """A leader in the list of a section."""

    name: str
    post: str
    url: str
    portrait: Picture | None = None

    @property
    def mark(self) -> str:
        """The character that stands where there is no portrait."""
        return rules.type_character(self.name)


@dataclass(frozen=True, slots=True)
class BodyCard:
    """A body in the list of a section."""

    name: str
    url: str
    office_address: str = ""
    phone: str = ""
    office_hours: str = ""


@dataclass(frozen=True, slots=True)
class SectionContent:
    """``section_page.html``. ``siblings`` are the sections beside this one, with itself.

    ``text``: blocks of an article (``ArticleBlock``) that stand before the lists. ``leaders`` and
    ``bodies`` are listed in sections that hold them.
    """

    section: Section
    subsections: tuple[Subsection, ...] = ()
    siblings: tuple[NavigationItem, ...] = ()
    entries: tuple[Entry, ...] = ()
    pagination: Pagination | None = None
    leaders: tuple[LeaderCard, ...] = ()
    bodies: tuple[BodyCard, ...] = ()
    text: tuple[Any, ...] = ()

    @property
    def listed_subsections(self) -> tuple[Subsection, ...]:
        """The child sections that have something to show, in order."""
        return tuple(child for child in self.subsections if child.entries)

    @property
    def plain_subsections(self) -> tuple[Subsection, ...]:
        """The child sections that are only linked, in order."""
        return tuple(child for child in self.subsections if not child.entries)
