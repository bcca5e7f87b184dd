"""From pages to the plain values that themes print (``themes.contract``)."""

from typing import Any

from django.core.cache import cache
from django.templatetags.static import static
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from wagtail.rich_text import expand_db_html

from cms_core.resources import selectors as resources
from cms_core.resources.enums import ResourceKind
from sites.tenancy.enums import AddressKind, TenantKind, TenantStatus
from sites.tenancy.models import Address, Tenant
from sites.tenancy.selectors import PublicAddress, primary_address, public_address, root_url_of
from themes import contract, rules
from themes.enums import LabelLevel
from themes.manifest import PORTAL, Theme

from . import selectors
from .markup import clean_markup
from .models import ArticlePage, BasePage, HomePage, SectionPage
from .selectors import FramePage, FramePages, ListedArticle

#: Sites shown of each kind in the switcher; the others stand on the portal's list of sites.
SWITCHER_LIMIT = 12
#: Seconds that the switcher may be old: a newly opened site appears within a minute.
SWITCHER_SECONDS = 60
#: Sections that a home page without chosen blocks shows, and entries of each.
DEFAULT_HOME_SECTIONS = 6
HOME_ENTRIES = 7
#: Entries that a portal without chosen blocks gathers from its sub-sites.
GATHERED_ENTRIES = 8
#: Image widths in pixels: the reading column at double density.
PICTURE_FILTER = "max-1360x1360"

_SWITCHER_HEADINGS = (
    (TenantKind.CITY_PORTAL, "市级"),
    (TenantKind.DEPARTMENT, "部门"),
    (TenantKind.COUNTY_PORTAL, "区县"),
    (TenantKind.TOWNSHIP, "乡镇街道"),
)


