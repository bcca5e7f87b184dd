"""Old addresses that lead to the merged pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect

from sites.tenancy.guarded_rows import insert_rows
from sites.tenancy.models import Tenant

from .enums import Outcome, RecordKind
from .ledger import Repeat
from .plan import Action, ArticleStep, SectionStep
from .report import Entry
from .selectors import old_paths

LONGEST_OLD_PATH = 255
_REDIRECT_COLUMNS = (
    "old_path", "site_id", "redirect_page_id", "is_permanent", "automatically_created", "created_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddressedRow:
    """A row of the source as far as its addresses go; `page_id` where it has its page already.

    `paths`: its old addresses as redirects are stored.
    """

    action: Action
    title: str
    paths: tuple[str, ...]
    page_id: int | None

    @classmethod
    def of(cls, step: SectionStep | ArticleStep, page_id: int | None) -> AddressedRow:
        """That of a step."""
        return cls(step.action, step.content.title, _paths(step.old_urls), page_id)

    @classmethod
    def of_repeat(cls, repeat: Repeat, page_id: int | None) -> AddressedRow:
        """That of a repeat, whose addresses lead to the page that stands for it."""
        return cls(Action.MERGE, repeat.title, _paths(repeat.old_urls), page_id)


_WRITING = {Action.CREATE, Action.UPDATE, Action.MERGE}


def _paths(old_urls: Sequence[str]) -> tuple[str, ...]:
    return tuple(Redirect.normalise_path(address) for address in old_urls)


class OldAddresses:
    """Knows which old addresses of a batch are taken, and notes what becomes of each."""

    def __init__(self, tenant: Tenant) -> None:
        self._site_id = tenant.site_id
        self._taken: dict[str, int | None] = {}

    def look_up(self, rows: Iterable[AddressedRow]) -> list[str]:
        """Reads what stands at the old addresses of ``rows``, whose turn is next; returns the paths."""
        paths = list(dict.fromkeys(path for row in rows for path in row.paths))
        self._taken = dict(old_paths(self._site_id, paths)) if self._site_id else {}
        return paths

    def take(self, paths: Mapping[str, int | None]) -> None:
        """Counts addresses as taken that stand nowhere yet: those of a run that only foresees."""
        self._taken.update(paths)

    def plan(self, row: AddressedRow) -> tuple[list[str], list[Entry]]:
        """The addresses that need a redirect, and an entry for every one of the row's."""
        wanted = []
        entries = []
        for path in row.paths:
            outcome, reason = self._judge(path, row)
            if outcome == Outcome.IMPORTED:
                wanted.append(path)
                self._taken[path] = row.page_id
            entries.append(
                Entry(
                    RecordKind.REDIRECT,
                    path,
                    row.title,
                    outcome,
                    (reason,) if reason else (),
                    is_routine=row.action == Action.UNCHANGED,
                )
            )
        return wanted, entries

    def _judge(self, path: str, row: AddressedRow) -> tuple[Outcome, str]:
        if self._site_id is None:
            return Outcome.SKIPPED, _("the site has no address yet")
        if len(path) > LONGEST_OLD_PATH:
            return Outcome.LOST, _("the old address is longer than %(limit)d signs") % {
                "limit": LONGEST_OLD_PATH
            }
        if row.action not in _WRITING:
            return Outcome.SKIPPED, _("its page was skipped")
        if path in self._taken:
            if row.page_id is not None and self._taken[path] == row.page_id:
                return Outcome.SKIPPED, _("it leads to the page already")
            return Outcome.SKIPPED, _("the address leads elsewhere already and was left alone")
        return Outcome.IMPORTED, ""

    def write(self, targets: Iterable[tuple[str, int]]) -> int:
        """Makes permanent redirects for pairs of old path and page; returns their number."""
        now = timezone.now()
        rows = [(path, self._site_id, page_id, True, True, now) for path, page_id in targets]
        insert_rows(Redirect, _REDIRECT_COLUMNS, rows)
        return len(rows)
