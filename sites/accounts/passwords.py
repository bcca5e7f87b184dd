"""Passwords: what may be one, and what happens when it changes."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sites.audit.services import record_platform_event

from .enums import SessionEnd
from .events import AccountEvent
from .models import FormerPassword, User
from .policy import sign_in_policy
from .rules import kinds_of_characters
from .sessions import end_sessions


class PolicyLengthValidator:
    """Length by the sign-in policy."""

    def validate(self, password: str, user: Any = None) -> None:
        wanted = sign_in_policy().password_min_length
        if len(password) < wanted:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        wanted = sign_in_policy().password_min_length
        return ngettext(
            "The password has at least %(number)d character.",
            "The password has at least %(number)d characters.",
            wanted,
        ) % {"number": wanted}


class PolicyKindsValidator:
    """Kinds of characters by the sign-in policy."""

    def validate(self, password: str, user: Any = None) -> None:
        if kinds_of_characters(password) < sign_in_policy().password_min_kinds:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _(
            "The password mixes at least %(number)d of these: small letters, capital letters, "
            "digits, other characters."
        ) % {"number": sign_in_policy().password_min_kinds}


class PolicyHistoryValidator:
    """No password that was used lately. Runs in a scope of the user."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        former = FormerPassword.objects.filter(user=user).values_list("encoded", flat=True)
        known = [user.password, *former[: sign_in_policy().password_history]]
        if any(check_password(password, encoded) for encoded in known):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return _("The password is none of the last %(number)d.") % {
            "number": sign_in_policy().password_history
        }


@transaction.atomic
def change_password(
    *, actor: Any, user: User, password: str, keep_session_pk: int | None = None
) -> None:
    """Set a new password and end the user's other sessions. Runs in a scope of the user.

    :raises ValidationError: too short, too plain, too common, used before.
    """
    validate_password(password, user)
    if user.has_usable_password():
        FormerPassword.objects.create(user=user, encoded=user.password)
    user.set_password(password)
    user.password_changed_at = timezone.now()
    user.must_change_password = False
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    end_sessions(user=user, reason=SessionEnd.PASSWORD_CHANGED, except_pk=keep_session_pk)
    record_platform_event(kind=AccountEvent.PASSWORD_CHANGED, subject=user, actor=actor)


def must_change_password(user: Any) -> bool:
    """Whether the password was set by somebody else, or is older than the policy allows."""
    if user.must_change_password:
        return True
    oldest = timezone.now() - timedelta(days=sign_in_policy().password_max_age_days)
    return user.password_changed_at is not None and user.password_changed_at < oldest
