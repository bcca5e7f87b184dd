"""The limits of staff sign-in, read from reviewed data (``sign_in_policy.toml``)."""

import tomllib
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

SHIPPED = Path(__file__).parent / "sign_in_policy.toml"


class SignInPolicyError(ValueError):
    """The policy file lacks a limit, names an unknown one, or gives no source."""


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """Every limit by ``section_name``. Whole numbers; the unit is part of the name."""

    password_min_length: int
    password_min_kinds: int
    password_max_age_days: int
    password_history: int
    lockout_tries: int
    lockout_minutes: int
    session_idle_minutes: int
    session_longest_hours: int
    session_second_factor_minutes: int
    second_factor_recovery_codes: int
    invitation_hours: int
    break_glass_longest_hours: int
    break_glass_min_reason_characters: int

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def longest_session(self) -> timedelta:
        return timedelta(hours=self.session_longest_hours)


def read_policy(path: Path) -> SignInPolicy:
    """The policy of a TOML file.

    :raises SignInPolicyError: naming the limit and what is wrong with it.
    """
    with path.open("rb") as file:
        document = tomllib.load(file)
    values = {
        f"{section}_{name}": _value(path, section, name, entry)
        for section, entries in document.items()
        for name, entry in entries.items()
    }
    known = {field.name for field in fields(SignInPolicy)}
    for name in sorted(known - values.keys()):
        raise SignInPolicyError(f"{path}: {name} is missing")
    for name in sorted(values.keys() - known):
        raise SignInPolicyError(f"{path}: {name} is not a known limit")
    return SignInPolicy(**values)


def _value(path: Path, section: str, name: str, entry: Any) -> int:
    where = f"{path}: {section}.{name}"
    if not isinstance(entry, dict) or not entry.get("source"):
        raise SignInPolicyError(f"{where} gives no source")
    value = entry.get("value")
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise SignInPolicyError(f"{where} is {value!r}: a whole number above 0 is needed")
    return value


@cache
def _cached(path: Path) -> SignInPolicy:
    return read_policy(path)


def sign_in_policy() -> SignInPolicy:
    """The policy in force: the file of ``settings.SIGN_IN_POLICY_FILE``, or the shipped one."""
    return _cached(Path(settings.SIGN_IN_POLICY_FILE or SHIPPED))
