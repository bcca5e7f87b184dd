"""RSS and Atom feeds of a site and of each of its sections.

A feed is a file like every public page: the same bytes until something in it changes. Its dates are
those of its newest entry, never the moment of the request.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed

#: What XML 1.0 cannot carry; one such character in a title would break the whole feed.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Readers ask a few times a day; a day with more articles than this is rare even for a city portal.
FEED_ENTRIES = 30


class FeedFormat(StrEnum):
    """The format is the name of the file: ``rss.xml``, ``atom.xml``."""

    RSS = "rss"
    ATOM = "atom"


_GENERATORS = {FeedFormat.RSS: Rss201rev2Feed, FeedFormat.ATOM: Atom1Feed}
CONTENT_TYPES = {
    FeedFormat.RSS: "application/rss+xml; charset=utf-8",
    FeedFormat.ATOM: "application/atom+xml; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One article. ``uuid`` is its name for ever: it stays when the address changes."""

    title: str
    url: str
    summary: str
    author_name: str
    published_at: datetime
    uuid: str


@dataclass(frozen=True, slots=True)
class FeedHead:
    """What the feed is of. ``url``: the page it belongs to; ``feed_url``: its own address."""

    title: str
    description: str
    url: str
    feed_url: str
    language: str


def feed_xml(head: FeedHead, entries: Sequence[FeedEntry], wanted: FeedFormat) -> str:
    """The feed as XML text, newest entry first."""
    feed = _GENERATORS[wanted](
        title=xml_text(head.title),
        link=head.url,
        description=xml_text(head.description or head.title),
        language=head.language,
        feed_url=head.feed_url,
        feed_guid=head.url,
    )
    for entry in entries:
        feed.add_item(
            title=xml_text(entry.title),
            link=entry.url,
            description=xml_text(entry.summary),
            author_name=xml_text(entry.author_name) or None,
            pubdate=entry.published_at,
            updateddate=entry.published_at,
            unique_id=f"urn:uuid:{entry.uuid}",
            unique_id_is_permalink=False,
        )
    if not entries:
        # Django's generator would print the present moment.
        feed.latest_post_date = lambda: datetime.fromtimestamp(0).astimezone()  # type: ignore[method-assign]
    return feed.writeString("utf-8")


def xml_text(text: str) -> str:
    """``text`` without the characters that XML cannot carry."""
    return _NOT_XML.sub("", text)
