"""Reading a blueprint (站点模板): values in, values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from cms_core.pages.enums import SectionKind
from cms_core.pages.rows import SectionRow
from cms_core.workflow.enums import ReviewStage
from cms_core.workflow.rules import Stages, stages_of
from sites.accounts.enums import RoleCode


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A declared site. ``sections``: rows in tree order, names still with their variables.

    ``site_review``: the reviews of texts whose section says nothing; ``is_review_on``: from the first
    day. ``review_roles``: the stages that somebody is there for. ``variables``: what a site must say of
    itself. ``roles``: those that a site begins with; its administrator is always among them.
    ``kind``: kind of the tenant, where it is not the blueprint's code that says it.
    """

    code: str
    name: str
    sections: tuple[Mapping[str, Any], ...]
    is_review_on: bool = False
    site_review: Stages = ()
    review_roles: Stages = ()
    variables: tuple[str, ...] = ()
    roles: tuple[RoleCode, ...] = tuple(RoleCode)
    kind: str = ""


#: Roles as the files name them → ours. Roles of rooms that are not there yet stand in no list here.
_ROLES = {
    "site_admin": RoleCode.SITE_ADMINISTRATOR,
    "letter_clerk": RoleCode.LETTER_HANDLER,
    "service_editor": RoleCode.SERVICE_GUIDE_OFFICER,
    **{role.value: role for role in RoleCode},
}


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
    roles = declared.get("site_roles", {}).get("codes", [])
    return Blueprint(
        code=declared["code"],
        name=declared["name"],
        sections=tuple(sections),
        is_review_on=bool(declared.get("review_on_opening")),
        site_review=_stages(declared.get("site_review", [])),
        review_roles=tuple(stage for stage in ReviewStage if f"{stage.value}_reviewer" in roles),
        variables=tuple(declared.get("vars", ())),
        roles=_roles(roles),
        kind=declared.get("kind", declared["code"]),
    )


def _roles(codes: Sequence[str]) -> tuple[RoleCode, ...]:
    """The roles of ours among ``codes``; all of them where a blueprint names none."""
    if not codes:
        return tuple(RoleCode)
    wanted = {RoleCode.SITE_ADMINISTRATOR, *(_ROLES[code] for code in codes if code in _ROLES)}
    return tuple(role for role in RoleCode if role in wanted)


def _stages(codes: Sequence[str]) -> Stages:
    """Stages as the files write them (``FIRST``). :raises BlueprintError: an unknown one."""
    try:
        return stages_of(code.lower() for code in codes)
    except ValueError as error:
        raise BlueprintError(f"unknown review stage in {list(codes)}") from error


def parse_review_profiles(declared: Mapping[str, Any]) -> dict[str, Stages]:
    """Profile code → its stages. :raises BlueprintError: an unknown stage."""
    return {row["code"]: _stages(row["stages"]) for row in declared["profiles"]}


def section_reviews(blueprint: Blueprint, profiles: Mapping[str, Stages]) -> dict[str, Stages]:
    """Slug → stages of the sections that ask for other reviews than what stands above them.

    :raises BlueprintError: a section names an unknown profile.
    """
    applies: dict[str, Stages] = {}
    own: dict[str, Stages] = {}
    for section in blueprint.sections:
        above = applies.get(section.get("parent", ""), blueprint.site_review)
        profile = section.get("review")
        if profile is not None and profile not in profiles:
            raise BlueprintError(f"section {section['name']} names the unknown review {profile!r}")
        stages = profiles[profile] if profile is not None else above
        stages = tuple(stage for stage in stages if stage in blueprint.review_roles)
        applies[section["slug"]] = stages
        if stages != above:
            own[section["slug"]] = stages
    return own


def section_rows(
    blueprint: Blueprint, home_id: int | None, variables: Mapping[str, str]
) -> list[SectionRow]:
    """The sections to make below the home page, names filled in, parents before children.

    Sections on condition (``when``, ``only``), optional ones and placeholders are left for the site's
    own administrator; what stands below a section that is left out is left out with it.

    :raises BlueprintError: a name needs a variable that is not given.
    """
    rows: list[SectionRow] = []
    for section in opened_sections(blueprint):
        parent = section.get("parent", "")
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
                is_notice=bool(section.get("notices")),
                is_listed_when_empty=bool(section.get("visible_when_empty")),
                show_in_menus=section["level"] == 1,
            )
        )
    return rows


def opened_sections(blueprint: Blueprint) -> list[Mapping[str, Any]]:
    """The declared sections that a new site gets, in tree order."""
    kept: dict[str, Mapping[str, Any]] = {}
    for section in blueprint.sections:
        parent = section.get("parent", "")
        if any(section.get(key) for key in ("when", "only", "optional", "placeholder")):
            continue
        if not parent or parent in kept:
            kept[section["slug"]] = section
    return list(kept.values())


def missing_variables(blueprint: Blueprint, variables: Mapping[str, str]) -> list[str]:
    """Variables that names of the new site's sections need and ``variables`` does not hold."""
    texts = [
        section.get(key, "")
        for section in opened_sections(blueprint)
        for key in ("name", "column_type")
    ]
    needed = {name for text in texts for _before, name, *_rest in Formatter().parse(text) if name}
    order = {name: place for place, name in enumerate(blueprint.variables)}
    missing = [name for name in needed if name not in variables]
    return sorted(missing, key=lambda name: (order.get(name, len(order)), name))


def fill(text: str, variables: Mapping[str, str]) -> str:
    """``text`` with ``{name}`` replaced. :raises BlueprintError: a variable without a value."""
    try:
        return text.format_map(variables)
    except KeyError as error:
        raise BlueprintError(f"the name {text!r} needs a value for {error.args[0]!r}") from error
