"""Applying a blueprint to a live site: the difference is said first, then made.

Nothing is deleted, renamed, moved or emptied. Sections that are missing are added; what a section
promises and holds is brought in line, unless an editor is at work on it; what other apps offer
(:mod:`sites.registry.blueprint_parts`) makes or only tells its own differences.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms_core.pages.enums import SectionKind
from cms_core.pages.models import SectionPage
from cms_core.pages.rows import SectionRow
from cms_core.pages.services import bulk_create_sections, publish_page
from cms_core.workflow.gate import released_by_the_platform
from sites.audit.services import record_event
from sites.registry.blueprint_parts import Change, LiveSite, blueprint_parts
from sites.tenancy.models import Tenant
from sites.tenancy.scope import tenant_scope

from .rules import Blueprint, section_rows
from .selectors import declared_parts
from .site_tree import match, read_tree

SECTIONS = "sections"
#: What a blueprint says of a section → column of the page.
_SETTINGS = (
    ("section_kind", gettext_lazy("holds")),
    ("column_type", gettext_lazy("kind of section (page label)")),
    ("update_interval_days", gettext_lazy("promised interval in days")),
    ("is_notice", gettext_lazy("holds notices")),
    ("is_listed_when_empty", gettext_lazy("shown while empty")),
)


@dataclass(frozen=True, slots=True)
class _SectionChanges:
    """``settings``: page → columns that become what the blueprint says; ``missing``: rows to add."""

    told: list[Change] = field(default_factory=list)
    settings: list[tuple[SectionPage, dict[str, Any]]] = field(default_factory=list)
    missing: list[SectionRow] = field(default_factory=list)


def differences(*, tenant: Tenant, plan: Blueprint, variables: Mapping[str, str]) -> list[Change]:
    """How the site differs from the blueprint; writes nothing.

    :raises BlueprintError: a section to add needs a variable that is not given.
    """
    with tenant_scope(tenant):
        found, live = _compare(tenant, plan, variables)
        changes = list(found.told)
        # Parts speak of sections that are added first.
        added = frozenset(row.key for row in found.missing)
        site = LiveSite(tenant, {**live, **dict.fromkeys(added, 0)}, added=added)
        for name, declared in declared_parts(plan).items():
            changes += blueprint_parts.get(name).changes(site, declared)
    return changes


def digest_of(changes: Sequence[Change]) -> str:
    """Tells two differences apart, so that only what somebody saw is made."""
    told = "\n".join(f"{change.part}\0{change.is_made}\0{change.text}" for change in changes)
    return hashlib.sha256(told.encode()).hexdigest()


@transaction.atomic
def apply_blueprint(
    *, actor: Any, tenant: Tenant, plan: Blueprint, variables: Mapping[str, str]
) -> list[Change]:
    """Make the difference, all or nothing; what was made and what was only told.

    :raises BlueprintError: see :func:`differences`.
    """
    # Two at once would add the same sections twice.
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    changes = differences(tenant=tenant, plan=plan, variables=variables)
    if not any(change.is_made for change in changes):
        return changes
    with tenant_scope(tenant, actor):
        found, live = _compare(tenant, plan, variables)
        with released_by_the_platform("sections of a blueprint"):
            made = bulk_create_sections(actor=actor, rows=found.missing)
            for page, columns in found.settings:
                publish_page(actor=actor, page=page, changes=columns)
        apply_parts(
            actor=actor,
            tenant=tenant,
            plan=plan,
            sections={**live, **{key: page.pk for key, page in made.items()}},
            added=frozenset(made),
        )
        record_event(
            kind="blueprint_applied",
            subject=tenant,
            actor=actor,
            data={
                "blueprint": plan.code,
                "added": len(found.missing),
                "changed": len(found.settings),
            },
        )
    return changes


def apply_parts(
    *,
    actor: Any,
    tenant: Tenant,
    plan: Blueprint,
    sections: Mapping[str, int],
    is_new: bool = False,
    added: frozenset[str] = frozenset(),
) -> None:
    """Let every part of the blueprint make its difference, inside the tenant's scope."""
    site = LiveSite(tenant, sections, is_new, added)
    for name, declared in declared_parts(plan, is_new=is_new).items():
        blueprint_parts.get(name).apply(site, declared, actor)


def _compare(
    tenant: Tenant, plan: Blueprint, variables: Mapping[str, str]
) -> tuple[_SectionChanges, dict[str, int]]:
    tree = read_tree(tenant)
    standing = match(tree, plan)
    found = _SectionChanges()
    added: dict[str, str] = {}
    known = {"unit_name": tenant.name, "unit": tenant.code, **variables}
    for row in section_rows(plan, tree.home.pk, known, needed=lambda key: key not in standing):
        page = standing.get(row.key)
        if page is None:
            above = standing.get(row.parent_key)
            if above is not None:
                row = _below(row, above.pk)
            found.missing.append(row)
            added[row.key] = row.title
            where = added.get(row.parent_key, tree.home.title) if above is None else above.title
            text = _("section “%(title)s” (%(slug)s) is added in %(where)s")
            found.told.append(
                Change(SECTIONS, text % {"title": row.title, "slug": row.slug, "where": where})
            )
        else:
            _compare_section(found, page, row)
    return found, {key: page.pk for key, page in standing.items()}


def _below(row: SectionRow, parent_id: int) -> SectionRow:
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return SectionRow(**{**values, "parent_key": "", "parent_id": parent_id})


def _compare_section(found: _SectionChanges, page: SectionPage, row: SectionRow) -> None:
    columns: dict[str, Any] = {}
    told = []
    for name, label in _SETTINGS:
        now, wanted = getattr(page, name), getattr(row, name)
        # What the blueprint does not say stays as it is.
        if not wanted or now == wanted:
            continue
        columns[name] = wanted
        told.append(
            _("%(setting)s: %(wanted)s instead of %(now)s")
            % {"setting": label, "wanted": _shown(name, wanted), "now": _shown(name, now)}
        )
    if not columns:
        return
    reason = _why_left(page, columns)
    text = _("section “%(title)s”: %(what)s") % {"title": page.title, "what": "; ".join(told)}
    if reason:
        found.told.append(Change(SECTIONS, f"{text}. {reason}", is_made=False))
    else:
        found.told.append(Change(SECTIONS, text))
        found.settings.append((page, columns))


def _why_left(page: SectionPage, columns: Mapping[str, Any]) -> str:
    """Why a section is left as it is; empty where it may change."""
    if not page.live:
        return _("It is offline, so it is left.")
    if page.has_unpublished_changes:
        return _(
            "An editor's draft waits there, so it is left: publish or discard the draft first."
        )
    if "section_kind" in columns and page.numchild:
        return _("It holds pages, so what it holds is not changed: move them first.")
    return ""


def _shown(name: str, value: Any) -> str:
    if name == "section_kind":
        return str(SectionKind(value).label)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) if value not in (None, "") else _("none")
