"""Old addresses, answered and counted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

from .uses import count_use

_ASKING = ("GET", "HEAD")


class CountedRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects; a visit to one of them is noted, so that one sees when they fall quiet."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """As Wagtail's. Only a request that is led on costs queries more."""
        answer = super().process_response(request, response)
        if answer is not response and request.method in _ASKING:
            path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
            redirect = get_redirect(request, path) or get_redirect(request, path.split("?", 1)[0])
            if redirect is not None:
                count_use(redirect_id=redirect.pk)
        return answer
