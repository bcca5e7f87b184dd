"""Pure rules of sign-in and rights: values in, values out. No database, no settings, no clock."""

import hashlib
import hmac
import ipaddress
import struct
from collections.abc import Collection, Iterable

from .enums import RoleCode

#: RFC 6238: steps of 30 seconds, six digits, SHA-1, as every authenticator app expects.
TOTP_STEP_SECONDS = 30
TOTP_DIGITS = 6
#: Steps accepted before and after the present one: clocks differ.
TOTP_TOLERANCE_STEPS = 1


def hotp(key: bytes, counter: int) -> str:
    """The one-time code of ``counter`` (RFC 4226, section 5.3)."""
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFF_FFFF
    return str(number % 10**TOTP_DIGITS).zfill(TOTP_DIGITS)


def accepted_step(key: bytes, code: str, *, unix_seconds: int, last_step: int) -> int | None:
    """The time step that ``code`` proves, or ``None``.

    A step not after ``last_step`` is refused: a code is good once.
    """
    code = code.replace(" ", "")
    if len(code) != TOTP_DIGITS or not code.isascii() or not code.isdigit():
        return None
    now = unix_seconds // TOTP_STEP_SECONDS
    for step in range(now - TOTP_TOLERANCE_STEPS, now + TOTP_TOLERANCE_STEPS + 1):
        if step > last_step and hmac.compare_digest(hotp(key, step), code):
            return step
    return None


def kinds_of_characters(password: str) -> int:
    """How many of small letters, capitals, digits and others occur (0 to 4)."""
    return sum(
        (
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not (c.islower() or c.isupper() or c.isdigit()) for c in password),
        )
    )


def is_in_networks(address: str, networks: Iterable[str]) -> bool:
    """Whether an IP address lies in one of the CIDR ranges. A malformed address lies in none.

    :raises ValueError: a malformed range.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed in ipaddress.ip_network(network) for network in networks)


def client_address(remote: str, forwarded_for: str, trusted_proxies: Collection[str]) -> str:
    """The address a request came from.

    ``forwarded_for`` (X-Forwarded-For) is believed only as far as trusted proxies wrote it: walk from
    the right past every trusted one; the first other address is the client.
    """
    address = remote
    for hop in reversed([part.strip() for part in forwarded_for.split(",") if part.strip()]):
        if not is_in_networks(address, trusted_proxies):
            return address
        try:
            ipaddress.ip_address(hop)
        except ValueError:
            return address
        address = hop
    return address


def covers(own: Collection[str] | None, wanted: Collection[str] | None) -> bool:
    """Whether rights on ``own`` tree paths reach every one of ``wanted``.

    Paths are treebeard's: a page lies below another when its path starts with the other's. ``None``
    is the whole tenant.
    """
    if own is None:
        return True
    if wanted is None:
        return False
    return all(any(path.startswith(root) for root in own) for path in wanted)


#: Roles as blueprints name them, besides our own codes. Roles of rooms that are not there yet are none.
_ALSO_NAMED = {
    "site_admin": RoleCode.SITE_ADMINISTRATOR,
    "letter_clerk": RoleCode.LETTER_HANDLER,
    "service_editor": RoleCode.SERVICE_GUIDE_OFFICER,
}


def roles_named(codes: Iterable[str]) -> tuple[RoleCode, ...]:
    """The roles among ``codes``, in our order; the site's administrator is always one of them."""
    names = {**_ALSO_NAMED, **{role.value: role for role in RoleCode}}
    wanted = {RoleCode.SITE_ADMINISTRATOR, *(names[code] for code in codes if code in names)}
    return tuple(role for role in RoleCode if role in wanted)
