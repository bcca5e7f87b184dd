"""The administration's host: tenants live under ``/t/<code>/``, and every request proves membership again."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from sites.audit.origin import event_origin
from sites.tenancy import rules
from sites.tenancy.middleware import mount_below, refuse_open_scope, respond_in_scope
from sites.tenancy.models import Tenant
from sites.tenancy.scope import nobody_scope, tenant_scope

from .addresses import address_of
from .rights import note_home, rights_of
from .selectors import may_enter

TENANT_PATH = re.compile(r"^/t/(?P<code>[a-z0-9-]+)(?P<rest>/.*)?$")


def is_admin_host(request: HttpRequest) -> bool:
    """Whether the request came to the administration's host."""
    return rules.normalize_host(request.get_host()) == settings.ADMIN_HOST


class AdminHostMiddleware:
    """Opens the scope of the tenant that the address names, for its members and for nobody else.

    The code is part of every address, so two tabs cannot mix two tenants: it moves into the script
    name and ``reverse()`` carries it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_admin_host(request):
            return self.get_response(request)
        refuse_open_scope(request)
        match = TENANT_PATH.match(request.path_info)
        if match is None:
            request.urlconf = "cms_core.urls.platform"  # type: ignore[attr-defined]
            return respond_in_scope(self.get_response, request, nobody_scope(request.user))
        response = self._tenant(request, match["code"], match["rest"])
        # The preview panel frames pages of the same host.
        response["X-Frame-Options"] = "SAMEORIGIN"
        # A page shown in the preview panel keeps the public policy: it sets none of its own.
        response._csp_config = settings.TENANT_ADMIN_SECURITY_POLICY  # type: ignore[attr-defined]
        return response

    def _tenant(self, request: HttpRequest, code: str, rest: str | None) -> HttpResponseBase:
        request.urlconf = "cms_core.urls.tenant_admin"  # type: ignore[attr-defined]
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if rest is None:
            return HttpResponsePermanentRedirect(f"/t/{code}/")
        tenant = Tenant.objects.filter(code=code).select_related("site__root_page__locale").first()

        def enter(inner: HttpRequest) -> HttpResponseBase:
            if tenant is not None and tenant.site is not None:
                note_home(tenant.site.root_page)
            # A tenant that one does not belong to and one that does not exist look the same.
            if tenant is None or not may_enter(user=inner.user, tenant=tenant):
                return self._unknown(inner)
            inner.tenant = tenant  # type: ignore[attr-defined]
            inner._wagtail_site = tenant.site  # type: ignore[attr-defined]
            mount_below(inner, f"/t/{code}", rest)
            # What an operator does by break-glass carries the session's number in every event.
            visit = rights_of(inner.user).break_glass_id
            with event_origin(ip=address_of(inner), break_glass_id=visit):
                return self.get_response(inner)

        scope = nobody_scope(request.user) if tenant is None else tenant_scope(tenant, request.user)
        return respond_in_scope(enter, request, scope)

    def _unknown(self, request: HttpRequest) -> HttpResponseBase:
        text = render_to_string("sites_accounts/no_such_site.html")
        return HttpResponse(text, status=404)
