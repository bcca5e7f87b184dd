"""Files of fixed address: display modes with mourning and the bar, a site's colours, its logo.

Every page links them, so that a switch changes one file and no page. None needs a page, a session or
the administration.
"""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import get_conditional_response
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_safe
from wagtail.images import get_image_model

from themes import modes
from themes.manifest import mode_sources

from .enums import NoticeKind
from .rules import look_css
from .selectors import SiteLook, is_in_mourning, notices_in_force, site_look

#: The colours of a site: kept by the reader and by caches, and asked for anew by their tag.
LOOK_CACHE = "public, no-cache"
#: Mourning and the bar stand in it: kept by the reader, and asked for anew with every page.
MODES_CACHE = "private, no-cache"
_PICTURE_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}


def answer_unless_known(
    request: HttpRequest, body: bytes, *, content_type: str, cache_control: str
) -> HttpResponse:
    """``body`` with its tag, or 304 where the reader has it already."""
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    response = HttpResponse(body, content_type=content_type)
    known = get_conditional_response(request, etag=etag, response=response)
    answer = known if isinstance(known, HttpResponse) else response
    answer["ETag"] = etag
    answer["Cache-Control"] = cache_control
    return answer


def look_answer(request: HttpRequest, look: SiteLook, cache_control: str) -> HttpResponse:
    """The colours of ``look`` as a style sheet."""
    return answer_unless_known(
        request,
        look_css(dict(look.tokens)).encode(),
        content_type="text/css; charset=utf-8",
        cache_control=cache_control,
    )


def logo_answer(request: HttpRequest, look: SiteLook, cache_control: str) -> HttpResponse:
    """The bytes of the logo. :raises Http404: there is none."""
    if look.logo is None:
        raise Http404
    storage = get_image_model().get_rendition_model()._meta.get_field("file").storage
    try:
        with storage.open(look.logo.file_name) as file:
            body: bytes = file.read()
    except OSError as error:
        raise Http404 from error
    extension = look.logo.file_name.rpartition(".")[2].lower()
    if extension not in _PICTURE_TYPES:
        raise Http404
    return answer_unless_known(
        request, body, content_type=_PICTURE_TYPES[extension], cache_control=cache_control
    )


@require_safe
def look_stylesheet(request: HttpRequest) -> HttpResponse:
    """The site's own colours; empty where it has chosen none."""
    return look_answer(request, site_look(), LOOK_CACHE)


@require_safe
def site_logo(request: HttpRequest) -> HttpResponse:
    """The site's logo."""
    return logo_answer(request, site_look(), LOOK_CACHE)


@require_safe
def modes_stylesheet(request: HttpRequest) -> HttpResponse:
    """What the reader has switched on, and what is in force on the site."""
    response = modes_answer(request, site_look())
    response["Vary"] = "Cookie"
    return response


def modes_answer(request: HttpRequest, look: SiteLook) -> HttpResponse:
    """The style sheet of display modes, mourning and the bar, in the dress of ``look``."""
    bars = notices_in_force(kind=NoticeKind.EMERGENCY)
    sheet = modes.modes_stylesheet(
        mode_sources(look.theme),
        modes.parse_modes(request.COOKIES.get(modes.MODES_COOKIE, "")),
        mourning=is_in_mourning(),
        emergency=tuple(bar.headline for bar in bars),
    )
    return answer_unless_known(
        request,
        sheet.encode(),
        content_type="text/css; charset=utf-8",
        cache_control=MODES_CACHE,
    )


@require_GET
def switch_mode(request: HttpRequest) -> HttpResponse:
    """Switch one display mode and go back to the page; works without script."""
    current = modes.parse_modes(request.COOKIES.get(modes.MODES_COOKIE, ""))
    target = request.GET.get("next", "/")
    back = (
        modes.return_path(target)
        if url_has_allowed_host_and_scheme(target, allowed_hosts=None)
        else "/"
    )
    response = HttpResponseRedirect(back)
    try:
        wanted = modes.toggle_mode(current, request.GET.get("toggle", ""))
    except modes.UnknownDisplayMode:
        return response
    value = modes.cookie_value(wanted)
    if value:
        # Readable by the page's own script, which spares the reload. It names a way of display, no person.
        response.set_cookie(
            modes.MODES_COOKIE, value, max_age=modes.MODES_COOKIE_MAX_AGE, samesite="Lax"
        )
    else:
        response.delete_cookie(modes.MODES_COOKIE, samesite="Lax")
    return response
