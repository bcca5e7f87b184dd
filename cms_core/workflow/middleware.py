"""A refusal of a review becomes a message on the screen the person came from; what they wrote is saved."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from .exceptions import ReviewRefused


class ReviewRefusalMiddleware:
    """Wagtail's screens and interfaces know nothing of reviews: their views let the refusal pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Words in a message, and back to the text; for scripts the words alone."""
        if not isinstance(exception, ReviewRefused):
            return None
        if _wants_json(request):
            return JsonResponse({"success": False, "error_message": str(exception)}, status=409)
        buttons = [messages.button(address, label) for label, address in exception.links]
        messages.error(request, str(exception), buttons=buttons)
        return HttpResponseRedirect(_back(request, exception.obj))


def _wants_json(request: HttpRequest) -> bool:
    return (
        request.headers.get("X-Requested-With") == "XMLHttpRequest"
        or "application/json" in request.headers.get("Accept", "")
        or "/api/" in request.path
    )


def _back(request: HttpRequest, obj: Any) -> str:
    found = AdminURLFinder(request.user).get_edit_url(obj) if obj is not None else None
    return str(found or reverse("wagtailadmin_home"))
