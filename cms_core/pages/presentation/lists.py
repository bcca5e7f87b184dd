"""Lists of articles, sections and sites."""

from collections.abc import Sequence

from django.utils.translation import pgettext

from cms_core.pages import selectors
from cms_core.pages.models import SectionPage
from cms_core.pages.selectors import ListedPage
from sites.tenancy.enums import AddressKind, TenantStatus
from sites.tenancy.models import Address
from sites.tenancy.rules import HOME_DEPTH
from sites.tenancy.selectors import root_url_of
from themes import contract, rules

from .base import Presenter
from .frame import SITE_KINDS


class ListPresenter(Presenter):
    """Lines of lists, rows of page numbers, the two pages that list sections and sites."""

    def entry(self, page: ListedPage, *, leaves: bool = False) -> contract.Entry:
        """``leaves``: the link leads to a site that is not of government."""
        at_once = page.external_url and not leaves
        return contract.Entry(
            title=page.title,
            url=page.external_url if at_once else self.url(page.url_path),
            published_at=page.published_at,
            source_name=page.source_name,
            summary=page.summary,
            is_pinned=page.is_pinned,
            is_expired=page.is_expired,
            leaves_government=leaves,
        )

    def entries(self, pages: Sequence[ListedPage]) -> tuple[contract.Entry, ...]:
        """A government site is linked at once, another by the page that says where one goes."""
        outside = selectors.outside_government(page.external_url for page in pages)
        return tuple(self.entry(page, leaves=page.external_url in outside) for page in pages)

    def pagination(self, page: SectionPage, number: int, total: int) -> contract.Pagination | None:
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

    def site_map(self) -> contract.SectionContent:
        """All sections in two levels. One query."""
        rows = selectors.sections_of_site(self.page)
        rows = [row for row in rows if self.is_shown(row)]
        tops = [row for row in rows if row.depth == HOME_DEPTH + 1]
        return contract.SectionContent(
            section=contract.Section(
                pgettext("public", "Site map"), pgettext("public", "All sections of this website")
            ),
            subsections=tuple(
                contract.Subsection(
                    top.title,
                    self.url(top.url_path),
                    tuple(
                        contract.Entry(row.title, self.url(row.url_path))
                        for row in rows
                        if row.depth == HOME_DEPTH + 2 and row.path.startswith(top.path)
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
            section=contract.Section(
                pgettext("public", "All websites"),
                pgettext(
                    "public",
                    "The websites of the departments, districts, townships and streets of this portal",
                ),
            ),
            subsections=tuple(
                contract.Subsection(str(heading), "", tuple(by_kind[kind]))
                for kind, heading in SITE_KINDS
                if kind in by_kind
            ),
        )
