"""The way into the practice site: what it is, when it is reset, and a button."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from sites.accounts.practice import join_practice, works_in_a_site
from sites.accounts.views.own_account import staff_page
from sites.tenancy.selectors import practice_site

from .rules import next_due


@staff_page
def enter(request: HttpRequest) -> HttpResponseBase:
    """Says what the site is for; the button gives the roles of a guest and leads inside."""
    tenant = practice_site()
    if tenant is None:
        raise Http404("there is no practice site")
    user: Any = request.user
    role = request.platform_role  # type: ignore[attr-defined]
    may_come_in = role is None and works_in_a_site(user)
    if request.method == "POST":
        if not may_come_in:
            raise PermissionDenied
        join_practice(user=user, tenant=tenant)
        return HttpResponseRedirect(f"/t/{tenant.code}/")
    return render(
        request,
        "cms_core_practice/enter.html",
        {
            "tenant": tenant,
            "may_come_in": may_come_in,
            "reset_at": next_due(timezone.localtime()),
        },
    )
