"""What every page of a site shares: who owns it, its labels, its ways on."""

from __future__ import annotations

from dataclasses import dataclass

from themes import rules, titles


@dataclass(frozen=True, slots=True)
class Logo:
    """The logo beside the name of the site, which says the same in text; sizes as printed."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Identity:
    """The site as its masthead and footer show it (头部标识区, 底部功能区).

    ``seal_text`` is one or two characters for the seal; ``identification_code`` the
    网站标识码; ``error_report_url`` the national 找错 address of this very page
    (``rules.error_report_url``); ``conac_id`` the 32 digits of 党政机关标识; ``language`` a
    BCP 47 tag; ``is_demo`` marks a sample site whose facts are invented; ``is_practice`` the site
    that staff train in.
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
    is_practice: bool = False
    logo: Logo | None = None

    @property
    def name_phrases(self) -> tuple[str, ...]:
        """The name of the site split where it may break."""
        return titles.name_phrases(self.site_name)

    @property
    def contact_phone_url(self) -> str:
        """Address that dials the telephone, ``""`` when the text holds no number."""
        return titles.phone_url(self.contact_phone)

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

    @property
    def mark(self) -> str:
        """The character on the type block."""
        return rules.type_character(self.title)


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
class Feed:
    """A feed of this page or of its site; ``content_type`` as ``<link type>`` prints it."""

    title: str
    url: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Edition:
    """The site in another language: a BCP 47 tag, the language's own name, the address of its home."""

    language: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a site shares: head, toolbar, masthead, navigation, footer.

    ``path`` is the path of this page on its host, to which the mode switch returns;
    ``""`` where one file answers many addresses (the not-found page). ``modes_url`` takes
    ``GET ?toggle=<mode>&next=<path>``; ``modes_stylesheet_url`` is the style
    sheet of fixed address the server answers by cookie. ``description``: what search engines show of a
    page that has no national label of that name (an article has one). ``search_url`` takes ``GET ?q=``
    and may be ``""``: then no search box is printed. ``up`` leads to the portal to which
    this site belongs. ``emergency_url`` is where the bar leads that every page carries and the
    style sheet of fixed address shows while a notice is in force.
    """

    identity: Identity
    labels: tuple[Label, ...] = ()
    page_title: str = ""
    description: str = ""
    canonical_url: str = ""
    path: str = ""
    navigation: tuple[NavigationItem, ...] = ()
    site_group: tuple[SiteGroup, ...] = ()
    breadcrumbs: tuple[Breadcrumb, ...] = ()
    up: Link | None = None
    footer_links: tuple[Link, ...] = ()
    feeds: tuple[Feed, ...] = ()
    editions: tuple[Edition, ...] = ()
    search_url: str = ""
    emergency_url: str = ""
    modes_url: str = "/modes/"
    modes_stylesheet_url: str = "/modes.css"
    stylesheets: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    icon_url: str = ""

    @property
    def document_title(self) -> str:
        """Text of ``<title>``."""
        return rules.document_title(self.page_title, self.identity.site_name)
