"""Proof of the staff session on every request to the administration's host."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from sites.audit.origin import event_origin
from sites.tenancy.scope import nobody_scope, system_scope

from .addresses import address_of, platform_may_work_from
from .admin_host import is_admin_host
from .enums import SessionEnd, SignInMethod
from .models import StaffSession
from .passwords import must_change_password
from .policy import sign_in_policy
from .sessions import end_sessions, session_of, touch, why_over

#: Where a person who owes something may go all the same.
SIGN_OUT_PATH = "/sign-out/"
PASSWORD_PATH = "/account/password/"  # noqa: S105 - an address
SECOND_FACTOR_PATH = "/account/second-factor/"


class StaffSessionMiddleware:
    """Signs out sessions that were ended, left idle or too long; sends people to what they owe.

    Stands after Django's authentication. On every other host nobody is signed in as staff, whatever
    cookie a browser sends.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_admin_host(request):
            # A preview asks as the editor who previews.
            if not getattr(request, "is_dummy", False):
                request.user = AnonymousUser()
            return self.get_response(request)
        with event_origin(ip=address_of(request)):
            if request.user.is_authenticated and not getattr(request, "is_dummy", False):
                answer = self._prove(request)
                if answer is not None:
                    return answer
            return self.get_response(request)

    def _prove(self, request: HttpRequest) -> HttpResponseBase | None:
        now = timezone.now()
        with nobody_scope(request.user):
            session = session_of(request)
            over = (
                SessionEnd.ENDED_ELSEWHERE
                if session is None
                else why_over(session, now=now, policy=sign_in_policy())
            )
            if session is None or over is not None:
                return self._sign_out(request, session, over or SessionEnd.ENDED_ELSEWHERE)
            if session.is_platform and not _address_is_allowed(request):
                return self._sign_out(request, session, SessionEnd.ADDRESS)
            touch(session, now=now)
        request.staff_session = session  # type: ignore[attr-defined]
        return self._owed(request, session)

    def _sign_out(
        self, request: HttpRequest, session: StaffSession | None, reason: SessionEnd
    ) -> HttpResponseBase:
        if session is not None:
            end_sessions(user=session.user, reason=reason, only_pk=session.pk)
        logout(request)
        query = urlencode({"ended": reason.value, "next": request.get_full_path()})
        return _away(request, f"{settings.LOGIN_URL}?{query}")

    def _owed(self, request: HttpRequest, session: StaffSession) -> HttpResponseBase | None:
        """Where the person must go first: a password that is due, a second factor that is missing."""
        path = request.path_info
        if path == SIGN_OUT_PATH:
            return None
        if must_change_password(request.user):
            return None if path == PASSWORD_PATH else _away(request, PASSWORD_PATH)
        if settings.SECOND_FACTOR_REQUIRED and session.method == SignInMethod.PASSWORD:
            is_there = path.startswith(SECOND_FACTOR_PATH)
            return None if is_there else _away(request, SECOND_FACTOR_PATH)
        return None


def _address_is_allowed(request: HttpRequest) -> bool:
    with system_scope("the address ranges of the platform's staff"):
        return platform_may_work_from(address_of(request))


def _away(request: HttpRequest, address: str) -> HttpResponseBase:
    """A redirect for pages; for requests by scripts an answer that they do not follow blindly."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(status=401, headers={"X-Sign-In": settings.LOGIN_URL})
    return HttpResponseRedirect(address)
