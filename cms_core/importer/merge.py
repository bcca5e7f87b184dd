"""One site of a source on its way into a tenant: planned as a whole, written in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cms_core.pages.models import HomePage
from sites.tenancy.models import Tenant

from .article_plan import plan_article
from .enums import PersonalData, RecordKind
from .exceptions import ImportFailed, VerificationFailed
from .ledger import Ledger, Repeat
from .models import ImportRun
from .plan import Action, ArticleStep, SectionStep, plan_sections
from .redirects import AddressedRow, OldAddresses
from .report import Report
from .rules import HOLDING_KEY, Fingerprint, fingerprint, place_sections
from .selectors import Account, accounts, known_records, slugs_below
from .sources.records import LegacySite, Source
from .texts import plain_words
from .writing import PageWriter

T = TypeVar("T")
#: Rows whose accounts are read at once when all was written.
_VERIFIED_AT_ONCE = 1000


@dataclass
class SiteMerge:
    """Plans with `prepare`, then either `foresee` (dry run) or `apply`."""

    actor: Any
    tenant: Tenant
    source: Source
    site: LegacySite
    batch_size: int
    progress: Callable[[int, int], None]
    personal_data: PersonalData = PersonalData.HOLD
    report: Report = field(default_factory=Report)
    home_id: int = 0
    sections: list[SectionStep] = field(default_factory=list)
    section_keys: set[str] = field(default_factory=set)
    section_accounts: dict[str, Account] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def source_name(self) -> str:
        """Shape and site code: the same for every dump of one old site."""
        return f"{self.source.shape}:{self.site.code}"

    # -- planning ---------------------------------------------------------

    def prepare(self) -> None:
        """Reads and checks the whole source and plans its sections; writes nothing.

        Raises `ImportFailed` when the tenant has no home page, and `SourceError`
        for columns that form no tree.
        """
        home = HomePage.objects.filter(tenant=self.tenant).first()
        # A dry run may look at a site that is not opened yet: it has no home page and no number.
        if home is None and self.tenant.pk:
            raise ImportFailed(
                _("Site “%(tenant)s” has no home page. Open the site first, then import into it.")
                % {"tenant": self.tenant}
            )
        self.home_id = home.pk if home is not None else 0
        legacy = self.source.sections(self.site.code)
        placed = place_sections(legacy)
        self.section_keys = {section.source_key for section in legacy}
        needs_holding = self._look_through_articles()
        self.section_accounts = accounts(self.source_name, RecordKind.COLUMN)
        digests = {section.source_key: section.digest() for section in legacy}
        holding = self.section_accounts.get(HOLDING_KEY)
        # The holding section stands for no row: its own wording is never a change of the source.
        known = known_records(
            self.section_accounts,
            {**digests, HOLDING_KEY: holding.source_digest if holding else ""},
            RecordKind.COLUMN,
        )
        taken = self._slugs_in_use() if digests.keys() - self.section_accounts.keys() else {}
        self.sections = plan_sections(placed, known, taken, needs_holding=needs_holding)

    def _look_through_articles(self) -> bool:
        """Finds keys and repeats in a first pass; tells whether an article has no column."""
        is_homeless = False
        for article in self.source.articles(self.site.code):
            is_homeless = is_homeless or article.section_key not in self.section_keys
            title = plain_words(article.title)
            digest = fingerprint(title, plain_words(article.body_html or ""))
            print_ = Fingerprint(
                article.source_key, article.section_key, article.published_at, digest
            )
            self.ledger.add_article(print_, title)
        for group, title in self.ledger.group():
            self.report.repeated.append(
                {
                    "title": title,
                    "owner": group.owner,
                    "copies": list(group.copies),
                    "merged": sorted(group.merged),
                }
            )
        return is_homeless

    def _slugs_in_use(self) -> dict[str, set[str]]:
        keys = {
            account.page_id: key
            for key, account in self.section_accounts.items()
            if account.page_id is not None
        }
        keys[self.home_id] = ""
        return {keys[page_id]: slugs for page_id, slugs in slugs_below(keys).items()}

    def _plan_articles(self) -> Iterator[tuple[list[ArticleStep], dict[str, Account]]]:
        """The steps of one batch after the other, with the accounts of its rows."""
        for batch in _batches(self.source.articles(self.site.code), self.batch_size):
            digests = {article.source_key: article.digest() for article in batch}
            keys = list(digests)
            present = accounts(self.source_name, RecordKind.ARTICLE, keys)
            known = known_records(present, digests, RecordKind.ARTICLE)
            repeats = self.ledger.repeats_of(keys)
            steps = [
                plan_article(
                    article,
                    known.get(article.source_key),
                    known_sections=self.section_keys,
                    merged_into=repeats.get(article.source_key, ""),
                    digest=digests[article.source_key],
                    personal_data=self.personal_data,
                )
                for article in batch
            ]
            yield steps, present

    # -- doing ------------------------------------------------------------

    def foresee(self) -> None:
        """Fills the report as `apply` would, and writes nothing."""
        addresses = OldAddresses(self.tenant)
        for sections in _batches(self.sections, self.batch_size):
            self._foresee_addresses(addresses, sections)
            for section in sections:
                self._note_section(section)
        done = 0
        for steps, _accounts in self._plan_articles():
            self._foresee_addresses(addresses, steps)
            for step in steps:
                self._note_article(step)
            done += len(steps)
            self.progress(done, self.ledger.articles)

    def _foresee_addresses(
        self, addresses: OldAddresses, steps: Sequence[SectionStep | ArticleStep]
    ) -> None:
        rows = [AddressedRow.of(step, step.page_id) for step in steps]
        addresses.take(self.ledger.claimed(addresses.look_up(rows)))
        for row in rows:
            wanted, entries = addresses.plan(row)
            self.ledger.claim(wanted)
            self.report.note_all(entries)

    def apply(self, run: ImportRun) -> None:
        """Writes sections, then articles, each batch in one transaction; checks the accounts.

        Raises `VerificationFailed` when a row of the source ended without an account.
        """
        writer = PageWriter(
            actor=self.actor,
            run=run,
            source_name=self.source_name,
            home_id=self.home_id,
            addresses=OldAddresses(self.tenant),
            report=self.report,
            section_accounts=self.section_accounts,
        )
        for sections in _batches(self.sections, self.batch_size):
            with transaction.atomic():
                writer.write_sections(sections)
                self._touch(run)
            for section in sections:
                self._note_section(section)
        done = 0
        for steps, present in self._plan_articles():
            with transaction.atomic():
                prints = self.ledger.digests_of([step.source_key for step in steps])
                writer.write_articles(steps, present, prints)
                self._touch(run)
            for step in steps:
                self._note_article(step)
                if step.action == Action.MERGE:
                    self.ledger.postpone(_repeat(step))
            done += len(steps)
            self.progress(done, self.ledger.articles)
        # Last, when every article that a copy stands behind has its page.
        for repeats in _batches(self.ledger.postponed(), self.batch_size):
            with transaction.atomic():
                writer.write_merges(repeats)
                self._touch(run)
        self._verify()

    def _touch(self, run: ImportRun) -> None:
        ImportRun.objects.filter(pk=run.pk).update(touched_at=timezone.now())

    def _note_section(self, step: SectionStep) -> None:
        if step.source_key != HOLDING_KEY:
            self.report.note(step.entry)

    def _note_article(self, step: ArticleStep) -> None:
        self.report.note(step.entry)
        self.report.note_all(step.attachments)
        self.report.findings.update(step.findings)
        if step.personal_data and step.action in (Action.CREATE, Action.UPDATE):
            self.report.personal_data.append(
                {
                    "source_key": step.source_key,
                    "title": step.content.title,
                    "kinds": list(step.personal_data.kinds),
                    "is_public": step.personal_data.is_public,
                }
            )

    def _verify(self) -> None:
        missing = []
        for kind, keys in (
            (RecordKind.COLUMN, iter(sorted(self.section_keys))),
            (RecordKind.ARTICLE, self.ledger.keys()),
        ):
            for some in _batches(keys, _VERIFIED_AT_ONCE):
                found = accounts(self.source_name, kind, some)
                missing.extend(f"{kind.value} {key}" for key in some if key not in found)
        if missing:
            raise VerificationFailed(
                _(
                    "%(number)d rows of the source have no account after the import: %(rows)s. Start it again."
                )
                % {"number": len(missing), "rows": ", ".join(missing[:10])}
            )

    def close(self) -> None:
        """Gives back the temporary tables."""
        self.ledger.close()


def _repeat(step: ArticleStep) -> Repeat:
    return Repeat(
        step.source_key, step.content.title, step.source_digest, step.old_urls, step.merged_into
    )


def _batches(rows: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch
