"""What programs ask a site for: feeds, the sitemap, the rules for robots. All absolute addresses are the
primary ones, so that an alias of the site names the same articles."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sites.tenancy.models import Tenant
from sites.tenancy.selectors import PublicAddress, primary_address, public_address

from . import address_selectors as selectors
from .feeds import CONTENT_TYPES, FeedEntry, FeedFormat, FeedHead, feed_xml
from .models import BasePage, SectionPage
from .selectors import page_by_path, private_paths
from .sitemaps import SitemapEntry, robots_txt, sitemap_index_xml, sitemap_xml

#: The rules of the practice site: nothing of it is for search engines.
_NO_ROBOTS = "User-agent: *\nDisallow: /\n"
_XML = "application/xml; charset=utf-8"


@require_GET
def feed(request: HttpRequest, path: str, wanted: str) -> HttpResponse:
    """The newest articles of the site (``path`` empty) or of the section at ``path``."""
    tenant: Tenant = request.tenant  # type: ignore[attr-defined]
    _refuse_practice(tenant)
    page = page_by_path(tenant.site.root_page, path)  # type: ignore[union-attr]
    if page is None or (path and not isinstance(page, SectionPage)) or _is_private(page):
        raise Http404
    primary = _primary(request)
    chosen = FeedFormat(wanted)
    url = _absolute(primary, page.url_path)
    head = FeedHead(
        title=f"{page.title}-{tenant.name}" if path else tenant.name,
        description=getattr(page, "description", ""),
        url=url,
        feed_url=f"{url}{chosen}.xml",
        language=tenant.language_tag,
    )
    entries = [
        FeedEntry(
            title=row.title,
            url=_absolute(primary, row.url_path),
            summary=row.summary,
            author_name=row.source_name,
            published_at=row.published_at,
            uuid=str(row.uuid),
        )
        for row in selectors.newest_for_feed(page)
    ]
    return HttpResponse(feed_xml(head, entries, chosen), content_type=CONTENT_TYPES[chosen])


@require_GET
def sitemap(request: HttpRequest, number: str = "") -> HttpResponse:
    """All public pages; of a large site an index of files ``sitemap-<number>.xml``."""
    _refuse_practice(request.tenant)  # type: ignore[attr-defined]
    home: BasePage = request.tenant.site.root_page  # type: ignore[attr-defined]
    primary = _primary(request)
    files = selectors.sitemap_file_count(home)
    if not number and files > 1:
        urls = [f"{primary.home_url}sitemap-{file}.xml" for file in range(1, files + 1)]
        return HttpResponse(sitemap_index_xml(urls), content_type=_XML)
    file = int(number or 1)
    if not 1 <= file <= files:
        raise Http404
    entries = [
        SitemapEntry(_absolute(primary, row.url_path), row.changed_at)
        for row in selectors.sitemap_rows(home, file)
    ]
    return HttpResponse(sitemap_xml(entries), content_type=_XML)


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """The rules of this host; a channel has none, its portal's speak for it."""
    address = _came_by(request)
    if address.prefix:
        raise Http404
    if request.tenant.is_practice:  # type: ignore[attr-defined]
        return HttpResponse(_NO_ROBOTS, content_type="text/plain; charset=utf-8")
    sites = selectors.sites_of_host(address.host)
    text = robots_txt(
        prefixes=[site.prefix for site in sites],
        sitemap_urls=[f"{site.home_url}sitemap.xml" for site in sites],
    )
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _refuse_practice(tenant: Tenant) -> None:
    """What is written for practice is offered to no program."""
    if tenant.is_practice:
        raise Http404


def _came_by(request: HttpRequest) -> PublicAddress:
    return public_address(request.tenant.pk) or _primary(request)  # type: ignore[attr-defined]


def _primary(request: HttpRequest) -> PublicAddress:
    address = primary_address(request.tenant.pk)  # type: ignore[attr-defined]
    if address is None:
        raise Http404
    return address


def _absolute(address: PublicAddress, url_path: str) -> str:
    _root, _home, rest = url_path.split("/", 2)
    return f"{address.home_url}{rest}"


def _is_private(page: BasePage) -> bool:
    return page.path.startswith(private_paths() or ("\0",))
