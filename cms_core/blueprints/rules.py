"""Reading a blueprint (站点模板): values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms_core.pages.enums import SectionKind
from cms_core.pages.rows import SectionRow


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A declared site. ``sections``: rows in tree order, names still with their variables."""

    code: str
    name: str
    sections: tuple[Mapping[str, Any], ...]


class BlueprintError(ValueError):
    """A blueprint names what does not exist, or a variable has no value."""


def parse_blueprint(declared: Mapping[str, Any]) -> Blueprint:
    """Read the declaration of a blueprint file.

    :raises BlueprintError: a section without name or slug, an unknown kind or parent, a doubled slug.
    """
    sections = declared.get("columns", [])
    slugs: set[str] = set()
    for section in sections:
        name, slug = section.get("name", ""), section.get("slug", "")
        if not name or not slug:
            raise BlueprintError(f"a section of {declared.get('code')} has no name or no slug")
        if slug in slugs:
            raise BlueprintError(f"slug {slug!r} stands twice in {declared.get('code')}")
        if section.get("parent") and section["parent"] not in slugs:
            raise BlueprintError(
                f"section {name} names the parent {section['parent']!r}, which does not stand before it"
            )
        if section["kind"] not in SectionKind.values:
            raise BlueprintError(f"section {name} is of the unknown kind {section['kind']!r}")
        slugs.add(slug)
    return Blueprint(code=declared["code"], name=declared["name"], sections=tuple(sections))


def section_rows(
    blueprint: Blueprint, home_id: int, variables: Mapping[str, str]
) -> list[SectionRow]:
    """The sections to make below the home page, names filled in, parents before children.

    Sections on condition (``when``, ``only``), optional ones and placeholders are left for the site's
    own administrator; what stands below a section that is left out is left out with it.

    :raises BlueprintError: a name needs a variable that is not given.
    """
    rows: list[SectionRow] = []
    kept: set[str] = set()
    for section in blueprint.sections:
        parent = section.get("parent", "")
        if any(section.get(key) for key in ("when", "only", "optional", "placeholder")):
            continue
        if parent and parent not in kept:
            continue
        kept.add(section["slug"])
        title = fill(section["name"], variables)
        rows.append(
            SectionRow(
                key=section["slug"],
                title=title,
                slug=section["slug"],
                parent_key=parent,
                parent_id=None if parent else home_id,
                section_kind=section["kind"],
                column_type=fill(section.get("column_type", ""), variables),
                update_interval_days=section.get("update_days"),
                is_listed_when_empty=bool(section.get("visible_when_empty")),
                show_in_menus=section["level"] == 1,
            )
        )
    return rows


def fill(text: str, variables: Mapping[str, str]) -> str:
    """``text`` with ``{name}`` replaced. :raises BlueprintError: a variable without a value."""
    try:
        return text.format_map(variables)
    except KeyError as error:
        raise BlueprintError(f"the name {text!r} needs a value for {error.args[0]!r}") from error
