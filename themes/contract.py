"""The values a public page is rendered from: the only thing templates may use.

Selectors of the upper apps build these frozen values; templates read their fields by
name. No value is a model, a query or a request, so that a page depends on nothing but
what it shows. Conventions:

* an unknown text is ``""``, an unknown date or address ``None``: the template leaves it
  out and never prints a blank;
* every time is an aware ``datetime`` and is printed in the time zone of the settings as
  ``YYYY-MM-DD HH:MM``;
* every text is plain and is escaped by the template, except ``HtmlBlock.html``;
* every sequence is a tuple already in its final order (the query ends with the primary key);
* every address is ready to print: a path of the same host or an absolute URL.

``template_context(frame, content)`` flattens a frame and a content into the context.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.safestring import SafeString

from themes import rules


@dataclass(frozen=True, slots=True)
class Identity:
    """The site as its masthead and footer show it (头部标识区, 底部功能区).

    ``seal_text`` is one or two characters for the seal; ``identification_code`` the
    网站标识码; ``error_report_url`` the national 找错 address of this very page
    (``rules.error_report_url``); ``conac_id`` the 32 digits of 党政机关标识; ``language`` a
    BCP 47 tag; ``is_demo`` marks a sample site whose facts are invented.
    """

    site_name: str
    host: str
    home_url: str = "/"
    short_name: str = ""
    seal_text: str = ""
    group_name: str = ""
    identification_code: str = ""
    icp_license_number: str = ""
    police_record_number: str = ""
    conac_id: str = ""
    sponsor_name: str = ""
    operator_name: str = ""
    contact_phone: str = ""
    address: str = ""
    error_report_url: str = ""
    language: str = "zh-CN"
    is_demo: bool = False

    @property
    def conac_url(self) -> str:
        """Proof address of the 党政机关标识, ``""`` when the id is not valid."""
        return rules.conac_url(self.conac_id)

    @property
    def police_record_url(self) -> str:
        """Address of the 公安备案 record, ``""`` when the text holds no record code."""
        return rules.police_record_url(self.police_record_number)


@dataclass(frozen=True, slots=True)
class Label:
    """One national page label; build them with ``rules.ordered_labels``."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Link:
    """A title and where it leads."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the main navigation or of the list of sibling sections."""

    title: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class SiteGroup:
    """Sites of one kind in the site switcher: 市级部门, 区县, 乡镇街道."""

    heading: str
    sites: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Breadcrumb:
    """One step of the path to this page; the last one has no address."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a site shares: head, toolbar, masthead, navigation, footer.

    ``path`` is the path of this page on its host, to which the mode switch returns;
    ``""`` where one file answers many addresses (the not-found page). ``modes_url`` takes
    ``GET ?toggle=text|contrast&next=<path>``; ``modes_stylesheet_url`` is the style
    sheet of fixed address the server answers by cookie. ``search_url`` takes ``GET ?q=``
    and may be ``""``: then no search box is printed.
    """

    identity: Identity
    labels: tuple[Label, ...] = ()
    page_title: str = ""
    canonical_url: str = ""
    path: str = ""
    navigation: tuple[NavigationItem, ...] = ()
    site_group: tuple[SiteGroup, ...] = ()
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    footer_links: tuple[Link, ...] = ()
    search_url: str = ""
    modes_url: str = "/modes/"
    modes_stylesheet_url: str = "/modes.css"
    stylesheets: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    icon_url: str = ""

    @property
    def document_title(self) -> str:
        """Text of ``<title>``."""
        return rules.document_title(self.page_title, self.identity.site_name)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image with its text alternative; sizes in pixels keep the page from jumping."""

    url: str
    alt: str
    width: int
    height: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list of articles. ``site_name`` is set in lists gathered from sub-sites."""

    title: str
    url: str
    published_at: datetime | None = None
    source_name: str = ""
    summary: str = ""
    site_name: str = ""


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


