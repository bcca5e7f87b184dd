"""What all files have in common on their way in and out: a refusal with its reason, parts of a video."""

from collections.abc import Callable

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from .exceptions import FileRefused
from .ranges import with_parts


class RefusedFileMiddleware:
    """Forms refuse with words of their own. Code that stores a file without one ends here.

    One such way is Wagtail's multiple upload, which keeps a file aside while its title is asked for.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, FileRefused):
            return None
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            return JsonResponse({"success": False, "error_message": exception.words}, status=400)
        return HttpResponse(exception.words, status=400, content_type="text/plain; charset=utf-8")


class FilePartsMiddleware:
    """Answers with a part of a file where a player asks for one; inside the scope that found the file."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return with_parts(request, response) if isinstance(response, FileResponse) else response
