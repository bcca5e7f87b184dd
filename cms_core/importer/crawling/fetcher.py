"""One request to the web from a server that also reaches what the web must not.

The name of a host is looked up once, each address it has is judged, and the connection is made to the
very address that was judged: a name that answers differently the second time gains nothing. Redirects
are not followed here; the caller judges where they lead.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3
from django.utils.translation import gettext as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as TooSlow

from cms_core.importer.exceptions import ImportFailed

from .rules import DEFAULT_PORTS, Network, is_open_to_all, split_address

#: A page of text is far below; what is above is a file or an attack.
MOST_BYTES = 5 * 1024 * 1024
#: Seconds for connecting, and between two parts of an answer.
WAIT_SECONDS = 15.0
#: Seconds for a whole answer: an old server drips, an evil one drips for ever.
WHOLE_SECONDS = 60.0
_PART = 16 * 1024
#: Honest: old sites' administrators see who came.
USER_AGENT = "JiyueImporter/1.0 (site merging; asked for by the operator)"


class FetchError(ImportFailed):
    """An address was not read; ``is_refused``: it may not be asked for at all."""

    def __init__(self, message: str, *, is_refused: bool = False) -> None:
        super().__init__(message)
        self.is_refused = is_refused


class _Refused(NewConnectionError):
    """The host leads to an address that is not open to all; ``words`` say it."""

    def __init__(self, connection: HTTPConnection, words: str) -> None:
        super().__init__(connection, words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. ``body``: unpacked bytes; ``location``: where a redirect leads, as sent."""

    url: str
    status: int
    content_type: str
    body: bytes
    location: str
    retry_after: str


@dataclass
class GuardedFetcher:
    """Asks for one address at a time. ``allowed``: networks beside the public internet."""

    allowed: Sequence[Network] = ()
    most_bytes: int = MOST_BYTES
    wait_seconds: float = WAIT_SECONDS
    whole_seconds: float = WHOLE_SECONDS
    _pools: urllib3.PoolManager = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pools = urllib3.PoolManager(
            num_pools=4, timeout=urllib3.Timeout(total=self.wait_seconds), retries=False
        )
        self._pools.pool_classes_by_scheme = _guarded_pools(tuple(self.allowed))

    def get(self, url: str) -> Fetched:
        """The answer of an http or https address, whatever its status.

        :raises FetchError: the address may not be asked for, nobody answers, or the answer is too large.
        """
        if split_address(url) is None:
            raise FetchError(
                _("%(url)s is no address of the web. It begins with http:// or https://.")
                % {"url": url},
                is_refused=True,
            )
        deadline = time.monotonic() + self.whole_seconds
        try:
            answer = self._pools.request(
                "GET",
                url,
                headers={
                    "User-Agent": USER_AGENT,
                    "Accept": "text/html,application/xhtml+xml",
                    "Accept-Encoding": "gzip, deflate",
                },
                redirect=False,
                preload_content=False,
            )
            try:
                body = self._read(answer, url, deadline)
            finally:
                # Not given back to the pool: what is unread of a refused answer is not waited for.
                answer.close()
        except HTTPError as error:
            refused = _cause(error, _Refused)
            if isinstance(refused, _Refused):
                raise FetchError(refused.words, is_refused=True) from error
            raise FetchError(
                _("%(url)s does not answer: %(reason)s.") % {"url": url, "reason": _words(error)}
            ) from error
        return Fetched(
            url=url,
            status=answer.status,
            content_type=answer.headers.get("Content-Type", ""),
            body=body,
            location=answer.headers.get("Location", ""),
            retry_after=answer.headers.get("Retry-After", ""),
        )

    def _read(self, answer: Any, url: str, deadline: float) -> bytes:
        parts: list[bytes] = []
        size = 0
        for part in answer.stream(_PART, decode_content=True):
            size += len(part)
            if size > self.most_bytes:
                raise FetchError(
                    _("%(url)s is larger than %(size)d MB unpacked and was left alone.")
                    % {"url": url, "size": self.most_bytes // (1024 * 1024)}
                )
            if time.monotonic() > deadline:
                raise FetchError(
                    _("%(url)s took longer than %(seconds)d seconds and was left alone.")
                    % {"url": url, "seconds": int(self.whole_seconds)}
                )
            parts.append(part)
        return b"".join(parts)

    def close(self) -> None:
        """Ends open connections."""
        self._pools.clear()


def _guarded_pools(allowed: Sequence[Network]) -> dict[str, Any]:
    """urllib3's pools with connections that judge the address they connect to."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, allowed)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, allowed)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, allowed: Sequence[Network]) -> socket.socket:
    host, port = connection.host.strip("[]"), connection.port or DEFAULT_PORTS["http"]
    timeout = connection.timeout if isinstance(connection.timeout, int | float) else WAIT_SECONDS
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NameResolutionError(host, connection, error) from error
    except UnicodeError as error:
        raise NewConnectionError(connection, str(error)) from error
    # One address that may not be asked is enough: an honest host has none, and no luck decides.
    for _family, _kind, _protocol, _name, place in found:
        if not is_open_to_all(str(place[0]), allowed):
            raise _Refused(connection, _refusal(host, str(place[0])))
    failure: OSError | None = None
    for family, _kind, _protocol, _name, place in found:
        made = socket.socket(family, socket.SOCK_STREAM)
        made.settimeout(timeout)
        try:
            made.connect(place)
        except OSError as error:
            made.close()
            failure = error
        else:
            return made
    raise NewConnectionError(connection, str(failure)) from failure


def _refusal(host: str, address: str) -> str:
    return _(
        "%(host)s leads to %(address)s, which is not on the public internet. If the old site stands in "
        "the government's own network, the operator adds that network to IMPORT_NETWORKS."
    ) % {"host": host, "address": address}


def _cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    """The error of ``kind`` behind an error, None where there is none."""
    seen: set[int] = set()
    queue = [error]
    while queue:
        current = queue.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        if isinstance(current, kind):
            return current
        queue += [current.__cause__, current.__context__, getattr(current, "reason", None)]
    return None


def _words(error: BaseException) -> str:
    # In this order: urllib3 counts each refused connection among what timed out.
    if _cause(error, socket.gaierror):
        return _("its host name is not known")
    if _cause(error, ConnectionRefusedError):
        return _("it refuses the connection")
    if _cause(error, SSLError):
        return _("its certificate or encryption is not valid")
    if _cause(error, TimeoutError) or _cause(error, TooSlow):
        return _("it does not answer in time")
    return str(getattr(error, "reason", None) or error)
