"""Old addresses, answered and counted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponsePermanentRedirect, HttpResponseRedirect
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect

from .uses import count_use

_ASKING = ("GET", "HEAD")


class CountedRedirectMiddleware(RedirectMiddleware):
    """Wagtail's redirects; a visit to one of them is noted, so that one sees when they fall quiet.

    Old addresses begin at the root of a host. Below the prefix of a channel they count from there.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """As Wagtail's. Only a request that is led on costs queries more."""
        if response.status_code != HTTPStatus.NOT_FOUND:
            return response
        redirect = _redirect_of(request)
        link = redirect.link if redirect is not None else None
        if redirect is None or link is None or _leads_to_a_draft(redirect):
            return response
        if request.method in _ASKING:
            count_use(redirect_id=redirect.pk)
        return (
            HttpResponsePermanentRedirect(link)
            if redirect.is_permanent
            else HttpResponseRedirect(link)
        )


def _leads_to_a_draft(redirect: Redirect) -> bool:
    """Whether its page was never public here: to lead on for good to nothing would be no answer.

    A page that was withdrawn says so at its address, so its old ones lead there.
    """
    page = redirect.redirect_page
    return page is not None and not page.live and page.first_published_at is None


def _redirect_of(request: HttpRequest) -> Redirect | None:
    full = request.get_full_path()
    prefix = request.META.get("SCRIPT_NAME", "")
    places = [full, full.removeprefix(prefix)] if prefix else [full]
    for place in places:
        path = Redirect.normalise_path(place, decode_unicode=False)
        for name in dict.fromkeys((path, path.split("?", 1)[0])):
            redirect: Redirect | None = get_redirect(request, name)
            if redirect is not None:
                return redirect
    return None
