"""Old addresses that lead to the merged pages."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect

from sites.tenancy.models import Tenant

from .enums import Outcome, RecordKind
from .plan import Action, ArticleStep, SectionStep
from .report import Entry
from .selectors import old_paths

LONGEST_OLD_PATH = 255
_WRITING = {Action.CREATE, Action.UPDATE, Action.MERGE}


class OldAddresses:
    """Knows which old addresses of the site are taken, and notes what becomes of each."""

    def __init__(self, tenant: Tenant) -> None:
        self._site_id = tenant.site_id
        self._taken = old_paths(tenant.site_id) if tenant.site_id else {}

    def plan(self, step: SectionStep | ArticleStep) -> tuple[list[str], list[Entry]]:
        """The addresses that need a redirect, and an entry for every one of the step's."""
        wanted = []
        entries = []
        for address in step.old_urls:
            path = Redirect.normalise_path(address)
            outcome, reason = self._judge(path, step)
            if outcome == Outcome.IMPORTED:
                wanted.append(path)
                self._taken[path] = step.page_id
            entries.append(
                Entry(
                    RecordKind.REDIRECT,
                    path,
                    step.content.title,
                    outcome,
                    (reason,) if reason else (),
                )
            )
        return wanted, entries

    def _judge(self, path: str, step: SectionStep | ArticleStep) -> tuple[Outcome, str]:
        if self._site_id is None:
            return Outcome.SKIPPED, _("the site has no address yet")
        if len(path) > LONGEST_OLD_PATH:
            return Outcome.LOST, _("the old address is longer than %(limit)d signs") % {
                "limit": LONGEST_OLD_PATH
            }
        if step.action not in _WRITING:
            return Outcome.SKIPPED, _("its page was skipped")
        if path in self._taken:
            if step.page_id is not None and self._taken[path] == step.page_id:
                return Outcome.SKIPPED, _("it leads to the page already")
            return Outcome.SKIPPED, _("the address leads elsewhere already and was left alone")
        return Outcome.IMPORTED, ""

    def write(self, targets: Iterable[tuple[str, int]]) -> int:
        """Makes permanent redirects for pairs of old path and page; returns their number."""
        made = Redirect.objects.bulk_create(
            [
                Redirect(
                    old_path=path,
                    site_id=self._site_id,
                    redirect_page_id=page_id,
                    is_permanent=True,
                    automatically_created=True,
                )
                for path, page_id in targets
            ]
        )
        return len(made)
