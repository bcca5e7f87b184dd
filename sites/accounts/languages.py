"""The language of the administration: Chinese unless a member of staff chose another.

The choice stands in Wagtail's profile of the account, which Wagtail's own screens read, and in a cookie
for the pages before anybody is signed in.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from wagtail.users.models import UserProfile

from sites.tenancy.scope import nobody_scope

from .admin_host import is_admin_host

COOKIE = "jiyue_language"
#: A year: people keep their language longer than their browser session.
COOKIE_SECONDS = 365 * 24 * 3600


def permitted_languages() -> dict[str, str]:
    """Language code → its own name."""
    return dict(settings.WAGTAILADMIN_PERMITTED_LANGUAGES)


def chosen_language(request: HttpRequest) -> str:
    """The language of ``request``: the account's, else the browser's choice, else Chinese.

    Inside a site Wagtail asks the account itself, so here only the browser is asked. At most one query.
    """
    chosen = ""
    user: Any = request.user
    if user.is_authenticated and not request.path_info.startswith("/t/"):
        with nobody_scope(user):
            chosen = (
                UserProfile.objects.filter(user_id=user.pk)
                .values_list("preferred_language", flat=True)
                .first()
                or ""
            )
    chosen = chosen or request.COOKIES.get(COOKIE, "")
    return chosen if chosen in permitted_languages() else settings.LANGUAGE_CODE


def choose_language(*, user: Any, language: str) -> None:
    """Keep ``language`` for an account.

    :raises ValueError: the administration does not speak it.
    """
    if language not in permitted_languages():
        raise ValueError(f"the administration does not speak {language!r}")
    with nobody_scope(user):
        UserProfile.objects.update_or_create(
            user_id=user.pk, defaults={"preferred_language": language}
        )


class StaffLanguageMiddleware:
    """Speaks the chosen language on the administration's host, and nothing but Chinese elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_admin_host(request):
            return self.get_response(request)
        language = chosen_language(request)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