@dataclass(frozen=True, slots=True)
class SectionContent:
    """``section_page.html``. ``siblings`` are the sections beside this one, with itself."""

    section: Section
    subsections: tuple[Subsection, ...] = ()
    siblings: tuple[NavigationItem, ...] = ()
    entries: tuple[Entry, ...] = ()
    pagination: Pagination | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to download; ``extension`` in capitals, ``size_text`` for readers (``86 KB``)."""

    title: str
    url: str
    extension: str = ""
    size_text: str = ""


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """Text of an article. ``html`` was cleaned before and is printed as it is.

    Raises ``TypeError`` for a plain ``str``: who marks it safe vouches for the cleaning.
    """

    html: SafeString
    kind: ClassVar[str] = "html"

    def __post_init__(self) -> None:
        if not isinstance(self.html, SafeString):
            raise TypeError("HtmlBlock takes cleaned HTML marked as SafeString")

    @property
    def typeset(self) -> SafeString:
        """The same HTML with tables that scroll on their own (``rules.typeset_html``)."""
        return SafeString(rules.typeset_html(self.html))


@dataclass(frozen=True, slots=True)
class ImageBlock:
    """An image between the paragraphs."""

    picture: Picture
    kind: ClassVar[str] = "image"


@dataclass(frozen=True, slots=True)
class AttachmentBlock:
    """A file offered between the paragraphs."""

    attachment: Attachment
    kind: ClassVar[str] = "attachment"


@dataclass(frozen=True, slots=True)
class TombstoneBlock:
    """A file the article speaks of and that is lost; the page says so instead of hiding it."""

    title: str
    reason: str = ""
    kind: ClassVar[str] = "tombstone"


ArticleBlock = HtmlBlock | ImageBlock | AttachmentBlock | TombstoneBlock


@dataclass(frozen=True, slots=True)
class Article:
    """An article (稿件) as it is printed. ``editor`` is the responsible editor (责任编辑)."""

    title: str
    published_at: datetime | None = None
    subtitle: str = ""
    source_name: str = ""
    author_name: str = ""
    publisher_name: str = ""
    editor: str = ""
    summary_points: tuple[str, ...] = ()
    blocks: tuple[ArticleBlock, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    previous: Link | None = None
    next: Link | None = None
    related: tuple[Entry, ...] = ()

    @property
    def title_phrases(self) -> tuple[str, ...]:
        """The title split where it may break."""
        return rules.title_phrases(self.title)


@dataclass(frozen=True, slots=True)
class ArticleContent:
    """``article_page.html``."""

    article: Article


@dataclass(frozen=True, slots=True)
class MovedSection:
    """Where the content of a former section is now; ``count`` in items, if known."""

    title: str
    target: Link
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ClosedNotice:
    """Notice of a closed site (关停公告): why, since when, and where its content went.

    ``notice_until`` is the last day of the public notice (at least 30 days); the days
    left are not printed, because the page is a file. ``lookup_url`` takes ``GET ?u=``.
    """

    former_name: str
    headline: str = ""
    reason: str = ""
    successor: Link | None = None
    closed_on: date | None = None
    notice_until: date | None = None
    item_count: int | None = None
    attachment_count: int | None = None
    moved_sections: tuple[MovedSection, ...] = ()
    lookup_url: str = ""
    former_identification_code: str = ""
    former_sponsor_name: str = ""
    contact: str = ""

    @property
    def headline_phrases(self) -> tuple[str, ...]:
        """The headline split where it may break."""
        return rules.title_phrases(self.headline or f"{self.former_name}网站，已经关停")


@dataclass(frozen=True, slots=True)
class ClosedContent:
    """``closed.html``."""

    notice: ClosedNotice


PageContent = HomeContent | SectionContent | ArticleContent | ClosedContent


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


def template_context(frame: Frame, content: PageContent | None = None) -> dict[str, Any]:
    """Return the flat context of a page: the fields of ``frame`` and of ``content`` by name."""
    context: dict[str, Any] = {item.name: getattr(frame, item.name) for item in fields(frame)}
    context["document_title"] = frame.document_title
    context["is_home"] = isinstance(content, HomeContent)
    if content is not None:
        context.update({item.name: getattr(content, item.name) for item in fields(content)})
    if isinstance(content, HomeContent):
        context["block_groups"] = content.block_groups
    return context
