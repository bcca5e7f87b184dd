"""Writes of one batch: pages, their accounts, missing files and redirects. No transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms_core.pages.models import ArticlePage, SectionPage
from cms_core.pages.rows import ArticleRow, SectionRow
from cms_core.pages.services import (
    article_body,
    bulk_create_articles,
    bulk_create_sections,
    publish_page,
)
from cms_core.workflow.gate import released_by_the_platform
from sites.tenancy.guarded_rows import insert_rows

from .enums import MissingState, RecordKind
from .ledger import Repeat
from .models import ImportedRecord, ImportRun, MissingAttachment, TextToCheck
from .plan import Action, ArticleContent, ArticleStep, SectionContent, SectionStep, page_digest
from .redirects import AddressedRow, OldAddresses
from .report import Report
from .rules import HOLDING_KEY
from .selectors import Account, accounts, content_of, pages_of

#: Why an import asks no review of this site.
PUBLISHED_BEFORE = "an import: the old site published this text"
_NONE: Mapping[str, str] = {}
_RECORD_COLUMNS = (
    "source_key", "page_id", "source_digest", "applied_digest", "text_digest",
    "source_name", "kind", "first_run_id", "last_run_id",
)  # fmt: skip


@dataclass
class PageWriter:
    """Carries out the steps of a batch inside the caller's transaction.

    The accounts of sections are kept up to date as pages are made, so that later
    batches find the sections of earlier ones; those of articles come with each batch.
    """

    actor: Any
    run: ImportRun
    source_name: str
    home_id: int
    addresses: OldAddresses
    report: Report
    section_accounts: dict[str, Account]
    _parents: dict[str, str] = field(default_factory=dict)

    # -- sections ---------------------------------------------------------

    def write_sections(self, steps: Sequence[SectionStep]) -> None:
        """Makes and updates the sections of a batch; parents come before children."""
        self._parents.update({step.source_key: step.parent_key for step in steps})
        new = [step for step in steps if step.action == Action.CREATE]
        fresh = {step.source_key for step in new}
        made = bulk_create_sections(
            actor=self.actor, rows=[self._section_row(step, fresh) for step in new]
        )
        self._add_records(
            RecordKind.COLUMN,
            [(step, made[step.source_key]) for step in new],
            self.section_accounts,
        )
        changed = [step for step in steps if step.action == Action.UPDATE]
        pages = pages_of([step.page_id for step in changed if step.page_id], RecordKind.COLUMN)
        for step in changed:
            with released_by_the_platform(PUBLISHED_BEFORE):
                page = publish_page(
                    actor=self.actor,
                    page=pages[step.page_id or 0],
                    changes={
                        "title": step.content.title,
                        "section_kind": step.content.section_kind,
                        "description": step.content.description,
                        "keywords": step.content.keywords,
                        "external_url": step.content.external_url,
                    },
                )
            self._renew_record(RecordKind.COLUMN, step, page)
        self._write_redirects(
            [
                AddressedRow.of(step, _page_of(self.section_accounts, step.source_key))
                for step in steps
            ]
        )

    def _section_row(self, step: SectionStep, fresh: set[str]) -> SectionRow:
        parent_key = step.parent_key if step.parent_key in fresh else ""
        return SectionRow(
            key=step.source_key,
            title=step.content.title,
            slug=step.slug,
            parent_key=parent_key,
            parent_id=None if parent_key else self._section_page(step.parent_key),
            section_kind=step.content.section_kind,
            description=step.content.description,
            keywords=step.content.keywords,
            external_url=step.content.external_url,
            show_in_menus=not step.parent_key and step.source_key != HOLDING_KEY,
        )

    def _section_page(self, key: str) -> int:
        """The page of a column; where an editor deleted it, that of the nearest column above."""
        while key:
            account = self.section_accounts.get(key)
            if account is not None and account.page_id is not None:
                return account.page_id
            key = self._parents.get(key, "")
        return self.home_id

    # -- articles ---------------------------------------------------------

    def write_articles(
        self, steps: Sequence[ArticleStep], present: dict[str, Account], prints: Mapping[str, str]
    ) -> None:
        """Makes and updates the articles of a batch; merges wait for `write_merges`.

        `present`: the accounts of its rows; those of new pages are added. `prints`: what makes
        two texts the same, by key.
        """
        new = [step for step in steps if step.action == Action.CREATE]
        self._forget([step.source_key for step in new if step.source_key in present])
        made = bulk_create_articles(
            actor=self.actor, rows=[self._article_row(step) for step in new]
        )
        pairs = [(step, made[step.source_key]) for step in new]
        self._add_records(RecordKind.ARTICLE, pairs, present, prints)
        changed = [step for step in steps if step.action == Action.UPDATE]
        pages = pages_of([step.page_id for step in changed if step.page_id], RecordKind.ARTICLE)
        for step in changed:
            # First: a place that the new text does not have would count as taken out by an editor.
            MissingAttachment.objects.filter(page_id=step.page_id, state=MissingState.OPEN).delete()
            TextToCheck.objects.filter(page_id=step.page_id, settled_at=None).delete()
            page = self._update_article(step, pages[step.page_id or 0])
            self._renew_record(RecordKind.ARTICLE, step, page, prints)
            pairs.append((step, page))
        self._write_missing(pairs)
        self._write_checks(pairs)
        self._write_redirects(
            [
                AddressedRow.of(step, _page_of(present, step.source_key))
                for step in steps
                if step.action != Action.MERGE
            ]
        )

    def _forget(self, keys: Sequence[str]) -> None:
        """Drops the accounts of former repeats that become articles of their own."""
        if keys:
            ImportedRecord.objects.filter(
                source_name=self.source_name, kind=RecordKind.ARTICLE, source_key__in=keys
            ).delete()

    def _article_row(self, step: ArticleStep) -> ArticleRow:
        content = step.content
        return ArticleRow(
            key=step.source_key,
            parent_id=self._section_page(step.section_key),
            title=content.title,
            slug=step.slug,
            body=list(content.body),
            summary=content.summary,
            source_name=content.source_name,
            author_name=content.author_name,
            keywords=content.keywords,
            published_at=content.published_at,
            live=content.live,
        )

    def _update_article(self, step: ArticleStep, page: Any) -> Any:
        content = step.content
        changes = {
            "title": content.title,
            "summary": content.summary,
            "source_name": content.source_name,
            "author_name": content.author_name,
            "keywords": content.keywords,
            "published_at": content.published_at or page.published_at,
            "body": article_body(content.body),
        }
        if content.live:
            with released_by_the_platform(PUBLISHED_BEFORE):
                return publish_page(actor=self.actor, page=page, changes=changes)
        is_public = page.live
        for name, value in changes.items():
            setattr(page, name, value)
        if not is_public:
            page.save()
        # What is public stays as it is: what an import holds back may only lie in the draft.
        page.save_revision(user=self.actor)
        page.refresh_from_db()
        return page

    def _write_missing(self, pairs: Sequence[tuple[ArticleStep, Any]]) -> None:
        rows = {}
        for step, page in pairs:
            blocks = _newest_text(page).body.raw_data if step.missing else []
            for file in step.missing:
                block_id = blocks[file.place].get("id", "") if file.place is not None else ""
                reference = file.reference
                rows[page.pk, reference.address, block_id] = MissingAttachment(
                    page_id=page.pk,
                    source_name=self.source_name,
                    title=(reference.name or reference.address)[:200],
                    reference=reference.address[:300],
                    role=reference.role,
                    origin=reference.origin,
                    block_id=block_id,
                )
        MissingAttachment.objects.bulk_create(rows.values())
        self._count("missing_attachments", len(rows))

    def _write_checks(self, pairs: Sequence[tuple[ArticleStep, Any]]) -> None:
        rows = [
            TextToCheck(page_id=page.pk, reason=reason)
            for step, page in pairs
            for reason in step.checks
        ]
        if rows:
            TextToCheck.objects.bulk_create(rows)
        self._count("texts_to_check", len(rows))

    def write_merges(self, repeats: Sequence[Repeat]) -> None:
        """Leads the old addresses of repeated articles to the one that stands for them."""
        kept = accounts(
            self.source_name, RecordKind.ARTICLE, [repeat.merged_into for repeat in repeats]
        )
        pages = {repeat.source_key: _page_of(kept, repeat.merged_into) for repeat in repeats}
        known = accounts(self.source_name, RecordKind.ARTICLE, list(pages))
        for repeat in repeats:
            if repeat.source_key in known:
                ImportedRecord.objects.filter(
                    source_name=self.source_name,
                    kind=RecordKind.ARTICLE,
                    source_key=repeat.source_key,
                ).update(
                    page_id=pages[repeat.source_key],
                    source_digest=repeat.source_digest,
                    applied_digest="",
                    last_run=self.run,
                )
        ImportedRecord.objects.bulk_create(
            ImportedRecord(
                source_name=self.source_name,
                kind=RecordKind.ARTICLE,
                source_key=repeat.source_key,
                page_id=pages[repeat.source_key],
                source_digest=repeat.source_digest,
                applied_digest="",
                first_run=self.run,
                last_run=self.run,
            )
            for repeat in repeats
            if repeat.source_key not in known
        )
        self._write_redirects(
            [
                AddressedRow.of_repeat(repeat, pages[repeat.source_key])
                for repeat in repeats
                if pages[repeat.source_key] is not None
            ]
        )

    # -- accounts and addresses -------------------------------------------

    def _add_records(
        self,
        kind: RecordKind,
        pairs: Sequence[tuple[SectionStep | ArticleStep, Any]],
        known: dict[str, Account],
        prints: Mapping[str, str] = _NONE,
    ) -> None:
        rows = []
        for step, page in pairs:
            applied = applied_digest(page)
            text = prints.get(step.source_key, "")
            rows.append((step.source_key, page.pk, step.source_digest, applied, text))
            known[step.source_key] = Account(step.source_digest, applied, page.pk)
        same = (self.source_name, kind.value, self.run.pk, self.run.pk)
        insert_rows(ImportedRecord, _RECORD_COLUMNS, [(*row, *same) for row in rows])
        self._count(f"{kind.value}_created", len(rows))

    def _renew_record(
        self,
        kind: RecordKind,
        step: SectionStep | ArticleStep,
        page: Any,
        prints: Mapping[str, str] = _NONE,
    ) -> None:
        ImportedRecord.objects.filter(
            source_name=self.source_name, kind=kind, source_key=step.source_key
        ).update(
            source_digest=step.source_digest,
            applied_digest=applied_digest(page),
            text_digest=prints.get(step.source_key, ""),
            last_run=self.run,
        )
        self._count(f"{kind.value}_updated", 1)

    def _write_redirects(self, rows: Sequence[AddressedRow]) -> None:
        self.addresses.look_up(rows)
        targets = []
        for row in rows:
            paths, entries = self.addresses.plan(row)
            self.report.note_all(entries)
            if row.page_id is not None:
                targets.extend((path, row.page_id) for path in paths)
        self._count("redirects", self.addresses.write(targets))

    def _count(self, name: str, number: int) -> None:
        if number:
            self.report.written[name] += number


def _newest_text(page: Any) -> Any:
    """What an import just wrote: of a public page whose new text is held back, the draft."""
    return (
        page.get_latest_revision_as_object() if page.has_unpublished_changes and page.live else page
    )


def _page_of(known: dict[str, Account], key: str) -> int | None:
    account = known.get(key)
    return account.page_id if account else None


def applied_digest(page: ArticlePage | SectionPage) -> str:
    """The checksum of a page as an import leaves it."""
    content: ArticleContent | SectionContent = content_of(page)
    return page_digest(content, page.latest_revision_id)
