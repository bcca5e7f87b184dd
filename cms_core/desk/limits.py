"""Limits that the desk measures a site by, from ``limits.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class HomeLimits:
    """Days without anything new on the home page: until a warning, and until the site fails."""

    most_days_without_update: int
    warn_after_days: int


@cache
def home_limits() -> HomeLimits:
    data = tomllib.loads((Path(__file__).parent / "limits.toml").read_text(encoding="utf-8"))
    home = data["home"]
    return HomeLimits(home["most_days_without_update"], home["warn_after_days"])
