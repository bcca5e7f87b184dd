"""Refusals on the screens of a site: where the address names a page, a link to who may and why not."""

import re
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

#: Addresses below a site's administration that name one thing; the group is its key.
_NAMED = (
    (re.compile(r"^/pages/(?:[a-z_]+/)*(?P<key>[0-9]{1,18})/"), "explainer:page"),
    (re.compile(r"^/images/(?P<key>[0-9]{1,18})/"), "explainer:picture"),
    (re.compile(r"^/documents/(?:edit|delete)/(?P<key>[0-9]{1,18})/"), "explainer:file"),
)
#: Named outright: around the view, no address is resolved yet or any more.
_URLS = "cms_core.urls.tenant_admin"


def explanation_of(path: str) -> str:
    """Address of the explanation for what ``path`` (below the site) names; ``""`` where it names nothing."""
    for pattern, name in _NAMED:
        found = pattern.match(path)
        if found is not None:
            return reverse(name, args=[int(found["key"])], urlconf=_URLS)
    return ""


class RefusalExplainedMiddleware:
    """Stands inside the scope of the site.

    Wagtail answers a refused page with a message on the opening screen; other refusals end in
    ``403.html``, which prints ``request.explanation``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if getattr(request, "tenant", None) is None or not request.user.is_authenticated:
            return self.get_response(request)
        request.explanation = explanation_of(request.path_info)  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if request.explanation and _is_wagtails_refusal(request, answer):  # type: ignore[attr-defined]
            button = messages.button(
                request.explanation,  # type: ignore[attr-defined]
                _("Who may do what here"),
            )
            messages.info(request, _("See who may do this, and why you may not."), buttons=[button])
        return answer


def _is_wagtails_refusal(request: HttpRequest, answer: HttpResponseBase) -> bool:
    """Whether the view redirected to the opening screen with a message of refusal in this request."""
    if answer.status_code != 302 or answer.headers.get("Location") != reverse(
        "wagtailadmin_home", urlconf=_URLS
    ):
        return False
    queued = getattr(request, "_messages", None)
    return any("error" in message.tags for message in getattr(queued, "_queued_messages", ()))
