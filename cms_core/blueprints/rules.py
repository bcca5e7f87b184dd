"""Reading a blueprint (站点模板): values in, values out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import Formatter
from typing import Any

from cms_core.pages.enums import SectionKind
from cms_core.pages.rows import SectionRow
from cms_core.workflow.enums import ReviewStage
from cms_core.workflow.rules import Stages, stages_of
from sites.accounts.enums import RoleCode
from sites.accounts.rules import roles_named


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A declared site. ``sections``: rows in tree order, names still with their variables.

    ``site_review``: the reviews of texts whose section says nothing; ``is_review_on``: from the first
    day. ``review_roles``: the stages that somebody is there for. ``variables``: what a site must say of
    itself. ``roles``: those that a site begins with; its administrator is always among them.
    ``kind``: kind of the tenant, where it is not the blueprint's code that says it. ``parts``: tables
    that other apps read (:mod:`sites.registry.blueprint_parts`), by their name.
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
    parts: Mapping[str, Any] = field(default_factory=dict)


class BlueprintError(ValueError):
    """A blueprint names what does not exist, or a variable has no value."""


def parse_blueprint(declared: Mapping[str, Any]) -> Blueprint:
    """Read the declaration of a blueprint file.

    :raises BlueprintError: a section without name or slug, an unknown kind or parent, a doubled slug.
    """
    sections = declared.get("columns", [])
    if not isinstance(sections, list) or not all(isinstance(row, dict) for row in sections):
        raise BlueprintError("the sections are tables [[columns]]")
    keys: set[str] = set()
    places: set[tuple[str, str]] = set()
    for section in sections:
        name, slug = section.get("name", ""), section.get("slug", "")
        if not name or not slug:
            raise BlueprintError(f"a section of {declared.get('code')} has no name or no slug")
        key, place = section.get("key", slug), (section.get("parent", ""), slug)
        if key in keys or place in places:
            raise BlueprintError(f"slug {slug!r} stands twice in {declared.get('code')}")
        if section.get("parent") and section["parent"] not in keys:
            raise BlueprintError(
                f"section {name} names the parent {section['parent']!r}, which does not stand before it"
            )
        if section.get("kind") not in SectionKind.values:
            raise BlueprintError(
                f"section {name} is of the unknown kind {section.get('kind')!r}; "
                f"known: {', '.join(SectionKind.values)}"
            )
        days = section.get("update_days")
        if days is not None and (not isinstance(days, int) or days < 1):
            raise BlueprintError(f"section {name}: update_days is a whole number of days")
        keys.add(key)
        places.add(place)
    if not declared.get("code") or not declared.get("name"):
        raise BlueprintError("a blueprint has a code and a name")
    roles = declared.get("site_roles", {}).get("codes", [])
    return Blueprint(
        code=declared["code"],
        name=declared["name"],
        sections=tuple(sections),
        is_review_on=bool(declared.get("review_on_opening")),
        site_review=_stages(declared.get("site_review", [])),
        review_roles=tuple(stage for stage in ReviewStage if f"{stage.value}_reviewer" in roles),
        variables=tuple(declared.get("vars", ())),
        roles=roles_named(roles) if roles else tuple(RoleCode),
        kind=declared.get("kind", declared["code"]),
    )


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
        applies[section.get("key", section["slug"])] = stages
        if stages != above:
            own[section.get("key", section["slug"])] = stages
    return own


def section_rows(
    blueprint: Blueprint,
    home_id: int | None,
    variables: Mapping[str, str],
    *,
    needed: Callable[[str], bool] = lambda key: True,
) -> list[SectionRow]:
    """The sections to make below the home page, names filled in, parents before children.

    Sections on condition (``when``, ``only``), optional ones and placeholders are left for the site's
    own administrator; what stands below a section that is left out is left out with it.

    :param needed: whether the section of a key is to be made; another's name may keep its variables.
    :raises BlueprintError: a name needs a variable that is not given.
    """
    rows: list[SectionRow] = []
    for section in opened_sections(blueprint):
        parent = section.get("parent", "")
        key = section.get("key", section["slug"])
        level = section.get("level", 2 if parent else 1)
        title = fill(section["name"], variables) if needed(key) else section["name"]
        rows.append(
            SectionRow(
                key=key,
                title=title,
                slug=section["slug"],
                parent_key=parent,
                parent_id=None if parent else home_id,
                section_kind=section["kind"],
                column_type=section.get("column_type", ""),
                update_interval_days=section.get("update_days"),
                is_notice=bool(section.get("notices")),
                is_listed_when_empty=bool(section.get("visible_when_empty")),
                show_in_menus=section.get("in_menus", level == 1),
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
            kept[section.get("key", section["slug"])] = section
    return list(kept.values())


#: Sections that show nothing while they hold nothing; the others stand for a form, a service or a
#: duty of disclosure, and say so.
_BLANK_WHEN_EMPTY = frozenset(
    {
        SectionKind.SECTION,
        SectionKind.ARTICLE_LIST,
        SectionKind.DOCUMENT_LIST,
        SectionKind.SINGLE_PAGE,
        SectionKind.LEADERS,
        SectionKind.ORGANISATION,
    }
)


def without_blank_sections(blueprint: Blueprint) -> Blueprint:
    """The same site, where a section that would be blank waits for its first article to be listed.

    For a site that brings sections of its own: in its menu the blank ones would stand before them.
    One that holds a section which is not blank is none either.
    """
    holds_some: set[str] = set()
    blank: set[str] = set()
    for section in reversed(opened_sections(blueprint)):
        key = section.get("key", section["slug"])
        if section["kind"] in _BLANK_WHEN_EMPTY and key not in holds_some:
            blank.add(key)
        elif section.get("visible_when_empty"):
            holds_some.add(section.get("parent", ""))
    return replace(
        blueprint,
        sections=tuple(
            {**section, "visible_when_empty": False}
            if section.get("key", section["slug"]) in blank
            else section
            for section in blueprint.sections
        ),
    )


def missing_variables(blueprint: Blueprint, variables: Mapping[str, str]) -> list[str]:
    """Variables that names of the new site's sections need and ``variables`` does not hold."""
    texts = [section["name"] for section in opened_sections(blueprint)]
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
    except (ValueError, IndexError, AttributeError) as error:
        raise BlueprintError(
            f"the name {text!r} has a brace that belongs to no variable"
        ) from error
