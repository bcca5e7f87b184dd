"""Changing the lists: every change makes the next edition, and the next check uses it."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sites.accounts.enums import PlatformRoleCode
from sites.accounts.selectors import platform_role_of
from sites.audit.services import record_event, record_platform_event
from sites.tenancy.scope import system_scope

from .enums import TermKind, TermLevel
from .events import CheckEvent
from .models import LONGEST_TERM, Leader, ListEdition, ListedTerm
from .permissions import may_keep_leaders, may_keep_terms
from .text import INVISIBLE, fold_term

#: Shortest term: single characters stand in half of all sentences.
SHORTEST_TERM = 2
#: Rows written in one statement.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term to be listed."""

    kind: str
    text: str
    level: str = TermLevel.CONFIRM
    suggestion: str = ""
    only_with: str = ""
    unless_with: str = ""
    reason: str = ""


def check_term(row: TermRow) -> None:
    """:raises ValidationError: ``row`` cannot be listed."""
    errors = {}
    folded = fold_term(row.text)
    if not SHORTEST_TERM <= len(folded) <= LONGEST_TERM or len(row.text.strip()) > LONGEST_TERM:
        errors["text"] = _("A term has %(least)d to %(most)d characters.") % {
            "least": SHORTEST_TERM,
            "most": LONGEST_TERM,
        }
    elif "\n" in row.text or INVISIBLE.search(row.text):
        errors["text"] = _("A term holds no line break and no invisible character.")
    if row.kind not in TermKind.values:
        errors["kind"] = _("There is no such list.")
    if row.level not in TermLevel.values:
        errors["level"] = _("There is no such level.")
    for name, most in (
        ("suggestion", LONGEST_TERM),
        ("only_with", 200),
        ("unless_with", 200),
        ("reason", 200),
    ):
        if len(getattr(row, name)) > most:
            errors[name] = _("At most %(most)d characters.") % {"most": most}
    if errors:
        raise ValidationError(errors)


def _may_change(actor: Any, platform: bool) -> bool:
    if platform:
        return platform_role_of(actor) == PlatformRoleCode.OPERATOR
    return may_keep_terms(actor)


@transaction.atomic
def change_terms(
    *,
    actor: Any,
    add: Sequence[TermRow] = (),
    remove: Sequence[int] = (),
    platform: bool = False,
    replace: bool = False,
    note: str = "",
) -> ListEdition | None:
    """Add and remove terms of the site's own list, or of the platform's (``platform``).

    A term that is listed already in the same list is replaced. ``remove``: keys of terms; those of
    another list are not touched. ``replace``: whatever is not in ``add`` is removed. ``None`` where
    nothing changes.

    :raises PermissionDenied: ``actor`` does not keep that list.
    :raises ValidationError: a term that cannot be listed.
    """
    if not _may_change(actor, platform):
        raise PermissionDenied(_("You do not keep this list."))
    for row in add:
        check_term(row)
    wanted = {(row.kind, fold_term(row.text)): row for row in add}
    scope = (
        system_scope("the platform's lists of terms, changed by an operator")
        if platform
        else nullcontext()
    )
    with scope:
        listed = ListedTerm.objects.current().filter(tenant__isnull=platform)
        same = {
            (term.kind, term.folded): term for term in listed if (term.kind, term.folded) in wanted
        }
        unchanged = {key for key, term in same.items() if _is_same(term, wanted[key])}
        gone = {term.pk for key, term in same.items() if key not in unchanged}
        if replace:
            kept = {same[key].pk for key in unchanged}
            gone |= set(listed.exclude(pk__in=kept).values_list("pk", flat=True))
        elif remove:
            gone |= set(listed.filter(pk__in=list(remove)).values_list("pk", flat=True))
        new = [row for key, row in wanted.items() if key not in unchanged]
        if not new and not gone:
            return None
        edition = _next_edition(actor, platform, note, added=len(new), removed=len(gone))
        ListedTerm.objects.filter(pk__in=gone).update(removed_in=edition)
        ListedTerm.objects.bulk_create(
            [
                ListedTerm(
                    kind=row.kind,
                    text=row.text.strip(),
                    folded=fold_term(row.text),
                    level=row.level,
                    suggestion=row.suggestion.strip(),
                    only_with=" ".join(row.only_with.split()),
                    unless_with=" ".join(row.unless_with.split()),
                    reason=row.reason.strip(),
                    added_in=edition,
                )
                for row in new
            ],
            batch_size=_BATCH,
        )
    _record(edition, actor, platform)
    return edition


def _is_same(term: ListedTerm, row: TermRow) -> bool:
    return (
        term.text,
        term.level,
        term.suggestion,
        term.only_with,
        term.unless_with,
        term.reason,
    ) == (
        row.text.strip(),
        row.level,
        row.suggestion.strip(),
        " ".join(row.only_with.split()),
        " ".join(row.unless_with.split()),
        row.reason.strip(),
    )


def _next_edition(
    actor: Any, platform: bool, note: str, *, added: int = 0, removed: int = 0
) -> ListEdition:
    """Two changes at once want the same number: the second fails on the constraint and is said so."""
    last = ListEdition.objects.filter(tenant__isnull=platform).aggregate(n=Max("number"))["n"] or 0
    return ListEdition.objects.create(
        number=last + 1,
        made_by_id=getattr(actor, "pk", actor),
        note=note[:200],
        added=added,
        removed=removed,
    )


def _record(edition: ListEdition, actor: Any, platform: bool) -> None:
    data = {"edition": edition.number, "added": edition.added, "removed": edition.removed}
    record = record_platform_event if platform else record_event
    record(kind=CheckEvent.LIST_CHANGED, subject=edition, actor=actor, data=data)


@transaction.atomic
def save_leader(*, actor: Any, leader: Leader) -> Leader:
    """Add or change an entry of the site's list of leaders.

    :raises PermissionDenied: ``actor`` does not keep the list.
    :raises ValidationError: the last day is before the first.
    """
    _require_leaders(actor)
    if leader.held_until is not None and leader.held_until < leader.held_from:
        raise ValidationError({"held_until": _("The last day is before the first.")})
    leader.save()
    _next_edition(actor, False, _("List of leaders"), added=1)
    record_event(
        kind=CheckEvent.LEADER_CHANGED, subject=leader, actor=actor, data={"change": "saved"}
    )
    return leader


@transaction.atomic
def delete_leader(*, actor: Any, leader: Leader) -> None:
    """Take out an entry that should never have been there; who leaves office gets a last day instead."""
    _require_leaders(actor)
    record_event(
        kind=CheckEvent.LEADER_CHANGED, subject=leader, actor=actor, data={"change": "deleted"}
    )
    leader.delete()
    _next_edition(actor, False, _("List of leaders"), removed=1)


def _require_leaders(actor: Any) -> None:
    if not may_keep_leaders(actor):
        raise PermissionDenied(_("You do not keep this list."))
