"""The policy file: every limit has a value and a source, and a broken file says what is wrong."""

from pathlib import Path

import pytest

from sites.accounts.checks import sign_in_policy_can_be_read
from sites.accounts.policy import SHIPPED, SignInPolicyError, read_policy


def _changed(tmp_path: Path, old: str, new: str) -> Path:
    text = SHIPPED.read_text()
    assert old in text
    path = tmp_path / "policy.toml"
    path.write_text(text.replace(old, new, 1))
    return path


def test_shipped_policy_is_not_weaker_than_usual() -> None:
    policy = read_policy(SHIPPED)
    assert policy.password_min_length >= 8
    assert policy.password_max_age_days <= 90
    assert policy.lockout_tries <= 5
    assert policy.session_idle_minutes <= 30


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("tries = { value = 5", "tries = { value = 0", "lockout.tries is 0"),
        ("tries = { value = 5", 'tries = { value = "five"', "lockout.tries is 'five'"),
        ("tries =", "attempts =", "lockout_tries is missing"),
        ('source = "a weekend"', 'source = ""', "invitation.hours gives no source"),
        (
            "[invitation]",
            "[unknown]\nlimit = { value = 1, source = 'x' }\n[invitation]",
            "not a known",
        ),
    ],
)
def test_broken_policy_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(SignInPolicyError, match=told):
        read_policy(_changed(tmp_path, old, new))


def test_missing_file_fails_the_system_check(settings, tmp_path: Path) -> None:
    settings.SIGN_IN_POLICY_FILE = str(tmp_path / "absent.toml")
    (error,) = sign_in_policy_can_be_read(None)
    assert error.id == "sites_accounts.E005"
