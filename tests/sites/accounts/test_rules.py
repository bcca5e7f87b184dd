"""Pure rules: one-time codes, kinds of characters, addresses behind proxies, reach of sections."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.accounts import rules

#: RFC 6238, appendix B (SHA-1), cut to six digits.
RFC_KEY = b"12345678901234567890"
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES)
def test_codes_of_the_standard(seconds: int, code: str) -> None:
    step = seconds // rules.TOTP_STEP_SECONDS
    assert rules.hotp(RFC_KEY, step) == code
    assert rules.accepted_step(RFC_KEY, code, unix_seconds=seconds, last_step=0) == step


def test_code_is_good_once_and_not_for_long() -> None:
    code = rules.hotp(RFC_KEY, 100)
    at = 100 * rules.TOTP_STEP_SECONDS
    assert rules.accepted_step(RFC_KEY, code, unix_seconds=at, last_step=99) == 100
    assert rules.accepted_step(RFC_KEY, code, unix_seconds=at, last_step=100) is None
    assert rules.accepted_step(RFC_KEY, code, unix_seconds=at + 29, last_step=99) == 100
    assert rules.accepted_step(RFC_KEY, code, unix_seconds=at + 61, last_step=99) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_malformed_codes(code: str) -> None:
    assert rules.accepted_step(RFC_KEY, code, unix_seconds=59, last_step=0) is None


@given(st.binary(min_size=16, max_size=40), st.integers(1, 2**40))
def test_every_code_has_six_digits(key: bytes, counter: int) -> None:
    code = rules.hotp(base64.b32decode(base64.b32encode(key)), counter)
    assert len(code) == 6
    assert code.isdigit()


@pytest.mark.parametrize(
    ("password", "kinds"),
    [("", 0), ("abc", 1), ("abcD", 2), ("abcD1", 3), ("abcD1!", 4), ("密码", 1), ("密a1B", 4)],
)
def test_kinds_of_characters(password: str, kinds: int) -> None:
    assert rules.kinds_of_characters(password) == kinds


PROXIES = ["127.0.0.1/32", "10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        # Only a trusted proxy is believed: anybody else writes what they like.
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 10.1.1.1", "198.51.100.1"),
        ("127.0.0.1", "not-an-address", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:10.2.3.4", "198.51.100.1", "198.51.100.1"),
    ],
)
def test_client_address(remote: str, forwarded: str, client: str) -> None:
    assert rules.client_address(remote, forwarded, PROXIES) == client


def test_networks() -> None:
    assert rules.is_in_networks("10.9.8.7", ["10.0.0.0/8"])
    assert not rules.is_in_networks("11.9.8.7", ["10.0.0.0/8"])
    assert not rules.is_in_networks("", ["0.0.0.0/0"])
    assert not rules.is_in_networks("2001:db8::1", ["10.0.0.0/8"])
    with pytest.raises(ValueError, match="does not appear"):
        rules.is_in_networks("10.0.0.1", ["nonsense"])


def test_reach_of_sections() -> None:
    assert rules.covers(None, None)
    assert rules.covers(None, ["0001"])
    assert not rules.covers(["00010001"], None)
    assert rules.covers(["00010001"], ["000100010005", "00010001"])
    assert not rules.covers(["00010001"], ["00010001", "00010002"])
    assert not rules.covers([], ["0001"])
