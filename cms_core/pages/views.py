"""Public views: pages in their theme, what is in force, not found."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.views.decorators.http import require_GET

from cms_core.appearance.enums import NoticeKind
from cms_core.appearance.selectors import SiteLook, notices_in_force
from sites.tenancy.languages import speaking_for
from sites.tenancy.models import Tenant
from sites.tenancy.rules import NOTICE_PERIOD
from sites.tenancy.selectors import public_address
from themes.contract import (
    Announcement,
    ClosedContent,
    ClosedNotice,
    EmergencyContent,
    Identity,
    Label,
    Link,
    WithdrawnContent,
    template_context,
)
from themes.enums import LabelLevel, PageTemplate
from themes.manifest import PORTAL, Theme

from . import selectors
from .lifecycle_selectors import has_redirect, tombstone_at
from .models import (
    ArticlePage,
    BasePage,
    ContentPage,
    GalleryPage,
    HomePage,
    LeaderPage,
    LinkPage,
    OrganizationPage,
    SectionPage,
    SinglePage,
    Tombstone,
    TopicalEventPage,
    VideoPage,
)
from .presentation import PagePresenter
from .presentation.withdrawn import withdrawn_notice
from .required_pages import required_pages


def _tenant(pk: int) -> Tenant:
    """The tenant with all that frame and labels show of it. One query."""
    return Tenant.objects.select_related(
        "sponsor_organization", "operator_organization", "parent", "successor"
    ).get(pk=pk)


def _answer(
    theme: Theme, template: PageTemplate, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    # No request: nothing of a visitor, no token and no message can enter a page that becomes a file.
    return HttpResponse(render_to_string(theme.template(template), context), status=status)


def render_page(
    page: BasePage,
    *,
    tenant: Tenant | None = None,
    page_number: int = 1,
    look: SiteLook | None = None,
) -> HttpResponse:
    """The page as a visitor gets it: the same bytes for everybody.

    ``tenant``: the page's own, as ``sites.tenancy.selectors.resolve_address`` loads it; otherwise it
    is read. ``look``: another one than the site's live look, for its preview.
    """
    if page.tenant_id is None:
        raise Http404  # the root of all tenants is never served
    if tenant is None or tenant.pk != page.tenant_id:
        tenant = _tenant(page.tenant_id)
    with speaking_for(tenant):  # a preview is asked for in the language of the staff
        return _rendered(page, PagePresenter(page, tenant, look), page_number)


def _rendered(page: BasePage, show: PagePresenter, page_number: int) -> HttpResponse:
    if isinstance(page, HomePage):
        frame, content = show.frame({}, LabelLevel.SITE), show.home(page)
        return _answer(show.theme, PageTemplate.HOME, template_context(frame, content))
    if isinstance(page, SectionPage | LinkPage) and page.external_url:
        if not selectors.outside_government([page.external_url]):
            return HttpResponseRedirect(page.external_url)
        frame = show.frame({}, LabelLevel.SITE)
        return _answer(
            show.theme, PageTemplate.LEAVING, template_context(frame, show.leaving(page))
        )
    if isinstance(page, SectionPage):
        frame = show.frame(show.section_labels(page), LabelLevel.SECTION)
        return _answer(
            show.theme,
            PageTemplate.SECTION,
            template_context(frame, show.section(page, page_number)),
        )
    for model, (template, method) in _TEXTS.items():
        if isinstance(page, model):
            frame = show.frame(show.article_labels(page), LabelLevel.ARTICLE)
            return _answer(
                show.theme, template, template_context(frame, getattr(show, method)(page))
            )
    raise TypeError(f"no public template for {type(page).__name__}")


#: Template and method of the presenter of each page type with a text of its own.
_TEXTS: dict[type[ContentPage], tuple[PageTemplate, str]] = {
    ArticlePage: (PageTemplate.ARTICLE, "article"),
    SinglePage: (PageTemplate.ARTICLE, "single_page"),
    TopicalEventPage: (PageTemplate.TOPIC, "topic"),
    LeaderPage: (PageTemplate.LEADER, "leader"),
    OrganizationPage: (PageTemplate.ORGANIZATION, "body"),
    GalleryPage: (PageTemplate.GALLERY, "gallery"),
    VideoPage: (PageTemplate.VIDEO, "video"),
}


@require_GET
def site_map(request: HttpRequest) -> HttpResponse:
    """The site map (网站地图) for readers."""
    show = _presenter_of_home(request)
    frame = show.frame({}, LabelLevel.SITE, title=pgettext("public", "Site map"), path=request.path)
    return _answer(show.theme, PageTemplate.SECTION, template_context(frame, show.site_map()))


@require_GET
def required_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A page that every site has: about, help, privacy, accessibility."""
    page = required_pages(get_language())[slug]
    show = _presenter_of_home(request)
    frame = show.frame({}, LabelLevel.SITE, title=page.title, path=request.path)
    frame = replace(frame, canonical_url=f"{show.canonical_url()}{slug}/")
    return _answer(
        show.theme, PageTemplate.ARTICLE, template_context(frame, show.required_page(page))
    )


