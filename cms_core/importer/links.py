"""Links in the text of a merged page: found, judged and rewritten. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape, unescape
from typing import Any
from urllib.parse import urlsplit

# The importer writes every link as a tag with nothing but its address (`runs`), an editor's page link
# has no address at all.
_LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.S)
_TAG = re.compile(r"<[^>]*>")
#: Served by the platform itself, and no page.
_NOT_PAGES = ("/media/", "/static/", "/documents/", "/feed")
LONGEST_ADDRESS = 500
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link of a text: `address` as it is written, `words` the text between its tags."""

    address: str
    words: str


class Fate(StrEnum):
    """What becomes of a link."""

    LEAVE = "leave"
    PAGE = "page"
    ADDRESS = "address"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`page_id` for a page of the same site, `address` for one of another site."""

    fate: Fate
    page_id: int = 0
    address: str = ""


LEAVE, DEAD = Verdict(Fate.LEAVE), Verdict(Fate.DEAD)


def links_in(blocks: Iterable[Mapping[str, Any]]) -> Iterator[FoundLink]:
    """The links of a stored body, in order, with those of tables and kept markup."""
    for text in _texts([block["value"] for block in blocks]):
        for address, words in _LINK.findall(text):
            yield FoundLink(unescape(address), unescape(_TAG.sub("", words)).strip())


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def path_here(address: str, hosts: Iterable[str]) -> str | None:
    """The path (with query) of an address that one of `hosts`, or the page's own, must answer.

    None for what leads elsewhere: another host, mail, a file the platform serves.
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if host and (parts.scheme not in ("", "http", "https") or host not in hosts):
        return None
    if not host and (parts.scheme or not parts.path.startswith("/")):
        return None
    path = parts.path or "/"
    if path.startswith(_NOT_PAGES):
        return None
    return f"{path}?{parts.query}" if parts.query else path


def rewritten(
    blocks: Iterable[Mapping[str, Any]], judge: Callable[[str], Verdict]
) -> tuple[list[dict[str, Any]], int]:
    """The body with the links of its running text led to their new places, and their number.

    Kept markup and tables stay as they are: their links go by the redirect of the old address.
    """
    changed = 0

    def lead(match: re.Match[str]) -> str:
        nonlocal changed
        verdict = judge(unescape(match[1]))
        if verdict.fate == Fate.PAGE:
            changed += 1
            return f'<a linktype="page" id="{verdict.page_id}">{match[2]}</a>'
        if verdict.fate == Fate.ADDRESS:
            changed += 1
            return f'<a href="{escape(verdict.address)}">{match[2]}</a>'
        return match[0]

    made = [
        {**block, "value": _LINK.sub(lead, block["value"])}
        if block["type"] == "paragraph"
        else dict(block)
        for block in blocks
    ]
    return made, changed
