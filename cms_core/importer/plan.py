"""What an import is going to do with each row. Pure: legacy rows and known records in, steps out.

A step says what happens to the page (`Action`) and carries the entry for the
report. Nothing here reads or writes the database, so a dry run is the same
plan without the writing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from cms_core.pages.enums import SectionKind as PageSectionKind
from sites.registry.records import shallow

from .cleaning import FileReference
from .enums import CheckReason, FindingCode, Outcome, RecordKind, SectionKind
from .report import Entry
from .rules import HOLDING_KEY, PlacedSection, section_slug
from .texts import decode_text, find_mojibake

LONGEST_TITLE = 255
LONGEST_SUMMARY = 500
LONGEST_KEYWORDS = 200
_PAGE_KINDS = {
    SectionKind.INDEX: PageSectionKind.SECTION,
    SectionKind.LIST: PageSectionKind.ARTICLE_LIST,
    SectionKind.SINGLE: PageSectionKind.SINGLE_PAGE,
    SectionKind.LINK: PageSectionKind.EXTERNAL,
    SectionKind.BODIES: PageSectionKind.ORGANISATION,
}


class Action(StrEnum):
    """What happens to the page of a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    DELETED = "deleted"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """What an earlier import left behind for a row.

    `page_digest` is the `page_digest` of the page as it stands now, "" when the
    page is gone; `fields` are the values behind it, for naming a difference.
    """

    source_digest: str
    applied_digest: str
    page_id: int | None
    page_digest: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectionContent:
    """What a section page will hold; `section_kind` as `cms_core.pages.enums.SectionKind` has it."""

    title: str
    section_kind: str
    description: str
    keywords: str
    external_url: str


@dataclass(frozen=True, slots=True)
class ArticleContent:
    """What an article page will hold; `body` are pairs of block type and plain value."""

    title: str
    summary: str
    source_name: str
    author_name: str
    keywords: str
    published_at: datetime | None
    live: bool
    body: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class SectionStep:
    """One column: what to do, where, and the old addresses that lead to it."""

    action: Action
    source_key: str
    parent_key: str
    slug: str
    content: SectionContent
    source_digest: str
    old_urls: tuple[str, ...]
    page_id: int | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class MissingFile:
    """A file the page needs; `place` counts the blocks up to the one that stands for it, from 0.

    None for a cover picture, which no block stands for.
    """

    reference: FileReference
    place: int | None


@dataclass(frozen=True, slots=True)
class PersonalFinding:
    """Kinds of personal data in an article, and whether everybody will be able to read it."""

    kinds: tuple[str, ...]
    is_public: bool


@dataclass(frozen=True, slots=True)
class ArticleStep:
    """One article: what to do, where, and everything that hangs on it."""

    action: Action
    source_key: str
    section_key: str
    slug: str
    content: ArticleContent
    source_digest: str
    old_urls: tuple[str, ...]
    page_id: int | None
    merged_into: str
    missing: tuple[MissingFile, ...]
    findings: Mapping[FindingCode, int]
    entry: Entry
    attachments: tuple[Entry, ...]
    personal_data: PersonalFinding | None
    checks: tuple[CheckReason, ...] = ()


