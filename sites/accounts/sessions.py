"""Staff sessions: recorded at sign-in, proved on every request, ended one by one or all at once."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from .addresses import address_of
from .enums import SessionEnd, SignInMethod
from .models import StaffSession, User
from .policy import SignInPolicy
from .sealing import plain_digest

#: The row is touched at most this often: a request writes nothing else by itself.
TOUCH_EVERY = timedelta(seconds=60)


def record_session(
    *, request: HttpRequest, user: Any, method: SignInMethod, is_platform: bool
) -> StaffSession:
    """Note the session that ``request`` was just signed in with."""
    return StaffSession.objects.create(
        user=user,
        key_digest=plain_digest(request.session.session_key or ""),
        method=method,
        is_platform=is_platform,
        address=address_of(request),
        user_agent=request.headers.get("User-Agent", "")[:200],
        last_seen_at=timezone.now(),
    )


def session_of(request: HttpRequest) -> StaffSession | None:
    """The recorded session of a request of a signed-in user, or ``None``."""
    key = request.session.session_key
    if not key:
        return None
    user: Any = request.user
    return StaffSession.objects.filter(key_digest=plain_digest(key), user=user).first()


def why_over(session: StaffSession, *, now: datetime, policy: SignInPolicy) -> SessionEnd | None:
    """Why a session may not go on, or ``None``."""
    if session.ended_at is not None:
        return SessionEnd(session.end_reason)
    if now - session.last_seen_at > policy.idle:
        return SessionEnd.IDLE
    if now - session.started_at > policy.longest_session:
        return SessionEnd.TOO_LONG
    return None


def touch(session: StaffSession, *, now: datetime) -> None:
    """Note that the session is in use."""
    if now - session.last_seen_at >= TOUCH_EVERY:
        StaffSession.objects.filter(pk=session.pk).update(last_seen_at=now)


def end_sessions(
    *, user: User, reason: SessionEnd, except_pk: int | None = None, only_pk: int | None = None
) -> int:
    """End the running sessions of ``user``: all, all but one, or one. Returns how many."""
    rows = StaffSession.objects.filter(user=user, ended_at__isnull=True)
    if except_pk is not None:
        rows = rows.exclude(pk=except_pk)
    if only_pk is not None:
        rows = rows.filter(pk=only_pk)
    return rows.update(ended_at=timezone.now(), end_reason=reason)
