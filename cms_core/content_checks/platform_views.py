"""The platform's lists of terms: kept by operators, read by the other platform roles."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sites.accounts.enums import PlatformRoleCode
from sites.accounts.views.platform import platform_page

from . import term_screens

OPERATOR = PlatformRoleCode.OPERATOR
_READERS = (OPERATOR, PlatformRoleCode.SECURITY_ADMINISTRATOR, PlatformRoleCode.AUDITOR)


@platform_page(*_READERS)
def term_list(request: HttpRequest) -> HttpResponseBase:
    """Terms of every list, editions, and for operators the forms."""
    is_operator = request.platform_role == OPERATOR  # type: ignore[attr-defined]
    forms = {}
    if request.method == "POST":
        if not is_operator:
            raise PermissionDenied(_("Operators keep the lists; you read."))
        response, forms = term_screens.changed(
            request, platform=True, to=reverse("platform_terms:list")
        )
        if response is not None:
            return response
    context = term_screens.terms_context(request, platform=True) | forms
    return render(
        request,
        "cms_core_content_checks/platform_terms.html",
        context | {"is_keeper": is_operator},
    )


@platform_page(*_READERS)
def export(request: HttpRequest) -> HttpResponseBase:
    """The platform's lists and what the program brings, as CSV."""
    return term_screens.exported(platform=True)
