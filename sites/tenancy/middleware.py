"""From host and path to a tenant's scope, for public hosts.

Exact match or 404: no default tenant exists. The administration's host is handled by
``sites.accounts.admin_host``, which knows memberships.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponsePermanentRedirect,
)
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import set_script_prefix
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from . import rules
from .enums import NOTICE_STATUSES, SERVED_STATUSES, AddressKind, TenantStatus
from .exceptions import CrossTenantWrite, TenantScopeMissing, UnknownHost
from .languages import speaking_for
from .models import Address
from .scope import Scope, current_scope, in_scope_of, require_scope, system_scope, tenant_scope
from .selectors import ResolvedAddress, note_visit, public_address, resolve_address

security_log = logging.getLogger("jiyue.security")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def respond_in_scope(
    get_response: GetResponse, request: HttpRequest, scope_block: Any
) -> HttpResponseBase:
    """Answer ``request`` inside ``scope_block``; a streaming body is drawn inside the same scope."""
    with scope_block as scope:
        response = get_response(request)
    if getattr(response, "streaming", False):
        response.streaming_content = _stream_in_scope(scope, response)  # type: ignore[attr-defined]
    return response


def _stream_in_scope(scope: Scope, response: Any) -> Any:
    if not response.is_async:
        return in_scope_of(scope, response.streaming_content)
    return _async_in_scope(scope, response.streaming_content)


async def _async_in_scope(scope: Scope, chunks: Any) -> Any:
    import asyncio
    from contextvars import copy_context

    from .scope import enter_scope

    context = copy_context()
    context.run(enter_scope, scope)
    iterator = aiter(chunks)
    while True:
        try:
            yield await asyncio.create_task(anext(iterator), context=context)
        except StopAsyncIteration:
            return


def mount_below(request: HttpRequest, prefix: str, path: str) -> None:
    """Move ``prefix`` from the path into the script name, so that ``reverse()`` carries it."""
    request.path_info = path
    request.META["PATH_INFO"] = path
    request.META["SCRIPT_NAME"] = prefix
    set_script_prefix(f"{prefix}/")


def refuse_open_scope(request: HttpRequest) -> None:
    """A scope left open by an earlier request on this thread would answer with that tenant's rows.

    Wagtail's previews run the middleware again inside a request: they alone may find one.
    """
    if current_scope() is not None and not getattr(request, "is_dummy", False):
        raise RuntimeError("a tenant scope was left open before this request")


class TenantMiddleware:
    """Opens the scope of the tenant that the host (and channel prefix) names, and speaks its language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        host = rules.normalize_host(request.get_host())
        if host == settings.ADMIN_HOST:
            return self.get_response(request)
        refuse_open_scope(request)
        path = request.path_info
        try:
            resolved = resolve_address(host, path)
        except UnknownHost:
            return HttpResponse(
                render_to_string("sites_tenancy/unknown_host.html", {"host": host}), status=404
            )
        tenant = resolved.tenant
        if resolved.kind in (AddressKind.REDIRECT, AddressKind.OLD_FOLDER):
            return self._redirect(request, resolved)
        if resolved.prefix and path == resolved.prefix:
            return HttpResponsePermanentRedirect(_with_query(f"{resolved.prefix}/", request))
        is_preview = getattr(request, "is_dummy", False)
        if tenant.status in NOTICE_STATUSES and not is_preview:
            return self._notice(request, resolved)
        if tenant.status not in SERVED_STATUSES and not is_preview:
            return HttpResponse(
                render_to_string("sites_tenancy/unknown_host.html", {"host": host}), status=404
            )
        return self._serve(request, resolved)

    def _serve(self, request: HttpRequest, resolved: ResolvedAddress) -> HttpResponseBase:
        tenant = resolved.tenant
        open_scope = current_scope()  # only in a preview
        if open_scope is not None and open_scope.tenant_id != tenant.pk:
            raise TenantScopeMissing("a preview left the tenant that it was asked from")
        request.tenant = tenant  # type: ignore[attr-defined]
        request._wagtail_site = tenant.site  # type: ignore[attr-defined]
        mount_below(request, resolved.prefix, resolved.path)
        scope = tenant_scope(tenant, open_scope.user_id if open_scope else None)

        def respond(inner: HttpRequest) -> HttpResponseBase:
            note_visit(require_scope(), resolved)
            return self.get_response(inner)

        with speaking_for(tenant):
            response = respond_in_scope(respond, request, scope)
        if tenant.is_practice:  # files and pictures too, which carry no labels of pages
            response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    def _redirect(self, request: HttpRequest, resolved: ResolvedAddress) -> HttpResponseBase:
        """To the same page below the site's address.

        Behind the folder of an old site the whole path is kept: the site's own old addresses carry it.
        """
        address = public_address(resolved.tenant.pk)
        if address is None:
            return HttpResponse(
                render_to_string("sites_tenancy/unknown_host.html", {"host": resolved.host}),
                status=404,
            )
        with system_scope("count a visit to a former address"):
            Address.objects.filter(
                host=resolved.host, prefix=resolved.prefix, kind=resolved.kind
            ).update(hits=F("hits") + 1)
        is_folder = resolved.kind == AddressKind.OLD_FOLDER
        path = f"{resolved.prefix}{resolved.path}" if is_folder else resolved.path
        target = f"{address.root_url}{address.prefix}{path}"
        return HttpResponsePermanentRedirect(_with_query(target, request))

    def _notice(self, request: HttpRequest, resolved: ResolvedAddress) -> HttpResponseBase:
        """The notice of a suspended or closed site, in its own look."""
        tenant = resolved.tenant
        if tenant.successor_id and rules.notice_is_over(tenant.closed_on, timezone.localdate()):
            successor = public_address(tenant.successor_id)
            if successor is not None:
                return HttpResponsePermanentRedirect(successor.home_url)
        view = import_string(settings.TENANT_NOTICE_VIEW)
        # 410: search engines drop a closed site; 503: they keep a suspended one.
        status = 410 if tenant.status == TenantStatus.CLOSED else 503
        with speaking_for(tenant):
            return respond_in_scope(
                lambda inner: view(inner, tenant=tenant, status=status),
                request,
                tenant_scope(tenant),
            )

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A cross-tenant write is 403 and a line in the security log."""
        if not isinstance(exception, CrossTenantWrite):
            return None
        scope = current_scope()
        security_log.warning(
            "cross-tenant write refused: tenant=%s user=%s path=%s: %s",
            scope.tenant_id if scope else None,
            scope.user_id if scope else None,
            request.path,
            exception,
        )
        return HttpResponseForbidden(
            render_to_string(
                "sites_tenancy/refused.html",
                {
                    "message": _(
                        "This change refers to something that does not belong to this site."
                    )
                },
            )
        )


def _with_query(url: str, request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{url}?{query}" if query else url
