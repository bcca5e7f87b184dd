"""The tokens of a theme as values: what a site's own colours are measured against."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from themes.manifest import Theme, joined_stylesheet

_ROOT_RULE = re.compile(r"(?:^|\})\s*:root\{([^{}]*)\}", re.MULTILINE)
_PROPERTY = re.compile(r"(--[\w-]+):([^;]+)")
_HEX = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?")
_REFERENCE = re.compile(r"var\((--[\w-]+)\)")


@cache
def theme_colours(theme: Theme) -> Mapping[str, str]:
    """Colour tokens of ``theme`` outside every mode, from name (``--brand``) to hex colour."""
    values: dict[str, str] = {}
    for rule in _ROOT_RULE.findall(joined_stylesheet(theme)):
        values.update({name: value.strip() for name, value in _PROPERTY.findall(rule)})
    colours = {}
    for name, value in values.items():
        reference = _REFERENCE.fullmatch(value)
        colour = values.get(reference.group(1), "") if reference else value
        if _HEX.fullmatch(colour):
            colours[name] = colour
    return colours
