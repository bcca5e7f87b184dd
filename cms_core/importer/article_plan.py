"""What an import is going to do with each article. Pure: a legacy article in, a step out."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms_core.pages.table_block import grid_of_markup

from .cleaning import Block, CleanBody, FileReference, clean_body
from .enums import (
    AttachmentOrigin,
    AttachmentRole,
    CheckReason,
    FindingCode,
    Outcome,
    PersonalData,
    RecordKind,
)
from .plan import (
    LONGEST_KEYWORDS,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    Action,
    ArticleContent,
    ArticleStep,
    KnownRecord,
    MissingFile,
    PersonalFinding,
    decide,
    differing_fields,
    holding_content,
    kept_length,
)
from .report import Entry
from .rules import HOLDING_KEY, article_slug
from .sources.records import LegacyArticle
from .texts import (
    HELD_KINDS,
    decode_text,
    drop_collector_fields,
    find_mojibake,
    find_personal_data,
    is_held,
    looks_like_test,
)
from .wording import personal_words

LONGEST_SOURCE_NAME = 120
LONGEST_AUTHOR = 60
LONGEST_FILE_TITLE = 200
LONGEST_REFERENCE = 300
#: Findings in the text that a person should know of; looks that went are no repair.
_MENDED = (
    FindingCode.SCRIPT,
    FindingCode.HANDLER,
    FindingCode.FRAME,
    FindingCode.BAD_ADDRESS,
    FindingCode.OVER_ENCODED,
    FindingCode.TOO_DEEP,
)
#: What keeps an article a draft until a person has looked at it.
_HELD = {
    FindingCode.MOJIBAKE: CheckReason.GARBLED,
    FindingCode.TEST_ROW: CheckReason.TRIAL,
    FindingCode.EMPTY_BODY: CheckReason.NO_TEXT,
}
_PERSONAL = {
    "identity_number": CheckReason.IDENTITY,
    "bank_card_number": CheckReason.BANK_CARD,
    "mobile_number": CheckReason.MOBILE,
}


@dataclass
class _Reading:
    """One article on its way: values so far and what was met."""

    repairs: list[str] = field(default_factory=list)
    findings: dict[FindingCode, int] = field(default_factory=dict)
    checks: dict[CheckReason, None] = field(default_factory=dict)
    live: bool = True
    lost: str = ""

    def found(self, code: FindingCode, number: int = 1) -> None:
        self.findings[code] = self.findings.get(code, 0) + number

    def hold_back(self, code: FindingCode, reason: str) -> None:
        """Marks the article: it is kept as a draft that an editor has to look at."""
        self.found(code)
        self.checks[_HELD[code]] = None
        self.repairs.append(_("%(reason)s; kept as a draft") % {"reason": reason})
        self.live = False


def plan_article(
    article: LegacyArticle,
    record: KnownRecord | None,
    *,
    known_sections: set[str] | frozenset[str],
    merged_into: str = "",
    digest: str = "",
    personal_data: PersonalData = PersonalData.HOLD,
) -> ArticleStep:
    """The step for one article; `merged_into` is the key of the same article in the same section.

    `digest`: that of the article, where the caller has it already. `personal_data`: what becomes of it
    where it shows an identity or bank card number.
    """
    reading = _Reading(repairs=list(article.repairs))
    section_key = article.section_key
    if section_key not in known_sections:
        reading.repairs.append(
            _("its column %(column)s is not in the source; placed in “%(holding)s”")
            % {"column": article.section_key or "0", "holding": holding_content().title}
        )
        section_key = HOLDING_KEY
    body = clean_body(article.body_html or "")
    for code, number in body.findings.items():
        reading.found(code, number)
    title = _title(article, reading)
    summary = _summary(article, reading)
    _judge_body(article, body, title, summary, reading)
    personal = find_personal_data(f"{title}\n{summary}\n{body.text}")
    if is_held(personal):
        _judge_personal_data(personal, personal_data, reading)
    blocks, missing = _stream(article, body)
    content = ArticleContent(
        title=title,
        summary=summary,
        source_name=_field(
            gettext_lazy("source"), article.source_name, LONGEST_SOURCE_NAME, reading
        ),
        author_name=_field(gettext_lazy("author"), article.author, LONGEST_AUTHOR, reading),
        keywords=_field(gettext_lazy("keywords"), article.keywords, LONGEST_KEYWORDS, reading),
        published_at=article.published_at,
        live=reading.live,
        body=blocks or _summary_block(summary),
    )
    digest = digest or article.digest()
    if record is not None and not record.applied_digest and not merged_into:
        record = None  # it was a repeat of another article and is one no longer
    action, reasons = decide(record, digest)
    has_page = record is not None and bool(record.applied_digest)
    if merged_into and action != Action.UNCHANGED and not has_page:
        action = Action.MERGE
        reasons = (_("repeats article %(key)s of the same column") % {"key": merged_into},)
    entry = _article_entry(article, content, action, reasons, reading, record)
    return ArticleStep(
        action=action,
        source_key=article.source_key,
        section_key=section_key,
        slug=article_slug(article.source_key),
        content=content,
        source_digest=digest,
        old_urls=article.old_urls,
        page_id=record.page_id if record else None,
        merged_into=merged_into,
        missing=missing,
        findings=reading.findings,
        entry=entry,
        attachments=_attachment_entries(article, body, action),
        personal_data=PersonalFinding(personal, is_public=reading.live) if personal else None,
        checks=(*reading.checks, *(_PERSONAL[kind] for kind in personal)),
    )


def _title(article: LegacyArticle, reading: _Reading) -> str:
    decoded = decode_text(article.title)
    _note_surplus(decoded.over_encoded, reading)
    title = kept_length(gettext_lazy("title"), decoded.text, LONGEST_TITLE, reading.repairs)
    if not title:
        reading.repairs.append(_("it had no title"))
        return _("Article %(key)s") % {"key": article.source_key}
    garbled = find_mojibake(title)
    if garbled:
        reading.hold_back(
            FindingCode.MOJIBAKE,
            _("garbled characters in the title: “%(text)s”") % {"text": garbled},
        )
    return title


def _summary(article: LegacyArticle, reading: _Reading) -> str:
    """The summary; a garbled one is left out, since the text itself is there."""
    decoded = decode_text(article.summary)
    _note_surplus(decoded.over_encoded, reading)
    garbled = find_mojibake(decoded.text)
    if garbled:
        reading.found(FindingCode.MOJIBAKE)
        reading.repairs.append(
            _("garbled characters in the summary, which was left out: “%(text)s”")
            % {"text": garbled}
        )
        return ""
    return kept_length(gettext_lazy("summary"), decoded.text, LONGEST_SUMMARY, reading.repairs)


def _note_surplus(number: int, reading: _Reading) -> None:
    if number:
        reading.found(FindingCode.OVER_ENCODED, number)


def _field(name: object, raw: str, longest: int, reading: _Reading) -> str:
    text = decode_text(raw).text
    filled = drop_collector_fields(text)
    if filled != text:
        reading.found(FindingCode.TEMPLATE_FIELD)
        reading.repairs.append(
            _("unfilled field of a collecting tool left out: “%(text)s”") % {"text": text[:30]}
        )
    return kept_length(name, filled, longest, reading.repairs)


def _judge_body(
    article: LegacyArticle, body: CleanBody, title: str, summary: str, reading: _Reading
) -> None:
    reading.repairs.extend(
        f"{code.label} ({reading.findings[code]})" for code in _MENDED if reading.findings.get(code)
    )
    if not article.verified:
        reading.live = False
    garbled = find_mojibake(body.text)
    if garbled:
        reading.hold_back(
            FindingCode.MOJIBAKE,
            _("garbled characters in the text: “%(text)s”") % {"text": garbled},
        )
    if looks_like_test(title, body.text or summary):
        reading.hold_back(FindingCode.TEST_ROW, _("looks like a test entry"))
    if article.published_at is None:
        reading.repairs.append(_("it had no date"))
    if article.body_html is None:
        reading.live = False
        reading.lost = _(
            "its text is not in the source; title, date and summary are kept as a draft"
        )
        reading.found(FindingCode.EMPTY_BODY)
        reading.checks[CheckReason.LOST_TEXT] = None
    elif not body.blocks:
        reading.hold_back(FindingCode.EMPTY_BODY, _("it has no text"))


def _judge_personal_data(kinds: tuple[str, ...], choice: PersonalData, reading: _Reading) -> None:
    what = "、".join(personal_words(kind for kind in kinds if kind in HELD_KINDS))
    reading.found(FindingCode.PERSONAL_DATA)
    if choice == PersonalData.HOLD:
        reading.repairs.append(_("kept as a draft, since it holds: %(what)s") % {"what": what})
        reading.live = False
    elif reading.live:
        reading.repairs.append(_("public by order, though it holds: %(what)s") % {"what": what})


def _article_entry(
    article: LegacyArticle,
    content: ArticleContent,
    action: Action,
    reasons: tuple[str, ...],
    reading: _Reading,
    record: KnownRecord | None,
) -> Entry:
    outcome = Outcome.SKIPPED
    difference: tuple[str, ...] = ()
    if action in (Action.CREATE, Action.UPDATE):
        outcome = Outcome.REPAIRED if reading.repairs else Outcome.IMPORTED
        reasons = tuple(reading.repairs)
        if reading.lost:
            outcome = Outcome.LOST
            reasons = (reading.lost, *reasons)
    elif action == Action.CONFLICT and record is not None:
        difference = differing_fields(asdict(content), record.fields)
    return Entry(
        RecordKind.ARTICLE,
        article.source_key,
        content.title,
        outcome,
        reasons,
        difference,
        is_routine=action == Action.UNCHANGED,
    )


# -- bodies and files -------------------------------------------------------


def _stream(
    article: LegacyArticle, body: CleanBody
) -> tuple[tuple[tuple[str, object], ...], tuple[MissingFile, ...]]:
    """The blocks as pairs of type and plain value, and what is missing."""
    stream: list[tuple[str, object]] = []
    missing = []
    blocks = list(body.blocks)
    covers = []
    for reference in _beside(article, body):
        if reference.role != AttachmentRole.FILE:
            covers.append(MissingFile(reference, None))
        elif reference.origin == AttachmentOrigin.EXTERNAL:
            link = f'<a href="{escape(reference.address)}">{escape(reference.name)}</a>'
            blocks.append(Block("paragraph", f"<p>{link}</p>"))
        else:
            blocks.append(Block("missing_attachment", reference=reference))
    for place, block in enumerate(blocks):
        value: object = block.markup
        if block.reference is not None:
            value = {
                "title": block.reference.name[:LONGEST_FILE_TITLE] or _("unnamed file"),
                "source_reference": block.reference.address[:LONGEST_REFERENCE],
            }
            missing.append(MissingFile(block.reference, place))
        kind = block.kind
        grid = grid_of_markup(block.markup) if kind == "html" else None
        if grid is not None:
            kind, value = "table", grid.value()
        stream.append((kind, value))
    return tuple(stream), (*missing, *covers)


def _beside(article: LegacyArticle, body: CleanBody) -> list[FileReference]:
    """Files the old site kept beside the article and its text does not mention."""
    mentioned = {reference.address for reference in body.references}
    return [
        FileReference(
            attachment.path,
            attachment.name,
            attachment.role,
            AttachmentOrigin.EXTERNAL
            if attachment.path.startswith(("http://", "https://"))
            else AttachmentOrigin.UPLOAD,
        )
        for attachment in article.attachments
        # A thumbnail is named after its picture: photo.jpg.thumb.jpg.
        if not any(address.startswith(attachment.path) for address in mentioned)
    ]


def _summary_block(summary: str) -> tuple[tuple[str, object], ...]:
    """The text of a draft whose body is lost: what the summary tells of it."""
    return (("paragraph", f"<p>{escape(summary, quote=False)}</p>"),) if summary else ()


_FATES = {
    AttachmentOrigin.UPLOAD: (
        Outcome.LOST,
        gettext_lazy("the file is not in the source; a place is kept for it"),
    ),
    AttachmentOrigin.LOCAL: (
        Outcome.LOST,
        gettext_lazy("it was never uploaded: the address is on its author's computer"),
    ),
    AttachmentOrigin.EXTERNAL: (
        Outcome.SKIPPED,
        gettext_lazy("it lies on another site and was not fetched"),
    ),
}


def _attachment_entries(
    article: LegacyArticle, body: CleanBody, action: Action
) -> tuple[Entry, ...]:
    """One entry for every file the article points to, in its text or beside it."""
    files = (*body.references, *_beside(article, body))
    entries = []
    for number, file in enumerate(files, start=1):
        outcome, why = _FATES[file.origin]
        reason = str(why)
        if action not in (Action.CREATE, Action.UPDATE):
            outcome, reason = Outcome.SKIPPED, _("its article was skipped")
        elif (file.role, file.origin) == (AttachmentRole.FILE, AttachmentOrigin.EXTERNAL):
            outcome, reason = Outcome.IMPORTED, ""
        entries.append(
            Entry(
                RecordKind.ATTACHMENT,
                f"{article.source_key}#{number}",
                file.name or file.address,
                outcome,
                (f"{reason}: {file.address}",) if reason else (),
                is_routine=action == Action.UNCHANGED,
            )
        )
    return tuple(entries)
