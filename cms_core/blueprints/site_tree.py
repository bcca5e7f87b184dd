"""The sections of a live site beside those of a blueprint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms_core.pages.models import BasePage, HomePage, SectionPage
from sites.tenancy.models import Tenant

from .rules import Blueprint, opened_sections


@dataclass(frozen=True, slots=True)
class SiteTree:
    """``home`` and its sections in tree order; a section's parent is the section or home above it."""

    home: HomePage
    sections: Sequence[SectionPage]

    def parent_of(self, section: SectionPage) -> SectionPage | None:
        above = section.path[: -BasePage.steplen]
        return next((one for one in self.sections if one.path == above), None)


def read_tree(tenant: Tenant) -> SiteTree:
    """The open tenant's sections whose parents are sections too. Two queries."""
    home = HomePage.objects.get(depth=2, tenant_id=tenant.pk)
    rows = SectionPage.objects.filter(tenant_id=tenant.pk).order_by("path")
    paths = {home.path}
    kept = []
    for section in rows:
        if section.path[: -BasePage.steplen] in paths:
            paths.add(section.path)
            kept.append(section)
    return SiteTree(home, kept)


def keys_of(tree: SiteTree) -> dict[int, str]:
    """Page → key that names it in a blueprint: its slug, or its path where a slug stands twice."""
    slugs = [section.slug for section in tree.sections]
    return {
        section.pk: section.slug
        if slugs.count(section.slug) == 1
        else section.url_path.removeprefix(tree.home.url_path).strip("/")
        for section in tree.sections
    }


def match(tree: SiteTree, plan: Blueprint) -> dict[str, SectionPage]:
    """Key of a declared section → the live section that is it.

    It stands where the blueprint says; or, moved by an editor, elsewhere under the only slug of its name.
    """
    by_place: Mapping[tuple[str, str], SectionPage] = {
        (section.path[: -BasePage.steplen], section.slug): section for section in tree.sections
    }
    by_slug: dict[str, list[SectionPage]] = {}
    for one in tree.sections:
        by_slug.setdefault(one.slug, []).append(one)
    found: dict[str, SectionPage] = {}
    taken: set[int] = set()
    for declared in opened_sections(plan):
        parent: Any = found.get(declared.get("parent", ""))
        above = tree.home.path if not declared.get("parent") else getattr(parent, "path", "")
        section: SectionPage | None = by_place.get((above, declared["slug"]))
        if section is None:
            others = [other for other in by_slug.get(declared["slug"], []) if other.pk not in taken]
            section = others[0] if len(others) == 1 else None
        if section is not None and section.pk not in taken:
            found[key_of(declared)] = section
            taken.add(section.pk)
    return found


def key_of(declared: Mapping[str, Any]) -> str:
    """What names a declared section inside its blueprint."""
    key: str = declared.get("key", declared["slug"])
    return key
