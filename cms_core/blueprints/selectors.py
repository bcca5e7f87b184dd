"""The blueprints that come with the product, and those that the installation added.

An installation keeps its own in ``settings.BLUEPRINTS_DIR``: an exported site, a form for one district.
A file there is read again when it changes; a code of the product cannot be taken.
"""

import tomllib
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from cms_core.workflow.rules import Stages
from sites.registry.blueprint_parts import blueprint_parts

from .enums import KIND_OF_BLUEPRINT
from .rules import (
    Blueprint,
    BlueprintError,
    opened_sections,
    parse_blueprint,
    parse_review_profiles,
    section_reviews,
)

_FOLDER = Path(__file__).resolve().parent / "data"
#: Blueprint code → file. The codes are also the kinds of tenants they open.
_FILES = {
    "city_portal": "city.toml",
    "county_portal": "county.toml",
    "department": "department.toml",
    "township_channel": "township.toml",
}


def blueprint(code: str) -> Blueprint:
    """The blueprint ``code``. :raises BlueprintError: there is none of that name, or it is faulty."""
    if code in _FILES:
        return _products(code)
    own = own_blueprints()
    if code not in own:
        known = ", ".join([*_FILES, *own])
        raise BlueprintError(f"there is no blueprint {code!r}; known: {known}")
    return own[code]


def blueprints() -> dict[str, Blueprint]:
    """All of them by code, those of the product first."""
    return {code: blueprint(code) for code in _FILES} | own_blueprints()


def all_blueprints() -> tuple[dict[str, Blueprint], list[str]]:
    """All that can be read, by code, and what is wrong with the others, for a screen that must open."""
    plans = {code: blueprint(code) for code in _FILES}
    try:
        return plans | own_blueprints(), []
    except BlueprintError as error:
        return plans, [str(error)]


def is_products(code: str) -> bool:
    """Whether the blueprint comes with the product."""
    return code in _FILES


def own_blueprints() -> dict[str, Blueprint]:
    """Those of the installation, by code. :raises BlueprintError: a file is faulty; it is named."""
    folder = Path(settings.BLUEPRINTS_DIR)
    found: dict[str, Blueprint] = {}
    for path in sorted(folder.glob("*.toml")) if folder.is_dir() else []:
        facts = path.stat()
        plan = _read(path, facts.st_mtime_ns, facts.st_size)
        if plan.code in _FILES or plan.code in found:
            raise BlueprintError(
                f"{path.name}: the code {plan.code!r} is another blueprint's. Give it one of its own."
            )
        found[plan.code] = plan
    return found


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int, _size: int) -> Blueprint:
    return read_blueprint(path.read_text(encoding="utf-8"), path.name)


def read_blueprint(text: str, name: str) -> Blueprint:
    """A blueprint from the text of its file. :raises BlueprintError: what is wrong, with ``name``."""
    try:
        declared = tomllib.loads(text)
        parts = {part: declared[part] for part in blueprint_parts.names() if part in declared}
        for part, value in parts.items():
            for fault in blueprint_parts.get(part).check(value):
                raise BlueprintError(fault)
        return replace(parse_blueprint(declared), parts=parts)
    except tomllib.TOMLDecodeError as error:
        raise BlueprintError(f"{name}: {error}") from error
    except BlueprintError as error:
        raise BlueprintError(f"{name}: {error}") from error


@cache
def _products(code: str) -> Blueprint:
    return read_blueprint((_FOLDER / _FILES[code]).read_text(encoding="utf-8"), _FILES[code])


def declared_parts(plan: Blueprint, *, is_new: bool = False) -> dict[str, Any]:
    """What a blueprint declares for each part, by the part's name.

    The reviews that stand beside the sections of a product's blueprint are what ``[review]`` of another
    is; a new site has them already.
    """
    parts = dict(plan.parts)
    if is_new:
        parts.pop("site_roles", None)  # prepared with the groups of all new sites
        kind = KIND_OF_BLUEPRINT[plan.kind].value
        for name in [
            name for name in parts if blueprint_parts.get(name).comes_by_itself(kind, parts[name])
        ]:
            del parts[name]
    if "review" not in parts and not is_new:
        parts["review"] = {
            "is_on": plan.is_review_on,
            "stages": [stage.value for stage in plan.site_review],
            "sections": {
                key: [stage.value for stage in stages]
                for key, stages in section_reviews(plan, review_profiles()).items()
                if key in {section.get("key", section["slug"]) for section in opened_sections(plan)}
            },
        }
    return parts


@cache
def review_profiles() -> dict[str, Stages]:
    """The reviews that each kind of text passes."""
    with (_FOLDER / "review.toml").open("rb") as file:
        return parse_review_profiles(tomllib.load(file))
