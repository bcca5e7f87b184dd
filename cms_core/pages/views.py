"""Public views: pages in their theme, display modes, not found."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from sites.tenancy.models import Tenant
from themes import modes
from themes.contract import template_context
from themes.enums import LabelLevel, PageTemplate
from themes.manifest import PORTAL, mode_sources

from .models import ArticlePage, BasePage, HomePage, SectionPage
from .presentation import PagePresenter


def render_page(page: BasePage, *, page_number: int = 1) -> HttpResponse:
    """The page as a visitor gets it. Nothing of the request enters: the same bytes for everybody."""
    tenant = Tenant.objects.select_related("sponsor_organization", "operator_organization", "parent").prefetch_related("addresses").get(pk=page.tenant_id)
    show = PagePresenter(page, tenant)
    if isinstance(page, ArticlePage):
        parent = show.frame_pages.ancestors[-2] if len(show.frame_pages.ancestors) > 1 else None
        section = SectionPage.objects.filter(pk=parent.pk).first() if parent is not None else None
        frame = show.frame(show.article_labels(page, section), LabelLevel.ARTICLE)
        context = template_context(frame, show.article(page))
        template = PageTemplate.ARTICLE
    elif isinstance(page, SectionPage):
        if page.external_url:
            return HttpResponseRedirect(page.external_url)
        frame = show.frame(show.section_labels(page), LabelLevel.SECTION)
        context = template_context(frame, show.section(page, page_number))
        template = PageTemplate.SECTION
    elif isinstance(page, HomePage):
        frame = show.frame({}, LabelLevel.SITE)
        context = template_context(frame, show.home(page))
        template = PageTemplate.HOME
    else:
        raise TypeError(f"no public template for {type(page).__name__}")
    return HttpResponse(render_to_string(PORTAL.template(template), context))


@require_GET
def modes_stylesheet(request: HttpRequest) -> HttpResponse:
    """The style sheet of fixed address that carries the reader's display modes."""
    chosen = modes.parse_modes(request.COOKIES.get(modes.MODES_COOKIE, ""))
    response = HttpResponse(modes.modes_stylesheet(mode_sources(PORTAL), chosen), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie"
    return response


@require_GET
def switch_mode(request: HttpRequest) -> HttpResponse:
    """Switch one display mode and go back to the page; works without script."""
    current = modes.parse_modes(request.COOKIES.get(modes.MODES_COOKIE, ""))
    target = request.GET.get("next", "/")
    back = modes.return_path(target) if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/"
    response = HttpResponseRedirect(back)
    try:
        wanted = modes.toggle_mode(current, request.GET.get("toggle", ""))
    except modes.UnknownDisplayMode:
        return response
    value = modes.cookie_value(wanted)
    if value:
        # Readable by the page's own script, which spares the reload. It names a way of display, no person.
        response.set_cookie(modes.MODES_COOKIE, value, max_age=modes.MODES_COOKIE_MAX_AGE, samesite="Lax")
    else:
        response.delete_cookie(modes.MODES_COOKIE, samesite="Lax")
    return response


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the tenant's theme, or plain where no tenant is known."""
    tenant = getattr(request, "tenant", None)
    site = getattr(request, "_wagtail_site", None)
    if tenant is None or site is None:
        return HttpResponse(render_to_string("sites_tenancy/unknown_host.html", {"host": request.get_host()}), status=404)
    full = Tenant.objects.select_related("sponsor_organization", "operator_organization", "parent").prefetch_related("addresses").get(pk=tenant.pk)
    show = PagePresenter(site.root_page, full)
    frame = show.frame({}, LabelLevel.SITE)
    context = template_context(frame) | {"page_title": "没有找到这个页面", "document_title": f"没有找到这个页面 - {tenant.name}", "canonical_url": "", "path": ""}
    return HttpResponse(render_to_string(PORTAL.template(PageTemplate.NOT_FOUND), context), status=404)
