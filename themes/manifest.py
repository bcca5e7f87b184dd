"""What a theme consists of, and the themes that are there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from themes.enums import PageTemplate
from themes.modes import ModeSources
from themes.stylesheets import join_css

_STATIC = Path(__file__).resolve().parent / "static" / "themes"

EVERY_LOOK = "every_look"
"""Folder of the templates and style parts that all looks share."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One look. Its own templates and style parts lie in folders named after ``code``.

    A file of the same name in a look's folder takes the place of the shared one. Style parts
    need no list: all of both folders are joined in the order of their names, so a new part of
    every look is a new file in ``static/themes/every_look/src`` and nothing else.
    """

    code: str

    @property
    def stylesheet(self) -> str:
        """Static path of the joined style sheet."""
        return f"themes/{self.code}/{self.code}.css"

    @property
    def script(self) -> str:
        """Static path of the script that spares the reload when a mode is switched."""
        return f"themes/{EVERY_LOOK}/display.js"

    @property
    def reader_script(self) -> str:
        """Static path of the script that reads a page aloud by the browser's own voice."""
        return f"themes/{EVERY_LOOK}/read-aloud.js"

    @property
    def icon(self) -> str:
        """Static path of the icon shown in browser tabs."""
        return f"themes/{self.code}/icon.svg"

    def template(self, page: PageTemplate) -> str:
        """Return the template name of a page type in this theme (see ``themes.loaders``)."""
        return f"themes/{self.code}/{page.value}"


PORTAL = Theme(code="portal")
"""A bound book: spines, movable type, headings in Song."""

DEPARTMENT = Theme(code="department")
"""A ledger: a fixed rail, ruled tables."""

TOWNSHIP = Theme(code="township")
"""A notice board: one column, large text, the telephone first."""

THEMES: Mapping[str, Theme] = {theme.code: theme for theme in (PORTAL, DEPARTMENT, TOWNSHIP)}


def part_paths(theme: Theme) -> tuple[Path, ...]:
    """Return the files of all style parts in the order in which they are joined.

    ``NN-name.css``: 00 scale, 01 the look's tokens, 1x elements, 2x parts of pages, 3x the
    look's own, 5x display modes, 6x print.
    """
    found = {
        path.name: path
        for folder in (EVERY_LOOK, theme.code)
        for path in (_STATIC / folder / "src").glob("*.css")
    }
    return tuple(sorted(found.values(), key=lambda path: path.stem))


def mode_part_paths(theme: Theme, mode: str) -> tuple[Path, ...]:
    """Return the parts of one display mode: ``5x-mode-<mode>.css``, then the look's own addition
    ``5x-mode-<mode>-<code>.css``."""
    names = {f"mode-{mode}", f"mode-{mode}-{theme.code}"}
    return tuple(path for path in part_paths(theme) if path.stem.partition("-")[2] in names)


def stylesheet_path(theme: Theme) -> Path:
    """Return the file of the joined style sheet."""
    return _STATIC.parent / theme.stylesheet


def joined_stylesheet(theme: Theme) -> str:
    """Return the style sheet joined from the parts as they are now."""
    return _joined(part_paths(theme))


@cache
def mode_sources(theme: Theme) -> ModeSources:
    """Return the compact rules of the theme's modes, for ``modes.modes_stylesheet``."""
    return ModeSources(
        text=_joined(mode_part_paths(theme, "text")),
        contrast=_joined(mode_part_paths(theme, "contrast")),
        mourning=_joined(mode_part_paths(theme, "mourning")),
        plain=_joined(mode_part_paths(theme, "plain")),
        pointer=_joined(mode_part_paths(theme, "pointer")),
        zoom=_joined(mode_part_paths(theme, "zoom")),
    )


def _joined(paths: Iterable[Path]) -> str:
    return join_css(path.read_text(encoding="utf-8") for path in paths)
