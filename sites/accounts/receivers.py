"""What follows from a sign-in, a sign-out and a failure, whichever view caused it."""

import logging
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from sites.audit.services import record_platform_event
from sites.tenancy.scope import nobody_scope

from .enums import SessionEnd, SignInMethod
from .events import AccountEvent
from .second_factors import usable_factors
from .selectors import platform_role_of
from .sessions import end_sessions, record_session, session_of
from .sign_in import METHOD_ATTRIBUTE, note_failure

security_log = logging.getLogger("jiyue.security")


@receiver(user_logged_in)
def note_sign_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Record the session. One that is not recorded is signed out by the next request."""
    method = getattr(request, METHOD_ATTRIBUTE, None)
    with nobody_scope(user):
        if method is None and usable_factors(user).exists():
            security_log.warning("sign-in past the second factor refused: user=%s", user.pk)
            return
        session = record_session(
            request=request,
            user=user,
            method=method or SignInMethod.PASSWORD,
            is_platform=platform_role_of(user) is not None,
        )
        record_platform_event(
            kind=AccountEvent.SIGNED_IN,
            subject=session,
            actor=user,
            data={"method": session.method},
        )


@receiver(user_logged_out)
def note_sign_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if user is None:
        return
    with nobody_scope(user):
        session = session_of(request)
        if session is not None and session.ended_at is None:
            end_sessions(user=user, reason=SessionEnd.SIGNED_OUT, only_pk=session.pk)
            record_platform_event(kind=AccountEvent.SIGNED_OUT, subject=session, actor=user)


@receiver(user_login_failed)
def note_failed_sign_in(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    step = credentials.get("step", "password")
    security_log.warning("sign-in failed at step %s", step)
    note_failure(username=str(credentials.get("username", "")), step=step, locked=False)


@receiver(user_locked_out)
def note_lock(sender: Any, username: str, **kwargs: Any) -> None:
    security_log.warning("sign-in locked after too many failures")
    note_failure(username=username or "", step="password", locked=True)