def digest_of(values: Mapping[str, object]) -> str:
    """SHA-256 of JSON-able values; datetimes count to the second."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return str(int(value.timestamp()))
    raise TypeError(f"{type(value).__name__} has no place in a digest")


def page_digest(content: SectionContent | ArticleContent, revision_id: int | None) -> str:
    """What tells a page as the import left it from one that somebody saved since.

    The number of the newest revision is part of it: a draft that waits for
    review has changed nothing on the page and is an editor's work all the same.
    """
    return digest_of({**shallow(content), "revision": revision_id})


def holding_content() -> SectionContent:
    """The section for what lost its place in the old site."""
    return SectionContent(
        _("To be sorted"),
        PageSectionKind.ARTICLE_LIST.value,
        _("Columns and articles of the old site whose place is not in the source."),
        "",
        "",
    )


def plan_sections(
    placed: Sequence[PlacedSection],
    known: Mapping[str, KnownRecord],
    taken: Mapping[str, set[str]],
    *,
    needs_holding: bool,
) -> list[SectionStep]:
    """Steps in the order of creation, parents first.

    `taken` holds the slugs in use below a parent key ("" for the home page).
    `needs_holding`: an article's column is missing. An orphan column needs the
    holding section too.
    """
    slugs = {key: set(used) for key, used in taken.items()}
    steps = []
    if needs_holding or any(entry.is_orphan for entry in placed):
        steps.append(_holding_step(known.get(HOLDING_KEY), slugs))
    for place in placed:
        used = slugs.setdefault(place.parent_key, set())
        slug = section_slug(decode_text(place.section.name).text, place.section.source_key, used)
        step = _section_step(place, slug, known.get(place.section.source_key))
        if step.action == Action.CREATE:
            used.add(slug)
        steps.append(step)
    return steps


def _holding_step(record: KnownRecord | None, slugs: dict[str, set[str]]) -> SectionStep:
    content = holding_content()
    digest = digest_of(asdict(content))
    action, reasons = decide(record, digest)
    slug = section_slug("to-be-sorted", "holding", slugs.get("", set()))
    slugs.setdefault("", set()).add(slug)
    # The holding section stands for no row of the source: its entry is not noted.
    entry = Entry(RecordKind.COLUMN, HOLDING_KEY, content.title, Outcome.IMPORTED, reasons)
    page_id = record.page_id if record else None
    return SectionStep(action, HOLDING_KEY, "", slug, content, digest, (), page_id, entry)


def _section_step(place: PlacedSection, slug: str, record: KnownRecord | None) -> SectionStep:
    section = place.section
    repairs = list(section.repairs)
    name = decode_text(section.name)
    title = kept_length(_("title"), name.text, LONGEST_TITLE, repairs)
    if not title:
        title = _("Column %(key)s") % {"key": section.source_key}
        repairs.append(_("the column had no name"))
    if place.is_orphan:
        repairs.append(
            _("its parent %(parent)s is not in the source; placed in “%(holding)s”")
            % {"parent": section.parent_key, "holding": holding_content().title}
        )
    if find_mojibake(title):
        repairs.append(_("garbled characters in the name: “%(text)s”") % {"text": title[:20]})
    kind, link = section.kind, section.link.strip()
    if kind == SectionKind.LINK and not link.startswith(("http://", "https://")):
        kind, link = SectionKind.LIST, ""
        repairs.append(_("its link leads nowhere; it became a list"))
    content = SectionContent(
        title,
        _PAGE_KINDS[kind].value,
        decode_text(section.description).text[:LONGEST_SUMMARY],
        decode_text(section.keywords).text[:LONGEST_KEYWORDS],
        link if kind == SectionKind.LINK else "",
    )
    digest = section.digest()
    action, reasons = decide(record, digest)
    outcome = Outcome.SKIPPED
    difference: tuple[str, ...] = ()
    if action in (Action.CREATE, Action.UPDATE):
        outcome = Outcome.REPAIRED if repairs else Outcome.IMPORTED
        reasons = tuple(repairs)
    elif action == Action.CONFLICT and record is not None:
        difference = differing_fields(asdict(content), record.fields)
    entry = Entry(
        RecordKind.COLUMN,
        section.source_key,
        title,
        outcome,
        reasons,
        difference,
        is_routine=action == Action.UNCHANGED,
    )
    return SectionStep(
        action,
        section.source_key,
        place.parent_key,
        slug,
        content,
        digest,
        section.old_urls,
        record.page_id if record else None,
        entry,
    )


def kept_length(name: object, text: str, longest: int, repairs: list[str]) -> str:
    """What of ``text`` a field takes; a cut is told in ``repairs``."""
    if len(text) > longest:
        repairs.append(
            _("%(field)s: %(length)d characters, the first %(limit)d were kept")
            % {"field": name, "length": len(text), "limit": longest}
        )
    return text[:longest]


def decide(record: KnownRecord | None, source_digest: str) -> tuple[Action, tuple[str, ...]]:
    """What a second look at a row means for its page, with the reason for the report."""
    if record is None:
        return Action.CREATE, ()
    if record.source_digest == source_digest:
        return Action.UNCHANGED, (_("unchanged since the last import"),)
    if not record.page_digest:
        return Action.DELETED, (_("its page was deleted here; it does not come back"),)
    if record.page_digest != record.applied_digest:
        return Action.CONFLICT, (
            _("changed here since the import and changed in the source; the page was left alone"),
        )
    return Action.UPDATE, ()


def differing_fields(
    wanted: Mapping[str, object], present: Mapping[str, object]
) -> tuple[str, ...]:
    """Names of the fields in which the page differs from what the source wants."""
    return tuple(
        name for name, value in wanted.items() if name in present and present[name] != value
    )
