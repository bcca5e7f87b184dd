"""What every source yields, whatever the old system was.

Text is as the old system stored it (entities still encoded, markup untouched):
decoding and cleaning happen once, in `cms_core.importer.cleaning`. Times are
aware, in the time zone of the old system.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from cms_core.importer.enums import AttachmentRole, Outcome, RecordKind, SectionKind
from sites.registry.records import shallow


@dataclass(frozen=True, slots=True)
class LegacySite:
    """One site of a source; `sections` and `articles` count its rows.

    `folder`: where its pages lay on the host of its group, "" where it had a host of its own.
    """

    code: str
    name: str
    sections: int
    articles: int
    folder: str = ""


@dataclass(frozen=True, slots=True)
class LegacySection:
    """One column (栏目) of the old site; `parent_key` is "" at the top.

    `order` sorts ascending among siblings. `line` is the line of the source
    the row was read from, for error messages. `repairs` names what had to be
    mended to read the row at all.
    """

    source_key: str
    parent_key: str
    name: str
    order: int
    kind: SectionKind
    description: str
    keywords: str
    link: str
    old_urls: tuple[str, ...]
    line: int
    repairs: tuple[str, ...] = ()

    def digest(self) -> str:
        """SHA-256 of the row, without its place in the source and the words about it."""
        return _digest(self)


@dataclass(frozen=True, slots=True)
class LegacyAttachment:
    """A file the old site kept beside an article; `path` is relative to its upload folder."""

    source_key: str
    article_key: str
    path: str
    name: str
    role: AttachmentRole


@dataclass(frozen=True, slots=True)
class LegacyArticle:
    """One article (稿件); `body_html` joins all its pages, None when the source has no body row.

    `repairs` names what had to be mended to read the row at all.
    """

    source_key: str
    section_key: str
    title: str
    summary: str
    source_name: str
    author: str
    keywords: str
    published_at: datetime | None
    created_at: datetime | None
    updated_at: datetime | None
    body_html: str | None
    old_urls: tuple[str, ...]
    attachments: tuple[LegacyAttachment, ...]
    verified: bool
    repairs: tuple[str, ...]
    line: int

    def digest(self) -> str:
        """SHA-256 of the row, without its place in the source and the words about it."""
        return _digest(self)


@dataclass(frozen=True, slots=True)
class LegacyOrganization:
    """A body of government (机构) of the old site's list; `section_key` "" means the home page's own list.

    `place` is its place in the list, from 1.
    """

    source_key: str
    section_key: str
    name: str
    place: int
    line: int
    repairs: tuple[str, ...] = ()

    def digest(self) -> str:
        """SHA-256 of the row, without its place in the source and the words about it."""
        return _digest(self)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row of the source that becomes no page, with the reason for the report.

    `outcome` is skipped (on purpose) or lost (it cannot be read).
    """

    kind: RecordKind
    source_key: str
    title: str
    reason: str
    outcome: Outcome = Outcome.SKIPPED


class Source(Protocol):
    """What the importer asks of a source."""

    shape: str

    def sites(self) -> list[LegacySite]:
        """All sites of the source, by code."""
        ...

    def sections(self, site_code: str) -> list[LegacySection]:
        """The columns of one site in the order of the source."""
        ...

    def articles(self, site_code: str) -> Iterator[LegacyArticle]:
        """The articles of one site, one at a time, in an order that is the same every time."""
        ...

    def set_aside(self, site_code: str) -> Iterable[SetAside]:
        """The rows of one site that become no page: each is accounted for in the report."""
        ...

    def close(self) -> None:
        """Gives back temporary files."""
        ...


@runtime_checkable
class OrganizationSource(Protocol):
    """A source that also holds a list of bodies."""

    def organizations(self, site_code: str) -> Iterable[LegacyOrganization]:
        """The bodies of one site in their order."""
        ...


def _digest(record: LegacySection | LegacyArticle | LegacyOrganization) -> str:
    content = shallow(record)
    # The words depend on the language the import runs in; what they tell of is in the row.
    del content["line"], content["repairs"]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        return shallow(value)
    raise TypeError(f"{type(value).__name__} has no place in a digest")
