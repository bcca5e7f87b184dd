"""Pictures to readers: by their place, inside the tenant that the host names."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from wagtail import hooks

from sites.accounts.admin_host import is_admin_host

from .file_types import file_types
from .models import ImageRendition

#: Seconds: a picture that was exchanged keeps its address, so that it is asked for again within a day.
KEPT_SECONDS = 24 * 3600


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """A rendition of the open tenant. Originals and files to download are not served by their place.

    Hooks named ``before_serve_rendition`` (rendition, request) may answer instead, as Wagtail's
    ``before_serve_document`` do for files.
    """
    found = (
        ImageRendition.objects.filter(file=path)
        .select_related("image", "image__collection")
        .order_by("pk")
        .first()
    )
    if found is None:
        raise Http404
    if not is_admin_host(request) and not _is_open(found, request):
        raise Http404
    for hook in hooks.get_hooks("before_serve_rendition"):
        answer = hook(found, request)
        if answer is not None:
            return answer
    kind = file_types().get(path.rpartition(".")[2].lower())
    if kind is None or not kind.is_picture:
        raise Http404
    try:
        response = FileResponse(found.file.open("rb"), content_type=kind.content_type)
    except FileNotFoundError:
        raise Http404 from None
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    # No cache between us and the reader keeps it: a withdrawn picture stops answering at once.
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return response


def _is_open(rendition: Any, request: HttpRequest) -> bool:
    """Whether the picture's collection lets this reader in."""
    restrictions = rendition.image.collection.get_view_restrictions()
    return all(restriction.accept_request(request) for restriction in restrictions)
