"""``sitemap.xml`` and ``robots.txt``: what search engines are told of a site.

Protocol: sitemaps.org 0.9 (at most 50,000 addresses and 50 MB a file), RFC 9309.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

#: Addresses in one file; the protocol allows 50,000.
ADDRESSES_A_FILE = 20_000
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: What a robot gains nothing from: switches of the reader's display, and the API.
_NOT_FOR_ROBOTS = ("/modes/", "/api/")


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """An absolute address, and when what it shows last changed."""

    url: str
    changed_at: datetime | None


def sitemap_xml(entries: Sequence[SitemapEntry]) -> str:
    """One file of addresses."""
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_NAMESPACE}">']
    for entry in entries:
        changed = f"<lastmod>{entry.changed_at.isoformat()}</lastmod>" if entry.changed_at else ""
        lines.append(f"<url><loc>{escape(entry.url)}</loc>{changed}</url>")
    lines.append("</urlset>\n")
    return "\n".join(lines)


def sitemap_index_xml(urls: Sequence[str]) -> str:
    """The index of several files."""
    lines = [f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="{_NAMESPACE}">']
    lines += [f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in urls]
    lines.append("</sitemapindex>\n")
    return "\n".join(lines)


def robots_txt(*, prefixes: Sequence[str], sitemap_urls: Sequence[str]) -> str:
    """The rules for robots of one host. ``prefixes``: of the sites on it (``""``: the host's own)."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {prefix}{path}" for prefix in prefixes for path in _NOT_FOR_ROBOTS]
    lines += [f"Sitemap: {url}" for url in sitemap_urls]
    return "\n".join(lines) + "\n"
