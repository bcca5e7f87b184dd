"""The blueprints that come with the product."""

import tomllib
from functools import cache
from pathlib import Path

from cms_core.workflow.rules import Stages

from .rules import Blueprint, BlueprintError, parse_blueprint, parse_review_profiles

_FOLDER = Path(__file__).resolve().parent / "data"
#: Blueprint code → file. The codes are also the kinds of tenants they open.
_FILES = {
    "city_portal": "city.toml",
    "county_portal": "county.toml",
    "department": "department.toml",
    "township_channel": "township.toml",
}


@cache
def blueprint(code: str) -> Blueprint:
    """The blueprint ``code``. :raises BlueprintError: there is none of that name."""
    if code not in _FILES:
        raise BlueprintError(f"there is no blueprint {code!r}; known: {', '.join(_FILES)}")
    with (_FOLDER / _FILES[code]).open("rb") as file:
        return parse_blueprint(tomllib.load(file))


@cache
def review_profiles() -> dict[str, Stages]:
    """The reviews that each kind of text passes."""
    with (_FOLDER / "review.toml").open("rb") as file:
        return parse_review_profiles(tomllib.load(file))
