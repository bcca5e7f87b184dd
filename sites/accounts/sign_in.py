"""Signing in: name and password, then the second factor; each step counted, each end recorded.

Between the two steps the browser holds a session that belongs to nobody: it names the account whose
password was right, and for how many minutes the second step may take.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, login
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from sites.audit.services import record_platform_event
from sites.tenancy.scope import nobody_scope, system_scope

from .addresses import address_of, platform_may_work_from
from .certificates import proves
from .enums import SessionEnd, SignInMethod
from .events import AccountEvent
from .models import User
from .policy import sign_in_policy
from .second_factors import (
    SecondFactorRefused,
    prove_key,
    prove_totp,
    usable_factors,
    use_recovery_code,
)
from .selectors import platform_role_of
from .sessions import end_sessions, session_of

#: Session key of the sign-in that waits for its second step.
WAITING = "sign_in_waiting"
#: Attribute of the request that tells the receiver of ``user_logged_in`` how the person signed in.
METHOD_ATTRIBUTE = "_sign_in_method"
BACKEND = "sites.accounts.backends.TenantRightsBackend"


class FirstStep(StrEnum):
    """What the first step led to."""

    DONE = "done"
    SECOND_FACTOR = "second_factor"
    WRONG = "wrong"
    LOCKED = "locked"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A right password that waits for its second factor."""

    user_id: int
    at: datetime


def check_password_step(*, request: HttpRequest, username: str, password: str) -> FirstStep:
    """The first step. On :attr:`FirstStep.DONE` the request is signed in.

    A wrong name and a wrong password look the same.
    """
    credentials = {"username": username}
    if is_locked(request, credentials):
        return FirstStep.LOCKED
    user = authenticate(request, username=username, password=password)
    if user is None:
        return FirstStep.LOCKED if is_locked(request, credentials) else FirstStep.WRONG
    if not _may_come_from_here(request, user):
        record_failure(request, user.username, code="address")
        return FirstStep.ADDRESS
    with nobody_scope(user):
        if proves(request, user):
            return _complete(request, user, SignInMethod.PASSWORD_CERTIFICATE)
        has_factor = usable_factors(user).exists()
        has_certificate = user.certificates.filter(revoked_at__isnull=True).exists()
    if has_factor or (has_certificate and settings.SECOND_FACTOR_REQUIRED):
        request.session.cycle_key()
        request.session[WAITING] = {"user_id": user.pk, "at": timezone.now().isoformat()}
        return FirstStep.SECOND_FACTOR
    # Where a second factor is demanded, the middleware lets this session enrol one and nothing else.
    return _complete(request, user, SignInMethod.PASSWORD)


def is_locked(request: HttpRequest, credentials: dict[str, Any]) -> bool:
    """Whether this name is locked from this address."""
    return not AxesProxyHandler.is_allowed(request, credentials)


def _may_come_from_here(request: HttpRequest, user: Any) -> bool:
    if platform_role_of(user) is None:
        return True
    with system_scope("the address ranges of the platform's staff"):
        return platform_may_work_from(address_of(request))


def waiting_user(request: HttpRequest) -> User | None:
    """Whose second factor is waited for, or ``None`` when nobody's, or for too long."""
    stored = request.session.get(WAITING)
    if not stored:
        return None
    at = datetime.fromisoformat(stored["at"])
    if timezone.now() - at > timedelta(minutes=sign_in_policy().session_second_factor_minutes):
        del request.session[WAITING]
        return None
    with system_scope("the account whose password was right a moment ago"):
        return User.objects.filter(pk=stored["user_id"], is_active=True).first()


def check_code_step(*, request: HttpRequest, user: User, code: str) -> bool:
    """The second step by a code of an authenticator app, or a recovery code."""
    with nobody_scope(user):
        try:
            prove_totp(user=user, code=code)
            method = SignInMethod.PASSWORD_TOTP
        except SecondFactorRefused:
            try:
                use_recovery_code(user=user, code=code)
                method = SignInMethod.PASSWORD_RECOVERY
            except SecondFactorRefused:
                record_failure(request, user.username, code="second_factor")
                return False
        _complete(request, user, method)
    return True


def check_key_step(*, request: HttpRequest, user: User, state: Any, response: str) -> bool:
    """The second step by a security key."""
    with nobody_scope(user):
        try:
            prove_key(user=user, state=state, response=response)
        except SecondFactorRefused:
            record_failure(request, user.username, code="second_factor")
            return False
        _complete(request, user, SignInMethod.PASSWORD_WEBAUTHN)
    return True


def _complete(request: HttpRequest, user: Any, method: SignInMethod) -> FirstStep:
    request.session.pop(WAITING, None)
    setattr(request, METHOD_ATTRIBUTE, method)
    with nobody_scope(user):
        former = session_of(request) if request.user.is_authenticated else None
        if former is not None:
            end_sessions(user=user, reason=SessionEnd.SIGNED_OUT, only_pk=former.pk)
        # A new key: one that was planted before the sign-in is worth nothing, and Django keeps the
        # old one where the same person signs in again.
        request.session.cycle_key()
        login(request, user, backend=BACKEND)
    return FirstStep.DONE


def record_failure(request: HttpRequest, username: str, *, code: str) -> None:
    """Count a failure of a later step like a wrong password: the same lock falls."""
    user_login_failed.send(
        sender=__name__, credentials={"username": username, "step": code}, request=request
    )


def note_failure(*, username: str, step: str, locked: bool) -> None:
    """Record a failed sign-in of an existing account; names that do not exist are the lock's business."""
    with system_scope("the account of a failed sign-in"):
        user = User.objects.filter(username=username).first()
    if user is not None:
        kind = AccountEvent.LOCKED_OUT if locked else AccountEvent.SIGN_IN_FAILED
        record_platform_event(kind=kind, subject=user, actor=None, data={"step": step})
