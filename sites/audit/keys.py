"""Keys of the audit trail.

The signing key (Ed25519) signs chain heads; whoever verifies needs its public half only. The codes of
single events and the digests of addresses are keyed by ``SECRET_KEY``.
"""

import base64
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from .exceptions import AuditKeyMissing

_EVENT_SALT = "sites.audit.event"
_DIGEST_SALT = "sites.audit.digest"


@dataclass(frozen=True, slots=True)
class HeadSigner:
    """Signs heads and knows which public key checks them."""

    private_key: Ed25519PrivateKey

    @property
    def public_bytes(self) -> bytes:
        return self.private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def key_id(self) -> str:
        return hashlib.sha256(self.public_bytes).hexdigest()[:16]

    def sign(self, message: bytes) -> str:
        return self.private_key.sign(message).hex()


def signer() -> HeadSigner:
    """The platform's signer: from ``AUDIT_SIGNING_KEY`` (32 bytes, base64), else a file in DATA_DIR.

    :raises AuditKeyMissing: production without the setting.
    """
    return _signer(settings.AUDIT_SIGNING_KEY, keys_folder())


def keys_folder() -> Path:
    """Where public keys are kept, retired ones too: ``<key id>.pub``, 64 hexadecimal digits."""
    return Path(settings.DATA_DIR) / "audit_keys"


@cache
def _signer(configured: str, folder: Path) -> HeadSigner:
    if configured:
        seed = base64.b64decode(configured, validate=True)
    elif settings.JIYUE_ENV == "production":
        raise AuditKeyMissing(
            "AUDIT_SIGNING_KEY is not set: production needs 32 random bytes in base64"
        )
    else:
        seed = _seed_in(folder)
    found = HeadSigner(Ed25519PrivateKey.from_private_bytes(seed))
    folder.mkdir(parents=True, exist_ok=True)
    public = folder / f"{found.key_id}.pub"
    if not public.exists():
        public.write_text(found.public_bytes.hex())
    return found


def _seed_in(folder: Path) -> bytes:
    """The demo's and tests' key: made at first use, readable by its owner only."""
    path = folder / "signing_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        seed = Ed25519PrivateKey.generate().private_bytes_raw()
        draft = folder / f"signing_key.{hashlib.sha256(seed).hexdigest()[:8]}"
        draft.touch(mode=0o600)
        draft.write_text(seed.hex())
        with suppress(FileExistsError):  # the first of several processes wins
            path.hardlink_to(draft)
        draft.unlink()
    return bytes.fromhex(path.read_text())


def is_signed(message: bytes, *, key_id: str, signature: str) -> bool:
    """Whether a key of the platform, present or retired, signed ``message``."""
    signer()  # publishes the present key
    path = keys_folder() / f"{key_id}.pub"
    if not key_id.isalnum() or not path.exists():
        return False
    public = bytes.fromhex(path.read_text())
    if hashlib.sha256(public).hexdigest()[:16] != key_id:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def event_mac(content: bytes) -> str:
    """The keyed code of an event's content, 64 hexadecimal digits."""
    return salted_hmac(_EVENT_SALT, content, algorithm="sha256").hexdigest()


def is_event_mac(content: bytes, mac: str) -> bool:
    """Whether the platform computed ``mac``, with its present or a former secret."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        constant_time_compare(
            salted_hmac(_EVENT_SALT, content, secret=secret, algorithm="sha256").hexdigest(), mac
        )
        for secret in secrets
    )


def keyed_digest(value: str) -> str:
    """A digest that links equal values without giving them away: for addresses, names, numbers."""
    return salted_hmac(_DIGEST_SALT, value, algorithm="sha256").hexdigest()