@require_GET
def emergency(request: HttpRequest) -> HttpResponse:
    """The full text of the bars in force: where the bar of every page leads. Never kept by a cache."""
    show = _presenter_of_home(request)
    frame = show.frame(
        {}, LabelLevel.SITE, title=pgettext("public", "Emergency notice"), path=request.path
    )
    content = EmergencyContent(
        tuple(
            Announcement(
                headline=bar.headline,
                paragraphs=tuple(line.strip() for line in bar.text.splitlines() if line.strip()),
                issuer=_issuer(show.tenant, is_platform=bar.is_platform),
                begins_at=bar.starts_at,
                ends_at=bar.ends_at,
            )
            for bar in notices_in_force(timezone.now(), kind=NoticeKind.EMERGENCY, fresh=True)
        )
    )
    response = _answer(show.theme, PageTemplate.EMERGENCY, template_context(frame, content))
    response["Cache-Control"] = "no-store"
    return response


def _issuer(tenant: Tenant, *, is_platform: bool) -> str:
    """Who announces: the site itself, or the platform in the name of its portal."""
    if not is_platform:
        return tenant.name
    portal = tenant.parent or tenant
    return pgettext("public", "%(site)s, for all its websites") % {"site": portal.name}


@require_GET
def all_sites(request: HttpRequest) -> HttpResponse:
    """Every site of this portal."""
    show = _presenter_of_home(request)
    if not show.is_portal:
        raise Http404
    frame = show.frame(
        {}, LabelLevel.SITE, title=pgettext("public", "All websites"), path=request.path
    )
    return _answer(show.theme, PageTemplate.SECTION, template_context(frame, show.all_sites()))


def _presenter_of_home(request: HttpRequest) -> PagePresenter:
    tenant = request.tenant  # type: ignore[attr-defined]
    return PagePresenter(tenant.site.root_page, tenant)


def closed_notice(request: HttpRequest, *, tenant: Tenant, status: int) -> HttpResponse:
    """The notice of a closed or suspended site (关停公告), in its scope."""
    full = _tenant(tenant.pk)
    site: Any = full.site
    show = PagePresenter(site.root_page, full)
    frame = replace(
        show.frame(
            {},
            LabelLevel.SITE,
            title=pgettext("public", "%(site)s is closed") % {"site": full.name},
            path="",
        ),
        navigation=(),
        breadcrumbs=(),
        footer_links=(),
    )
    successor = public_address(full.successor_id) if full.successor_id else None
    notice = ClosedNotice(
        former_name=full.name,
        headline=(
            pgettext("public", "%(site)s: closed")
            if status == 410
            else pgettext("public", "%(site)s: service is suspended")
        )
        % {"site": full.name},
        reason=full.notice,
        successor=Link(full.successor.name, successor.home_url)
        if successor and full.successor
        else None,
        closed_on=full.closed_on,
        notice_until=full.closed_on + NOTICE_PERIOD if full.closed_on else None,
        former_identification_code=full.site_identification_code,
        former_sponsor_name=full.sponsor_organization.name if full.sponsor_organization else "",
        contact=full.contact_phone,
    )
    return _answer(
        show.theme,
        PageTemplate.CLOSED,
        template_context(frame, ClosedContent(notice)),
        status=status,
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the tenant's theme, or plain where no tenant is known."""
    return _refusal(
        request, PageTemplate.NOT_FOUND, title=pgettext("public", "Page not found"), status=404
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 in the tenant's theme: on a public host nobody is staff, so nothing of theirs is said."""
    return _refusal(
        request,
        PageTemplate.FORBIDDEN,
        title=pgettext("public", "Not open to the public"),
        status=403,
    )


def _refusal(
    request: HttpRequest, template: PageTemplate, *, title: str, status: int
) -> HttpResponse:
    tenant = getattr(request, "tenant", None)
    site = getattr(request, "_wagtail_site", None)
    if tenant is None or site is None:
        return HttpResponse(
            render_to_string("sites_tenancy/unknown_host.html", {"host": request.get_host()}),
            status=status,
        )
    show = PagePresenter(site.root_page, tenant)
    if status == 404:
        stone = tombstone_at(request.path_info)
        if stone is not None and not has_redirect(request, request.get_full_path()):
            return _withdrawn(show, stone)
    frame = replace(show.frame({}, LabelLevel.SITE, title=title, path=""), breadcrumbs=())
    return _answer(show.theme, template, template_context(frame), status=status)


def _withdrawn(show: PagePresenter, stone: Tombstone) -> HttpResponse:
    """410 with the notice of the withdrawn page: search engines drop the address, people learn why."""
    notice = withdrawn_notice(stone, show.url)
    title = notice.title or pgettext("public", "Content that was taken off")
    frame = show.frame({}, LabelLevel.SITE, title=title, path="")
    frame = replace(
        frame, breadcrumbs=(), labels=(*frame.labels, Label("robots", "noindex, nofollow"))
    )
    response = _answer(
        show.theme,
        PageTemplate.WITHDRAWN,
        template_context(frame, WithdrawnContent(notice)),
        status=410,
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a page that asks nothing of the database, which may be the reason."""
    tenant = getattr(request, "tenant", None)
    identity = Identity("", "", home_url="", language=tenant.language_tag if tenant else "zh-CN")
    return _answer(PORTAL, PageTemplate.SERVER_ERROR, {"identity": identity}, status=500)
