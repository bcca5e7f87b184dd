"""Pure rules of addresses and codes. No database, no settings, no clock."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

#: Codes become part of the administration's addresses (/t/<code>/) and of generated names.
TENANT_CODE_PATTERN = r"^[a-z][a-z0-9-]{0,38}[a-z0-9]$"
#: Website identification code (网站标识码): ten digits, first six the division; central bodies bm + 8.
#: Seen in many footers; see domain rules 2.4.
IDENTIFICATION_CODE_PATTERN = r"^(\d{10}|bm\d{8})$"
#: One label and the whole of a host name, RFC 1123; lower case.
_HOST_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
HOST_PATTERN = rf"^{_HOST_LABEL}(?:\.{_HOST_LABEL})*$"
#: A channel prefix is one to three path segments: /bm/czj
MAX_PREFIX_SEGMENTS = 3
PREFIX_PATTERN = rf"^(/[a-z0-9][a-z0-9-]{{0,39}}){{0,{MAX_PREFIX_SEGMENTS}}}$"
#: A folder of an old site may be called by any plain address: /s.php/gov2
OLD_FOLDER_PATTERN = rf"^(/[A-Za-z0-9][A-Za-z0-9._~-]{{0,39}}){{1,{MAX_PREFIX_SEGMENTS}}}$"
MAX_PREFIX_LENGTH = 60
#: First path segments that the platform itself answers on every public host.
RESERVED_SEGMENTS = frozenset(
    {
        "admin",
        "api",
        "documents",
        "media",
        "modes",
        "modes.css",
        "static",
        "t",
        "atom.xml",
        "rss.xml",
        "sitemap.xml",
        "robots.txt",
        "health",
        # pages that every site has (cms_core.pages)
        "bangzhu",
        "guanyu",
        "wuzhangai",
        "wzdt",
        "yinsi",
        "zhanqun",
    }
)
#: First sign of the slug of a page that stands beside a home and is no part of the site, such as its
#: recycle bin. No form accepts the sign, so no section or article has it.
ASIDE_SIGN = "~"
#: Every tenant's home page and top collection hang directly below the root, which is nobody's.
HOME_DEPTH = 2
#: Host names of channel tenants' Wagtail sites: reserved and unroutable (RFC 2606).
UNROUTABLE_SUFFIX = ".channel.invalid"

#: Django's codes of Chinese, as browsers, screen readers and search engines know them best.
_LANGUAGE_TAGS = {"zh-hans": "zh-CN", "zh-hant": "zh-TW"}

#: A closed site shows its notice at least this long (国办发〔2017〕47号, domain rules 2.2).
NOTICE_PERIOD = timedelta(days=30)

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One row of the address table, as plain values."""

    tenant_id: int
    host: str
    prefix: str
    kind: str


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """A resolved address: the row, and the rest of the path (starts with ``/``)."""

    row: AddressRow
    path: str


def normalize_host(host: str) -> str:
    """Lower case, without port, trailing dot and surrounding space. IPv6 literals keep brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].rstrip(".")


def is_host(host: str) -> bool:
    return len(host) <= 253 and re.fullmatch(HOST_PATTERN, host) is not None


def is_prefix(prefix: str) -> bool:
    return len(prefix) <= MAX_PREFIX_LENGTH and re.fullmatch(PREFIX_PATTERN, prefix) is not None


def is_old_folder(folder: str) -> bool:
    return len(folder) <= MAX_PREFIX_LENGTH and re.fullmatch(OLD_FOLDER_PATTERN, folder) is not None


def is_reserved_prefix(prefix: str) -> bool:
    """Whether the platform itself answers the prefix's first segment on every host."""
    return prefix.split("/")[1:2] != [] and prefix.split("/")[1] in RESERVED_SEGMENTS


def is_identification_code(code: str) -> bool:
    return re.fullmatch(IDENTIFICATION_CODE_PATTERN, code) is not None


def code_matches_division(code: str, division_code: str) -> bool:
    """Whether a ten-digit code starts with the six digits of its division (domain rules 2.4)."""
    return code.startswith("bm") or code[:6] == division_code[:6]


def prefixes_of(path: str) -> list[str]:
    """Every channel prefix or folder of an old site that ``path`` may lie under, the empty one first.

    >>> prefixes_of("/bm/czj/a1/b2/")
    ['', '/bm', '/bm/czj', '/bm/czj/a1']
    >>> prefixes_of("/s.php/gov2/item-7.html")
    ['', '/s.php', '/s.php/gov2', '/s.php/gov2/item-7.html']
    """
    segments = path.split("/")[1 : MAX_PREFIX_SEGMENTS + 1]
    prefixes = [
        "".join(f"/{part}" for part in segments[:count]) for count in range(len(segments) + 1)
    ]
    return [prefix for prefix in prefixes if is_prefix(prefix) or is_old_folder(prefix)]


def match_address(rows: Iterable[AddressRow], path: str) -> AddressMatch | None:
    """The row of one host whose prefix is the longest that ``path`` lies under, or ``None``.

    ``/dept`` and ``/dept/…`` lie under ``/dept``; ``/department`` does not.
    """
    best: AddressMatch | None = None
    for row in rows:
        if row.prefix:
            if path != row.prefix and not path.startswith(row.prefix + "/"):
                continue
            rest = path[len(row.prefix) :] or "/"
        else:
            rest = path or "/"
        if best is None or len(row.prefix) > len(best.row.prefix):
            best = AddressMatch(row=row, path=rest)
    return best


def notice_is_over(closed_on: date | None, today: date) -> bool:
    """Whether the addresses of a closed site may lead straight to its successor from now on."""
    return closed_on is not None and today > closed_on + NOTICE_PERIOD


def find_cycle(parents: Mapping[K, K | None]) -> list[K] | None:
    """The members of one cycle in ``child -> parent``, in order, or ``None``."""
    done: set[K] = set()
    for start in parents:
        seen: dict[K, int] = {}
        trail: list[K] = []
        node: K | None = start
        while node is not None and node not in done:
            if node in seen:
                return trail[seen[node] :]
            seen[node] = len(trail)
            trail.append(node)
            node = parents.get(node)
        done.update(trail)
    return None


def language_tag(code: str) -> str:
    """BCP 47 tag of a language code of Django: ``zh-hans`` is ``zh-CN``, ``pt-br`` is ``pt-BR``."""
    if code in _LANGUAGE_TAGS:
        return _LANGUAGE_TAGS[code]
    language, separator, region = code.partition("-")
    return f"{language}{separator}{region.upper() if len(region) == 2 else region.title()}"
