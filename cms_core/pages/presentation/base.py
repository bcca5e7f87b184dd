"""What every part of the presenter knows: the page, its tenant, its look, its addresses."""

from typing import Any

from cms_core.appearance.selectors import SiteLook, site_look
from cms_core.pages import home_blocks, selectors
from cms_core.pages.models import BasePage
from cms_core.pages.selectors import FramePages
from sites.tenancy.models import Tenant
from sites.tenancy.selectors import PublicAddress, primary_address, public_address
from themes.manifest import Theme


class Presenter:
    """Builds what is shown of one page of one tenant.

    ``tenant``: the page's tenant, with parent, sponsor and operator loaded. ``look``: another one than
    the site's live look, for its preview.
    """

    def __init__(self, page: BasePage, tenant: Tenant, look: SiteLook | None = None) -> None:
        self.page = page
        self.tenant = tenant
        self.look: SiteLook = look or site_look()
        self.theme: Theme = self.look.theme
        self.address = public_address(tenant.pk) or PublicAddress(None, "", "", "")
        self.frame_pages: FramePages = selectors.frame_pages(
            page, home_blocks.named_slugs(page, tenant.kind)
        )
        self.filled = selectors.filled_sections(page.path[: selectors.HOME_PATH_LENGTH])

    def url(self, url_path: str) -> str:
        """Path on the visitor's address of a page of this tenant."""
        _root, _home, rest = url_path.split("/", 2)
        return f"{self.address.prefix}/{rest}"

    def canonical_url(self) -> str:
        """Absolute URL on the primary address, also when the visitor came by another."""
        primary = primary_address(self.tenant.pk) or self.address
        _root, _home, rest = self.page.url_path.split("/", 2)
        return f"{primary.root_url}{primary.prefix}/{rest}"

    @property
    def sponsor_name(self) -> str:
        """Body that answers for the site (主办单位)."""
        sponsor = self.tenant.sponsor_organization
        return sponsor.name if sponsor else ""

    @property
    def is_portal(self) -> bool:
        """Whether other sites belong to this one."""
        return self.tenant.kind in home_blocks.PORTAL_KINDS

    def is_shown(self, section: Any) -> bool:
        """Whether lists of sections name it: it holds an article, or it is shown while empty."""
        return bool(section.is_listed_when_empty) or section.path in self.filled