class PagePresenter:
    """Builds the frame and the content of one page for one tenant.

    ``tenant``: the page's tenant, with sponsor and operator loaded. ``theme``: its look.
    """

    def __init__(self, page: BasePage, tenant: Tenant, theme: Theme = PORTAL) -> None:
        self.page = page
        self.tenant = tenant
        self.theme = theme
        self.address = public_address(tenant.pk) or PublicAddress(None, "", "", "")
        self.frame_pages: FramePages = selectors.frame_pages(page)
        self.filled = selectors.filled_sections(page.path[: selectors.HOME_PATH_LENGTH])

    # --- addresses ---------------------------------------------------------------

    def url(self, url_path: str) -> str:
        """Path on the visitor's address of a page of this tenant."""
        _root, _home, rest = url_path.split("/", 2)
        return f"{self.address.prefix}/{rest}"

    def canonical_url(self) -> str:
        """Absolute URL on the primary address, also when the visitor came by another."""
        primary = primary_address(self.tenant.pk) or self.address
        _root, _home, rest = self.page.url_path.split("/", 2)
        return f"{primary.root_url}{primary.prefix}/{rest}"

    # --- frame -------------------------------------------------------------------

    def identity(self) -> contract.Identity:
        tenant = self.tenant
        return contract.Identity(
            site_name=tenant.name,
            short_name=tenant.short_name,
            seal_text=(tenant.short_name or tenant.name)[:2],
            group_name=tenant.parent.short_name
            if tenant.parent_id and tenant.parent
            else tenant.short_name,
            host=self.address.host,
            home_url=f"{self.address.prefix}/",
            identification_code=tenant.site_identification_code,
            icp_license_number=tenant.icp_license_number,
            police_record_number=tenant.police_record_number,
            conac_id=tenant.conac_id,
            sponsor_name=tenant.sponsor_organization.name if tenant.sponsor_organization else "",
            operator_name=tenant.operator_organization.name if tenant.operator_organization else "",
            contact_phone=tenant.contact_phone,
            address=tenant.contact_address,
            error_report_url=rules.error_report_url(
                tenant.site_identification_code, self.canonical_url()
            ),
            is_demo=tenant.is_demo,
        )

    def frame(
        self, labels: dict[str, str], level: LabelLevel, *, title: str = "", path: str | None = None
    ) -> contract.Frame:
        """The frame of the presenter's page, or of a view under its home (``title`` and ``path``)."""
        own_url = self.url(self.page.url_path)
        above = self.frame_pages.above
        is_home = isinstance(self.page, HomePage)
        home_url = f"{self.address.prefix}/"
        navigation = [contract.NavigationItem("首页", home_url, is_home)]
        for item in self.frame_pages.menu:
            is_current = self.page.path.startswith(item.path)
            if is_current or self.is_shown(item):
                navigation.append(
                    contract.NavigationItem(item.title, self.url(item.url_path), is_current)
                )
        crumbs = [
            contract.Breadcrumb("首页" if place == 0 else page.title, self.url(page.url_path))
            for place, page in enumerate(above)
        ]
        if crumbs:
            is_text = isinstance(self.page, ArticlePage)
            crumbs.append(contract.Breadcrumb("正文" if is_text else self.page.title))
        if title:
            crumbs = [
                contract.Breadcrumb("首页", home_url),
                contract.Breadcrumb(title),
            ]
        site = {
            "SiteName": self.tenant.name,
            "SiteDomain": self.address.host,
            "SiteIDCode": self.tenant.site_identification_code,
        }
        return contract.Frame(
            identity=self.identity(),
            labels=tuple(
                contract.Label(*pair) for pair in rules.ordered_labels(site | labels, level)
            ),
            page_title=title or ("" if is_home else self.page.title),
            canonical_url="" if path is not None else self.canonical_url(),
            path=own_url if path is None else path,
            navigation=tuple(navigation),
            site_group=self.site_group(),
            breadcrumbs=tuple(crumbs),
            footer_links=self.footer_links(),
            stylesheets=(static(self.theme.stylesheet),),
            scripts=(static(self.theme.script),),
            icon_url=static(self.theme.icon),
            modes_url=f"{self.address.prefix}/modes/",
            modes_stylesheet_url=f"{self.address.prefix}/modes.css",
        )

    def footer_links(self) -> tuple[contract.Link, ...]:
        """Pages that every site has (国办发〔2017〕47号 asks for the site map)."""
        links = [contract.Link("网站地图", f"{self.address.prefix}/wzdt/")]
        if self.is_portal:
            links.append(contract.Link("全部网站", f"{self.address.prefix}/zhanqun/"))
        return tuple(links)

    @property
    def is_portal(self) -> bool:
        """Whether other sites belong to this one."""
        return self.tenant.kind in {TenantKind.CITY_PORTAL, TenantKind.COUNTY_PORTAL}

    def site_map(self) -> contract.SectionContent:
        """All sections in two levels. One query."""
        rows = selectors.sections_of_site(self.page)
        rows = [row for row in rows if self.is_shown(row)]
        tops = [row for row in rows if row.depth == 3]
        return contract.SectionContent(
            section=contract.Section("网站地图", "本站的全部栏目"),
            subsections=tuple(
                contract.Subsection(
                    top.title,
                    self.url(top.url_path),
                    tuple(
                        contract.Entry(row.title, self.url(row.url_path))
                        for row in rows
                        if row.depth == 4 and row.path.startswith(top.path)
                    ),
                )
                for top in tops
            ),
        )

    def all_sites(self) -> contract.SectionContent:
        """Every open site of this portal, by kind. One query."""
        addresses = (
            Address.objects.filter(
                kind=AddressKind.PRIMARY,
                tenant__status=TenantStatus.OPEN,
                tenant__parent_id=self.tenant.pk,
            )
            .select_related("tenant")
            .order_by("tenant__code", "pk")
        )
        by_kind: dict[str, list[contract.Entry]] = {}
        for address in addresses:
            url = f"{root_url_of(address.host)}{address.prefix}/"
            by_kind.setdefault(address.tenant.kind, []).append(
                contract.Entry(address.tenant.name, url)
            )
        return contract.SectionContent(
            section=contract.Section("全部网站", "本门户下的部门、区县和乡镇街道网站"),
            subsections=tuple(
                contract.Subsection(heading, "", tuple(by_kind[kind]))
                for kind, heading in _SWITCHER_HEADINGS
                if kind in by_kind
            ),
        )

    def site_group(self) -> tuple[contract.SiteGroup, ...]:
        """The sites of this portal, some of each kind. Cached a minute for each tenant."""
        found = cache.get("site_group")
        if found is None:
            found = self._site_group()
            cache.set("site_group", found, SWITCHER_SECONDS)
        groups: tuple[contract.SiteGroup, ...] = found
        return groups

    def _site_group(self) -> tuple[contract.SiteGroup, ...]:
        portal_id = self.tenant.parent_id or self.tenant.pk
        addresses = Address.objects.filter(
            kind=AddressKind.PRIMARY, tenant__status=TenantStatus.OPEN
        ).select_related("tenant")
        groups = []
        for kind, heading in _SWITCHER_HEADINGS:
            rows = addresses.filter(tenant__kind=kind)
            rows = rows.filter(tenant_id=portal_id) | rows.filter(tenant__parent_id=portal_id)
            links = tuple(
                contract.Link(
                    a.tenant.short_name or a.tenant.name, f"{root_url_of(a.host)}{a.prefix}/"
                )
                for a in rows.order_by("tenant__code", "pk")[:SWITCHER_LIMIT]
            )
            if links:
                groups.append(contract.SiteGroup(heading, links))
        return tuple(groups)

    def is_shown(self, section: Any) -> bool:
        """Whether lists of sections name it: it holds an article, or it is shown while empty."""
        return bool(section.is_listed_when_empty) or section.path in self.filled

    # --- lists -------------------------------------------------------------------

    def entry(self, article: ListedArticle) -> contract.Entry:
        return contract.Entry(
            article.title,
            self.url(article.url_path),
            article.published_at,
            article.source_name,
            article.summary,
        )

    def entries(self, articles: list[ListedArticle]) -> tuple[contract.Entry, ...]:
        return tuple(self.entry(article) for article in articles)

    # --- home --------------------------------------------------------------------

    def home(self, page: HomePage) -> contract.HomeContent:
        wanted, gathered_count = self._home_choice(page)
        sections = [section for section, _count in wanted]
        newest = selectors.newest_by_section(
            sections, each=max([count for _s, count in wanted], default=0)
        )
        blocks = tuple(
            contract.HomeBlock(
                section.title,
                self.url(section.url_path),
                self.entries(newest.get(section.pk, [])[:count]),
            )
            for section, count in wanted
            if newest.get(section.pk)
        )
        lead = None
        if blocks:
            first = blocks[0].entries[0]
            lead = contract.Lead(
                first.title, first.url, first.published_at, first.source_name, first.summary
            )
            rest = contract.HomeBlock(blocks[0].title, blocks[0].url, blocks[0].entries[1:])
            blocks = (rest, *blocks[1:])
        gathered = (
            ()
            if not gathered_count
            else tuple(
                contract.Entry(
                    item.title,
                    item.url,
                    item.published_at,
                    item.source_name,
                    item.summary,
                    item.tenant_name,
                )
                for item in resources.gathered(kinds=[ResourceKind.ARTICLE], limit=gathered_count)
            )
        )
        return contract.HomeContent(lead=lead, blocks=blocks, gathered=gathered)

    def _home_choice(self, page: HomePage) -> tuple[list[tuple[BasePage | FramePage, int]], int]:
        """Chosen sections with their counts, and how many entries to gather from sub-sites."""
        if not page.blocks:
            shown = [section for section in self.frame_pages.menu if section.path in self.filled]
            return [
                (section, HOME_ENTRIES) for section in shown[:DEFAULT_HOME_SECTIONS]
            ], GATHERED_ENTRIES if self.is_portal else 0
        chosen, gathered = [], 0
        for block in page.blocks:
            if block.block_type == "gathered":
                gathered = max(gathered, block.value["count"])
            elif block.value["section"] is not None and block.value["section"].live:
                chosen.append((block.value["section"], block.value["count"]))
        return chosen, gathered

    # --- section -----------------------------------------------------------------

    def section(self, page: SectionPage, page_number: int) -> contract.SectionContent:
        articles, total = selectors.articles_of(page, page_number)
        children = selectors.child_sections(page) if page_number == 1 else []
        newest = selectors.newest_by_section(children, each=5) if not total else {}
        subsections = tuple(
            contract.Subsection(
                child.title, self.url(child.url_path), self.entries(newest.get(child.pk, []))
            )
            for child in children
            if self.is_shown(child)
        )
        return contract.SectionContent(
            section=contract.Section(page.title, page.description),
            subsections=subsections,
            entries=self.entries(articles),
            pagination=self._pagination(page, page_number, total),
        )

    def _pagination(self, page: SectionPage, number: int, total: int) -> contract.Pagination | None:
        count = max(1, -(-total // selectors.PAGE_SIZE))
        if count == 1:
            return None
        base = self.url(page.url_path)

        def address(n: int) -> str:
            return base if n == 1 else f"{base}index_{n}.html"

        return contract.Pagination(
            page=number,
            page_count=count,
            total=total,
            previous_url=address(number - 1) if number > 1 else None,
            next_url=address(number + 1) if number < count else None,
            page_links=tuple(
                contract.PageLink(n, address(n) if n else "", n == number)
                for n in rules.page_numbers(number, count)
            ),
        )

    def section_labels(self, section: SectionPage | FramePage | None) -> dict[str, str]:
        if section is None:
            return {}
        return {
            "ColumnName": section.title,
            "ColumnDescription": section.description or section.title,
            "ColumnKeywords": section.keywords or section.title,
            "ColumnType": section.column_type or "",
        }

    # --- article -----------------------------------------------------------------

    def article(self, page: ArticlePage) -> contract.ArticleContent:
        newer, older = selectors.neighbours(page)
        article = contract.Article(
            title=page.title,
            published_at=page.published_at,
            source_name=page.source_name,
            author_name=page.author_name,
            publisher_name=self.tenant.sponsor_organization.name
            if self.tenant.sponsor_organization
            else "",
            editor=page.editor_name,
            blocks=tuple(self.article_blocks(page)),
            attachments=tuple(_attachment(a.file, a.title) for a in selectors.attachments_of(page)),
            previous=contract.Link(newer.title, self.url(newer.url_path)) if newer else None,
            next=contract.Link(older.title, self.url(older.url_path)) if older else None,
        )
        return contract.ArticleContent(article=article)

    def article_blocks(self, page: ArticlePage) -> list[contract.ArticleBlock]:
        shown: list[contract.ArticleBlock] = []
        for block in page.body:
            value: Any = block.value
            if block.block_type == "paragraph":
                shown.append(
                    contract.HtmlBlock(SafeString(clean_markup(expand_db_html(value.source))))
                )
            elif block.block_type == "html":
                shown.append(contract.HtmlBlock(SafeString(clean_markup(value))))
            elif block.block_type == "image" and value["image"] is not None:
                shown.append(contract.ImageBlock(_picture(value)))
            elif block.block_type == "attachment" and value["file"] is not None:
                shown.append(contract.AttachmentBlock(_attachment(value["file"], value["title"])))
            elif block.block_type == "missing_attachment":
                shown.append(contract.TombstoneBlock(value["title"], "旧网站没有移交这个文件"))
        return shown

    def article_labels(self, page: ArticlePage) -> dict[str, str]:
        at = page.published_at
        nearest = self.frame_pages.above[-1] if self.frame_pages.above else None
        is_section = nearest is not None and nearest.column_type is not None
        return self.section_labels(nearest if is_section else None) | {
            "ArticleTitle": page.title,
            "PubDate": f"{local_minute(at)}" if at else "",
            "ContentSource": page.source_name,
            "Keywords": page.keywords or page.title,
            "Author": page.author_name,
            "Description": page.summary or page.search_description or page.title,
            "Url": self.canonical_url(),
        }


def local_minute(at: Any) -> str:
    """``YYYY-MM-DD HH:MM`` in the platform's time zone (national label PubDate)."""
    from django.utils import timezone

    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def plain_text(page: ArticlePage) -> str:
    """The article's text without markup, for the published resource."""
    parts = []
    for block in page.body:
        if block.block_type == "paragraph":
            parts.append(strip_tags(block.value.source))
        elif block.block_type == "html":
            parts.append(strip_tags(block.value))
    return "\n".join(part.strip() for part in parts if part.strip())


def _attachment(file: Any, title: str) -> contract.Attachment:
    return contract.Attachment(
        title=title or file.title,
        url=file.url,
        extension=rules.file_extension(file.filename),
        size_text=rules.size_text(file.file_size or 0),
    )


def _picture(value: Any) -> contract.Picture:
    rendition = value["image"].get_rendition(PICTURE_FILTER)
    return contract.Picture(
        url=rendition.url,
        alt=value["alternative_text"],
        width=rendition.width,
        height=rendition.height,
        caption=value["caption"],
    )
