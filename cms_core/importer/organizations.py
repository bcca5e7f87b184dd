"""The bodies (机构) an old site listed become pages of bodies. Runs inside the tenant's scope.

They are counted among the articles, under keys of their own. The lists of old
sites give names only: a page without duties is no page for the public, so each
is a draft that an editor completes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cms_core.pages.enums import SectionKind
from cms_core.pages.models import OrganizationPage, SectionPage
from cms_core.pages.services import create_page

from .enums import CheckReason, Outcome, RecordKind
from .models import ImportedRecord, ImportRun, TextToCheck
from .plan import Action, digest_of
from .report import Entry, Report
from .rules import article_slug
from .selectors import Account, accounts
from .sources.records import LegacyOrganization
from .texts import decode_text, find_mojibake

_LONGEST_NAME = 255


def merge_organizations(
    *,
    actor: Any,
    run: ImportRun | None,
    source_name: str,
    organizations: Iterable[LegacyOrganization],
    report: Report,
) -> None:
    """Makes the pages that are missing and notes every body; without a `run` it only notes.

    A page that is there is never changed: what an editor added to the name is
    worth more than the name.
    """
    known = accounts(source_name, RecordKind.ARTICLE)
    columns = accounts(source_name, RecordKind.COLUMN)
    for organization in organizations:
        key = f"org-{organization.source_key}"
        action, entry, name = _judge(organization, key, known.get(key))
        if action == Action.CREATE and run is not None:
            section = _section(columns, organization.section_key)
            if section is None:
                entry = Entry(RecordKind.ARTICLE, key, name, Outcome.LOST, (_no_section(),))
            else:
                _make(actor, run, source_name, organization, key, name, section)
                report.written["organizations_created"] += 1
        report.note(entry)


def _judge(
    organization: LegacyOrganization, key: str, account: Account | None
) -> tuple[Action, Entry, str]:
    name = decode_text(organization.name).text[:_LONGEST_NAME]
    if account is not None:
        reasons: tuple[str, ...] = (_("unchanged since the last import"),)
        if account.source_digest != organization.digest():
            reasons = (_("its name changed in the source; the page was left alone"),)
        elif account.page_id is None:
            reasons = (_("its page was deleted here; it does not come back"),)
        entry = Entry(RecordKind.ARTICLE, key, name, Outcome.SKIPPED, reasons)
        return Action.UNCHANGED, entry, name
    repairs = [*organization.repairs, _("its duties are not in the source; kept as a draft")]
    if not name:
        name = _("Body %(key)s") % {"key": organization.source_key}
        repairs.append(_("it had no name"))
    elif find_mojibake(name):
        repairs.append(_("garbled characters in the name: “%(text)s”") % {"text": name[:20]})
    entry = Entry(RecordKind.ARTICLE, key, name, Outcome.REPAIRED, tuple(repairs))
    return Action.CREATE, entry, name


def _no_section() -> str:
    return _("the site has no section for bodies; open one and start again")


def _section(columns: dict[str, Account], key: str) -> SectionPage | None:
    """The page of the column that listed the bodies, else the site's own section for them."""
    account = columns.get(key)
    if account is not None and account.page_id is not None:
        return SectionPage.objects.filter(pk=account.page_id).first()
    sections = SectionPage.objects.filter(section_kind=SectionKind.ORGANISATION)
    return sections.order_by("path", "pk").first()


@transaction.atomic
def _make(
    actor: Any,
    run: ImportRun,
    source_name: str,
    organization: LegacyOrganization,
    key: str,
    name: str,
    section: SectionPage,
) -> None:
    page = create_page(
        actor=actor,
        parent=section,
        page=OrganizationPage(
            title=name, slug=article_slug(key), list_place=organization.place, duties=""
        ),
        live=False,
    )
    ImportedRecord.objects.create(
        source_name=source_name,
        kind=RecordKind.ARTICLE,
        source_key=key,
        page_id=page.pk,
        source_digest=organization.digest(),
        applied_digest=digest_of({"title": page.title, "revision": page.latest_revision_id}),
        first_run=run,
        last_run=run,
    )
    TextToCheck.objects.create(page_id=page.pk, reason=CheckReason.NO_DUTIES)
