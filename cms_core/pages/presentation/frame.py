"""The frame around every page: who owns it, its labels, its ways on."""

from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.templatetags.static import static
from django.utils.translation import get_language, pgettext, pgettext_lazy

from cms_core.pages import selectors
from cms_core.pages.models import ArticlePage, HomePage
from cms_core.pages.required_pages import required_pages
from sites.tenancy.enums import AddressKind, TenantKind, TenantStatus
from sites.tenancy.models import Address
from sites.tenancy.selectors import root_url_of
from themes import contract, rules
from themes.enums import LabelLevel

from .base import Presenter
from .values import language_name

#: Sites shown of each kind in the switcher; the others stand on the portal's list of sites.
SWITCHER_LIMIT = 12
#: Sections in the row of the navigation: eight names of four characters fill a desk's width beside
#: 首页, and a site that was merged from others would show two rows.
MENU_SECTIONS = 8
#: Seconds that the switcher may be old: a newly opened site appears within a minute.
SWITCHER_SECONDS = 60

#: The kinds of sites in the order in which they are named, with their headings.
SITE_KINDS = (
    (TenantKind.CITY_PORTAL, pgettext_lazy("public", "City")),
    (TenantKind.DEPARTMENT, pgettext_lazy("public", "Departments")),
    (TenantKind.COUNTY_PORTAL, pgettext_lazy("public", "Districts and counties")),
    (TenantKind.TOWNSHIP, pgettext_lazy("public", "Townships and streets")),
)


