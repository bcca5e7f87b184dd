"""The preview of a site's look: the whole site, drawn as a version of its look would show it.

Inside the administration, for those who change the look. Every address that the pages print leads
back into the preview, so that one can walk through the site; the home page is its newest draft, since
its blocks are a part of what will be seen.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms_core.appearance import views as fixed_files
from cms_core.appearance.models import LookVersion
from cms_core.appearance.permissions import may_change_look
from cms_core.appearance.selectors import look_of, look_versions
from sites.tenancy.enums import AddressKind
from sites.tenancy.scope import require_scope
from sites.tenancy.selectors import ResolvedAddress, note_visit, primary_address

from . import selectors
from .list_selectors import newest_below
from .models import ArticlePage, HomePage
from .models.base import LIST_PAGE
from .views import render_page

#: A draft changes between two looks at it.
NEVER_KEPT = "private, no-store"


def _version(request: HttpRequest, pk: int) -> LookVersion:
    """:raises PermissionDenied: the user does not change the look. :raises Http404: not this site's."""
    if not may_change_look(request.user):
        raise PermissionDenied
    version: LookVersion = get_object_or_404(look_versions(), pk=pk)
    return version


class LookPreviewView(WagtailAdminTemplateMixin, TemplateView):
    """The frame around the preview: which page, how wide, and the way to put it live."""

    template_name = "cms_core_pages/look_preview.html"
    page_title = _("Preview of the look")
    header_icon = "view"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("site_look:index"), "label": _("Look of the site")},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        version = _version(self.request, self.kwargs["pk"])
        home = self.request.tenant.site.root_page  # type: ignore[attr-defined]
        newest = list(selectors.listed_by_id(newest_below(home, 1)).values())
        places = [(_("Home page"), "")]
        if newest:
            section_path = newest[0].url_path.rstrip("/").rpartition("/")[0] + "/"
            if section_path != home.url_path:
                places.append((_("A section"), section_path.removeprefix(home.url_path)))
            places.append((_("An article"), newest[0].url_path.removeprefix(home.url_path)))
        wanted = self.request.GET.get("page", "")
        shown = wanted if wanted in {path for _label, path in places} else ""
        return super().get_context_data(
            version=version,
            places=places,
            shown=shown,
            address=reverse("look_preview_home", args=[version.pk]) + shown,
            is_phone=self.request.GET.get("width") == "phone",
            **kwargs,
        )


@require_safe
def preview_page(request: HttpRequest, pk: int, path: str = "") -> HttpResponseBase:
    """One page of the site, or one of its files of fixed address, in the look of a version."""
    look = look_of(_version(request, pk))
    if path == "look.css":
        return fixed_files.look_answer(request, look, NEVER_KEPT)
    if path == "site-logo":
        return fixed_files.logo_answer(request, look, NEVER_KEPT)
    if path == "modes.css":
        return fixed_files.modes_answer(request, look)
    if path == "modes/":
        return fixed_files.switch_mode(request)
    tenant: Any = request.tenant  # type: ignore[attr-defined]
    _lead_back(request, tenant, reverse("look_preview_home", args=[pk]).rstrip("/"))
    home: HomePage = tenant.site.root_page.specific
    listed = LIST_PAGE.search(path)
    page = selectors.page_by_path(home, path[: listed.start()] if listed else path)
    if page is None:
        raise Http404
    if isinstance(page, HomePage):
        page = page.get_latest_revision_as_object()
    number = int(listed["number"]) if listed and not isinstance(page, ArticlePage) else 1
    answer = render_page(page, page_number=number, look=look)
    if isinstance(answer, HttpResponseRedirect):
        return HttpResponse(status=204)  # a section that leads elsewhere: the preview stays
    answer["Cache-Control"] = NEVER_KEPT
    return answer


def _lead_back(request: HttpRequest, tenant: Any, prefix: str) -> None:
    """Let every address of the pages lie below the preview's own."""
    primary = primary_address(tenant.pk)
    host = primary.host if primary is not None else ""
    note_visit(
        require_scope(), ResolvedAddress(tenant, AddressKind.REDIRECT, host, prefix, request.path)
    )
