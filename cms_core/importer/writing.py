"""Writes of one batch: pages, their accounts, missing files and redirects. No transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
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

from .enums import RecordKind
from .models import ImportedRecord, ImportRun, MissingAttachment
from .plan import Action, ArticleContent, ArticleStep, SectionContent, SectionStep, page_digest
from .redirects import OldAddresses
from .report import Report
from .rules import HOLDING_KEY
from .selectors import Account, content_of, pages_of

#: Why an import asks no review of this site.
_PUBLISHED_BEFORE = "an import: the old site published this text"


@dataclass
class PageWriter:
    """Carries out the steps of a batch inside the caller's transaction.

    Accounts are kept up to date as pages are made, so that later batches find
    the sections of earlier ones.
    """

    actor: Any
    run: ImportRun
    source_name: str
    home_id: int
    addresses: OldAddresses
    report: Report
    section_accounts: dict[str, Account]
    article_accounts: dict[str, Account]
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
            with released_by_the_platform(_PUBLISHED_BEFORE):
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
        self._write_redirects(steps, self.section_accounts)

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

    def write_articles(self, steps: Sequence[ArticleStep]) -> None:
        """Makes and updates the articles of a batch; merges wait for `write_merges`."""
        new = [step for step in steps if step.action == Action.CREATE]
        self._forget([step.source_key for step in new if step.source_key in self.article_accounts])
        made = bulk_create_articles(
            actor=self.actor, rows=[self._article_row(step) for step in new]
        )
        pairs = [(step, made[step.source_key]) for step in new]
        self._add_records(RecordKind.ARTICLE, pairs, self.article_accounts)
        changed = [step for step in steps if step.action == Action.UPDATE]
        pages = pages_of([step.page_id for step in changed if step.page_id], RecordKind.ARTICLE)
        for step in changed:
            page = self._update_article(step, pages[step.page_id or 0])
            self._renew_record(RecordKind.ARTICLE, step, page)
            MissingAttachment.objects.filter(page_id=page.pk, resolved_at=None).delete()
            pairs.append((step, page))
        self._write_missing(pairs)
        self._write_redirects(
            [step for step in steps if step.action != Action.MERGE], self.article_accounts
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
            with released_by_the_platform(_PUBLISHED_BEFORE):
                return publish_page(actor=self.actor, page=page, changes=changes)
        for name, value in changes.items():
            setattr(page, name, value)
        page.save()
        page.save_revision(user=self.actor)
        page.refresh_from_db()
        return page

    def _write_missing(self, pairs: Sequence[tuple[ArticleStep, Any]]) -> None:
        rows = {}
        for step, page in pairs:
            blocks = page.body.raw_data if step.missing else []
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

    def write_merges(self, steps: Sequence[ArticleStep]) -> None:
        """Leads the old addresses of repeated articles to the one that stands for them."""
        pairs = []
        for step in steps:
            kept = self.article_accounts.get(step.merged_into)
            page_id = kept.page_id if kept else None
            pairs.append((step, page_id))
            self.article_accounts[step.source_key] = Account(step.source_digest, "", page_id)
        for step, page_id in pairs:
            ImportedRecord.objects.update_or_create(
                source_name=self.source_name,
                kind=RecordKind.ARTICLE,
                source_key=step.source_key,
                defaults={
                    "page_id": page_id,
                    "source_digest": step.source_digest,
                    "applied_digest": "",
                    "last_run": self.run,
                },
                create_defaults={
                    "page_id": page_id,
                    "source_digest": step.source_digest,
                    "applied_digest": "",
                    "first_run": self.run,
                    "last_run": self.run,
                },
            )
        self._write_redirects(
            [step for step, page_id in pairs if page_id is not None], self.article_accounts
        )

    # -- accounts and addresses -------------------------------------------

    def _add_records(
        self,
        kind: RecordKind,
        pairs: Sequence[tuple[SectionStep | ArticleStep, Any]],
        known: dict[str, Account],
    ) -> None:
        records = []
        for step, page in pairs:
            applied = _digest(page)
            records.append(
                ImportedRecord(
                    source_name=self.source_name,
                    kind=kind,
                    source_key=step.source_key,
                    page_id=page.pk,
                    source_digest=step.source_digest,
                    applied_digest=applied,
                    first_run=self.run,
                    last_run=self.run,
                )
            )
            known[step.source_key] = Account(step.source_digest, applied, page.pk)
        ImportedRecord.objects.bulk_create(records)
        self._count(f"{kind.value}_created", len(records))

    def _renew_record(self, kind: RecordKind, step: SectionStep | ArticleStep, page: Any) -> None:
        ImportedRecord.objects.filter(
            source_name=self.source_name, kind=kind, source_key=step.source_key
        ).update(source_digest=step.source_digest, applied_digest=_digest(page), last_run=self.run)
        self._count(f"{kind.value}_updated", 1)

    def _write_redirects(
        self, steps: Sequence[SectionStep | ArticleStep], known: dict[str, Account]
    ) -> None:
        targets = []
        for step in steps:
            account = known.get(step.source_key)
            page_id = account.page_id if account else None
            paths, entries = self.addresses.plan(replace(step, page_id=page_id))
            self.report.note_all(entries)
            if page_id is not None:
                targets.extend((path, page_id) for path in paths)
        self._count("redirects", self.addresses.write(targets))

    def _count(self, name: str, number: int) -> None:
        if number:
            self.report.written[name] += number


def _digest(page: ArticlePage | SectionPage) -> str:
    content: ArticleContent | SectionContent = content_of(page)
    return page_digest(content, page.latest_revision_id)