class FramePresenter(Presenter):
    """Masthead, labels, navigation, footer."""

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
            language=tenant.language_tag,
            error_report_url=rules.error_report_url(
                tenant.site_identification_code, self.canonical_url()
            ),
            is_demo=tenant.is_demo,
            is_practice=tenant.is_practice,
            logo=self.logo(),
        )

    def frame(
        self, labels: dict[str, str], level: LabelLevel, *, title: str = "", path: str | None = None
    ) -> contract.Frame:
        """The frame of the presenter's page, or of a view under its home (``title`` and ``path``)."""
        own_url = self.url(self.page.url_path)
        above = self.frame_pages.above
        is_home = isinstance(self.page, HomePage)
        home_url = f"{self.address.prefix}/"
        home = pgettext("public", "Home")
        navigation = [contract.NavigationItem(home, home_url, is_home), *self.navigation()]
        crumbs = [
            contract.Breadcrumb(home if place == 0 else page.title, self.url(page.url_path))
            for place, page in enumerate(above)
        ]
        if crumbs:
            is_text = isinstance(self.page, ArticlePage)
            crumbs.append(
                contract.Breadcrumb(pgettext("public", "Text") if is_text else self.page.title)
            )
        if title:
            crumbs = [contract.Breadcrumb(home, home_url), contract.Breadcrumb(title)]
        site = {
            "SiteName": self.tenant.name,
            "SiteDomain": self.address.host,
            "SiteIDCode": self.tenant.site_identification_code,
        }
        shown = [contract.Label(*pair) for pair in rules.ordered_labels(site | labels, level)]
        if self.tenant.is_practice:
            shown.append(contract.Label("robots", "noindex, nofollow"))
        return contract.Frame(
            identity=self.identity(),
            labels=tuple(shown),
            page_title=title or self.page.seo_title or ("" if is_home else self.page.title),
            description="" if "Description" in labels else self.description(title),
            canonical_url="" if path is not None else self.canonical_url(),
            path=own_url if path is None else path,
            navigation=tuple(navigation),
            site_group=self.site_group(),
            breadcrumbs=tuple(crumbs),
            up=self.portal_link(),
            footer_links=self.footer_links(),
            feeds=self.feeds(),
            editions=self.editions(),
            stylesheets=(static(self.theme.stylesheet), f"{self.address.prefix}/look.css"),
            scripts=(static(self.theme.script), static(self.theme.reader_script)),
            icon_url=static(self.theme.icon),
            emergency_url=f"{self.address.prefix}/emergency/",
            modes_url=f"{self.address.prefix}/modes/",
            modes_stylesheet_url=f"{self.address.prefix}/modes.css",
        )

    def description(self, title: str) -> str:
        """One line on the page for search engines: what its editor wrote, else what it is called."""
        page, site_name = self.page, self.tenant.name
        if title:
            return rules.document_title(title, site_name)
        says = getattr(page, "introduction" if isinstance(page, HomePage) else "description", "")
        written = page.search_description or says
        return " ".join(written.split()) or rules.document_title(
            "" if isinstance(page, HomePage) else page.title, site_name
        )

    def portal_link(self) -> contract.Link | None:
        """The portal to which this site belongs, as the switcher knows it: no query of its own."""
        parent = self.tenant.parent if self.tenant.parent_id else None
        if parent is None:
            return None
        shown_as = parent.short_name or parent.name
        for group in self.site_group():
            for site in group.sites:
                if site.title == shown_as:
                    return contract.Link(parent.name, site.url)
        return None

    def navigation(self) -> list[contract.NavigationItem]:
        """The entries that the site has chosen; otherwise its sections that are shown in menus.

        What is private or holds nothing is left out of both.
        """
        if not self.look.navigation:
            return self.menu()
        hidden = selectors.private_paths()
        chosen = []
        for link in self.look.navigation:
            if link.url:
                chosen.append(contract.NavigationItem(link.title, link.url))
                continue
            is_current = self.page.path.startswith(link.section_path)
            is_filled = link.is_listed_when_empty or link.section_path in self.filled
            if (is_current or is_filled) and not link.section_path.startswith(hidden):
                chosen.append(
                    contract.NavigationItem(link.title, self.url(link.url_path), is_current)
                )
        return chosen

    def logo(self) -> contract.Logo | None:
        """The site's logo under its fixed address."""
        found = self.look.logo
        if found is None:
            return None
        return contract.Logo(f"{self.address.prefix}/site-logo", found.width, found.height)

    def menu(self) -> list[contract.NavigationItem]:
        """The top sections in one row; what does not fit stands behind 更多栏目, on the site map."""
        items = []
        blank = set()
        for section in self.frame_pages.menu:
            is_current = self.page.path.startswith(section.path)
            if is_current or self.is_shown(section):
                if section.path not in self.filled:
                    blank.add(len(items))
                items.append(
                    contract.NavigationItem(section.title, self.url(section.url_path), is_current)
                )
        if len(items) <= MENU_SECTIONS:
            return items
        # Those that hold something come first into the row, which keeps the order of the site.
        ranked = sorted(range(len(items)), key=lambda place: (place in blank, place))
        row = set(ranked[: MENU_SECTIONS - 1])
        is_current = any(item.is_current for place, item in enumerate(items) if place not in row)
        return [
            *(items[place] for place in sorted(row)),
            contract.NavigationItem(
                pgettext("public", "More sections"), f"{self.address.prefix}/wzdt/", is_current
            ),
        ]

    def footer_links(self) -> tuple[contract.Link, ...]:
        """Pages that every site has (国办发〔2017〕47号 asks for the site map)."""
        prefix = self.address.prefix
        links = [contract.Link(pgettext("public", "Site map"), f"{prefix}/wzdt/")]
        if self.is_portal:
            links.append(contract.Link(pgettext("public", "All websites"), f"{prefix}/zhanqun/"))
        links += [
            contract.Link(page.title, f"{prefix}/{page.slug}/")
            for page in required_pages(get_language()).values()
        ]
        return tuple(links)

    def feeds(self) -> tuple[contract.Feed, ...]:
        """The feeds of the section that the page is or stands in, then those of the site."""
        if self.tenant.is_practice:
            return ()
        of = [(self.tenant.name, f"{self.address.prefix}/")]
        sections: list[Any] = [
            *self.frame_pages.above[1:],
            *([self.page] if self.page.has_list_pages else []),
        ]
        if sections:
            of.insert(0, (sections[-1].title, self.url(sections[-1].url_path)))
        return tuple(
            contract.Feed(
                pgettext("public", "%(title)s (%(format)s)") % {"title": title, "format": name},
                f"{url}{file}.xml",
                f"application/{file}+xml",
            )
            for title, url in of
            for name, file in (("RSS", "rss"), ("Atom", "atom"))
        )

    def editions(self) -> tuple[contract.Edition, ...]:
        """The site in all its languages, itself first; nothing where it has only one. Cached."""
        found = cache.get("editions")
        if found is None:
            found = self._editions()
            cache.set("editions", found, SWITCHER_SECONDS)
        editions: tuple[contract.Edition, ...] = found
        return editions

    def _editions(self) -> tuple[contract.Edition, ...]:
        original = self.tenant.edition_of_id or self.tenant.pk
        addresses = (
            Address.objects.filter(kind=AddressKind.PRIMARY, tenant__status=TenantStatus.OPEN)
            .filter(Q(tenant_id=original) | Q(tenant__edition_of_id=original))
            .select_related("tenant")
            .order_by("tenant__code", "pk")
        )
        found = [
            contract.Edition(
                row.tenant.language_tag,
                language_name(row.tenant.language_code),
                f"{root_url_of(row.host)}{row.prefix}/",
            )
            for row in sorted(addresses, key=lambda row: row.tenant_id != self.tenant.pk)
        ]
        return tuple(found) if len(found) > 1 else ()

    def site_group(self) -> tuple[contract.SiteGroup, ...]:
        """The sites of this portal, some of each kind. Cached a minute for each tenant."""
        if self.tenant.is_practice:
            return ()
        key = f"site_group:{get_language()}"
        found = cache.get(key)
        if found is None:
            found = self._site_group()
            cache.set(key, found, SWITCHER_SECONDS)
        groups: tuple[contract.SiteGroup, ...] = found
        return groups

    def _site_group(self) -> tuple[contract.SiteGroup, ...]:
        portal_id = self.tenant.parent_id or self.tenant.pk
        addresses = Address.objects.filter(
            kind=AddressKind.PRIMARY, tenant__status=TenantStatus.OPEN
        ).select_related("tenant")
        groups = []
        for kind, heading in SITE_KINDS:
            rows = addresses.filter(tenant__kind=kind)
            rows = rows.filter(tenant_id=portal_id) | rows.filter(tenant__parent_id=portal_id)
            links = tuple(
                contract.Link(
                    a.tenant.short_name or a.tenant.name, f"{root_url_of(a.host)}{a.prefix}/"
                )
                for a in rows.order_by("tenant__code", "pk")[:SWITCHER_LIMIT]
            )
            if links:
                groups.append(contract.SiteGroup(str(heading), links))
        return tuple(groups)
