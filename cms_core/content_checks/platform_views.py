"""The platform's lists of terms: kept by operators, read by the other platform roles."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sites.accounts.views.platform import READERS, is_operator, platform_page

from . import term_screens


@platform_page(*READERS)
def term_list(request: HttpRequest) -> HttpResponseBase:
    """Terms of every list, editions, and for operators the forms."""
    may_act = is_operator(request)
    forms = {}
    if request.method == "POST":
        if not may_act:
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
        context | {"is_keeper": may_act},
    )


@platform_page(*READERS)
def export(request: HttpRequest) -> HttpResponseBase:
    """The platform's lists and what the program brings, as CSV."""
    return term_screens.exported(platform=True)
