"""What may be asked for, and under which name an address is known. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

Network = IPv4Network | IPv6Network

#: Ports that a scheme means when none is written.
DEFAULT_PORTS = {"http": 80, "https": 443}
#: NAT64 (RFC 6052): an IPv4 address inside an IPv6 one, which translators send on to it.
_NAT64 = IPv6Network("64:ff9b::/96")
#: What old servers put into addresses to know a visitor again; the page is the same without.
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_SESSION_FIELDS = {"jsessionid", "phpsessid", "sessionid", "sid", "aspsessionid"}
#: Endings of addresses that are files and no pages.
FILE_ENDINGS = frozenset(
    "7z apk avi bmp css csv doc docx exe flv gif gz ico jpeg jpg js mov mp3 mp4 mpg ofd pdf png ppt pptx "  # noqa: SIM905
    "rar rtf svg swf tar tif tiff txt wav webp wma wmv wps xls xlsx xml zip".split()
)
#: Characters that stay as they are in a path or query; anything else is percent-encoded as UTF-8.
_KEPT = "!#$%&'()+*,/:;=?@[]~"


def is_open_to_all(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether an IP address is one of the public internet, or of a network the operator allowed.

    An IPv4 address inside an IPv6 one (mapped, NAT64) is judged itself; tunnels (6to4, Teredo) are not
    asked. Private, shared, loopback, link-local with the clouds' metadata, multicast and reserved are not.
    """
    found = _inner(ip_address(address.partition("%")[0]))
    if any(found.version == network.version and found in network for network in allowed):
        return True
    if isinstance(found, IPv6Address) and (found.sixtofour or found.teredo):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else address


def split_address(url: str) -> SplitResult | None:
    """Parts of an http or https address without user name; None for anything else."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        return None
    return parts if port != 0 else None


def canonical(url: str, base: str = "") -> str:
    """The one way to write an address: absolute, without fragment and session; "" where it is none.

    Joined to ``base`` as browsers do. Chinese characters are percent-encoded as UTF-8.
    """
    try:
        parts = split_address(urljoin(base, url.strip()))
    except ValueError:
        return ""
    if parts is None or parts.hostname is None:
        return ""
    try:
        host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else ""
    except UnicodeError:
        return ""
    host = host or parts.hostname
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        host = f"{host}:{port}"
    path = _SESSION_IN_PATH.sub("", parts.path) or "/"
    query = "&".join(
        field
        for field in parts.query.split("&")
        if field and field.partition("=")[0].lower() not in _SESSION_FIELDS
    )
    return urlunsplit((parts.scheme, host, quote(path, _KEPT), quote(query, _KEPT), ""))


def origin(url: str) -> tuple[str, int]:
    """Host without ``www.`` and port; http and https on their own ports count as the same site."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    return host, 80 if port == DEFAULT_PORTS["https"] else port


def belongs(url: str, start: str) -> bool:
    """Whether an address is part of the site that begins at ``start``: same origin, at or below its folder."""
    folder = urlsplit(start).path.rpartition("/")[0] + "/"
    return origin(url) == origin(start) and urlsplit(url).path.startswith(folder)


def is_file(url: str) -> bool:
    """Whether the ending of an address is that of a file and not of a page."""
    name = urlsplit(url).path.rpartition("/")[2].lower()
    return "." in name and name.rpartition(".")[2] in FILE_ENDINGS
