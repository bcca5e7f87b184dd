"""The how-tos, inside a site's administration and outside any site."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from . import topics

#: Longer words are not looked for.
_MOST_CHARACTERS = 80


def _frame(request: HttpRequest) -> str:
    """The page around a how-to: the site's administration, the platform's pages, or the door."""
    if getattr(request, "tenant", None) is not None:
        return "cms_core_help/in_site.html"
    if request.user.is_authenticated:
        return "cms_core_help/in_platform.html"
    return "cms_core_help/at_door.html"


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponseBase:
    return TemplateResponse(request, template, {**context, "frame": _frame(request)})


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """All how-tos, or those that hold the words one looks for."""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:_MOST_CHARACTERS]
    language = topics.language_of("")
    listed = [
        (group.title, [topics.how_to(topic, language) for topic in group.topics])
        for group in topics.groups()
    ]
    return _page(
        request,
        "cms_core_help/index.html",
        {
            "page_title": _("Help"),
            "groups": listed,
            "words": words,
            "results": list(topics.found(words, language)) if words else [],
        },
    )


@require_safe
def topic(request: HttpRequest, name: str) -> HttpResponseBase:
    """One how-to, in the reader's language or, by ``?language=``, in the other."""
    language = topics.language_of(request.GET.get("language", ""))
    shown = topics.how_to(name, language)
    if shown is None:
        raise Http404("there is no such how-to")
    other = next(code for code in topics.LANGUAGES if code != language)
    return _page(
        request,
        "cms_core_help/topic.html",
        {
            "page_title": shown.title,
            "how_to": shown,
            "other": other,
            "other_name": topics.LANGUAGES[other],
        },
    )
