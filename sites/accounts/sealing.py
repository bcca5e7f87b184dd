"""Secrets at rest: sealed with a key derived from ``SECRET_KEY`` (and read with its fallbacks)."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

#: Separates this use of the secret key from every other.
_PURPOSE = b"jiyue.accounts.second-factor.1"


class SealBroken(ValueError):
    """The stored secret was not sealed with this installation's key, or was changed."""


def _derived(secret: str | bytes) -> bytes:
    plain = secret.encode() if isinstance(secret, str) else secret
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(plain)


def _fernet() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(secret))) for secret in secrets])


def seal(plain: bytes) -> str:
    """``plain`` encrypted and authenticated, as text for a column."""
    return _fernet().encrypt(plain).decode("ascii")


def unseal(sealed: str) -> bytes:
    """What :func:`seal` was given.

    :raises SealBroken: another key, or changed text.
    """
    try:
        return _fernet().decrypt(sealed.encode("ascii"))
    except InvalidToken as error:
        raise SealBroken(
            "a sealed secret cannot be opened with SECRET_KEY or its fallbacks"
        ) from error


def keyed_digest(text: str) -> str:
    """HMAC-SHA-256 under the present key, hexadecimal: equal texts give equal digests."""
    return hmac.new(_derived(settings.SECRET_KEY), text.encode(), hashlib.sha256).hexdigest()


def matches_keyed_digest(text: str, digest: str) -> bool:
    """Whether ``digest`` was made from ``text``, under the present key or a fallback."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = [hmac.new(_derived(s), text.encode(), hashlib.sha256).hexdigest() for s in secrets]
    return any(hmac.compare_digest(one, digest) for one in made)


def plain_digest(token: str) -> str:
    """SHA-256, hexadecimal: enough for random tokens of 128 bits and more."""
    return hashlib.sha256(token.encode()).hexdigest()
