"""Notices: a closed site (关停公告), a withdrawn page (撤稿说明), what is in force (紧急通知)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import pgettext

from themes import rules
from themes.contract.frame import Link


@dataclass(frozen=True, slots=True)
class MovedSection:
    """Where the content of a former section is now; ``count`` in items, if known."""

    title: str
    target: Link
    count: int | None = None

    @property
    def count_text(self) -> str:
        """The count with its thousands parted, ``""`` when unknown."""
        return rules.count_text(self.count)


@dataclass(frozen=True, slots=True)
class ClosedNotice:
    """Notice of a closed site (关停公告): why, since when, and where its content went.

    ``notice_until`` is the last day of the public notice (at least 30 days); the days
    left are not printed, because the page is a file. ``lookup_url`` takes ``GET ?u=``.
    """

    former_name: str
    headline: str = ""
    reason: str = ""
    successor: Link | None = None
    closed_on: date | None = None
    notice_until: date | None = None
    item_count: int | None = None
    attachment_count: int | None = None
    moved_sections: tuple[MovedSection, ...] = ()
    lookup_url: str = ""
    former_identification_code: str = ""
    former_sponsor_name: str = ""
    contact: str = ""

    @property
    def item_count_text(self) -> str:
        """The number of items moved, ``""`` when unknown."""
        return rules.count_text(self.item_count)

    @property
    def attachment_count_text(self) -> str:
        """The number of attachments moved, ``""`` when unknown."""
        return rules.count_text(self.attachment_count)

    @property
    def headline_phrases(self) -> tuple[str, ...]:
        """The headline split where it may break."""
        return rules.title_phrases(
            self.headline
            or pgettext("public", "The website of %(name)s is closed") % {"name": self.former_name}
        )


@dataclass(frozen=True, slots=True)
class ClosedContent:
    """``closed.html``."""

    notice: ClosedNotice


@dataclass(frozen=True, slots=True)
class WithdrawnNotice:
    """What stands at the address of a page that was taken off (撤稿说明).

    ``title`` is ``""`` where the title itself must not be shown. ``reason`` is one sentence,
    ``explanation`` what the unit adds. ``replacement``: where to go instead. ``contact``: where to
    ask, ``""`` when unknown.
    """

    title: str
    withdrawn_at: datetime
    reason: str
    explanation: str = ""
    unit_name: str = ""
    published_at: datetime | None = None
    replacement: Link | None = None
    contact: str = ""

    @property
    def title_phrases(self) -> tuple[str, ...]:
        """The title split where it may break."""
        return rules.title_phrases(self.title)


@dataclass(frozen=True, slots=True)
class WithdrawnContent:
    """``withdrawn.html``."""

    withdrawn: WithdrawnNotice


@dataclass(frozen=True, slots=True)
class Announcement:
    """One emergency notice in force: what happened, who says so, from when until when."""

    headline: str
    paragraphs: tuple[str, ...]
    issuer: str
    begins_at: datetime
    ends_at: datetime

    @property
    def headline_phrases(self) -> tuple[str, ...]:
        """The headline split where it may break."""
        return rules.title_phrases(self.headline)


@dataclass(frozen=True, slots=True)
class EmergencyContent:
    """``emergency.html``: answered by the server at each request, never a file."""

    announcements: tuple[Announcement, ...] = ()
