"""What a theme consists of, and the themes that are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from themes.enums import PageTemplate
from themes.modes import ModeSources
from themes.stylesheets import join_css

_APP = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Theme:
    """One look: its style parts in order, and where its files lie.

    Paths are relative to the static folder or template folder of this app.
    """

    code: str
    parts: tuple[str, ...]
    text_part: str
    contrast_part: str
    mourning_part: str
    print_part: str

    @property
    def stylesheet(self) -> str:
        """Static path of the joined style sheet."""
        return f"themes/{self.code}/{self.code}.css"

    @property
    def script(self) -> str:
        """Static path of the script that spares the reload when a mode is switched."""
        return f"themes/{self.code}/{self.code}.js"

    @property
    def icon(self) -> str:
        """Static path of the icon shown in browser tabs."""
        return f"themes/{self.code}/icon.svg"

    def template(self, page: PageTemplate) -> str:
        """Return the template name of a page type in this theme."""
        return f"themes/{self.code}/{page.value}"

    def all_parts(self) -> tuple[str, ...]:
        """Return the names of all parts in the order in which they are joined."""
        return (
            *self.parts,
            self.mourning_part,
            self.text_part,
            self.contrast_part,
            self.print_part,
        )


PORTAL = Theme(
    code="portal",
    parts=(
        "00-tokens.css",
        "10-base.css",
        "20-header.css",
        "21-lists.css",
        "22-panels.css",
        "23-document.css",
        "24-footer.css",
        "30-portal.css",
    ),
    mourning_part="50-mode-mourning.css",
    text_part="51-mode-text.css",
    contrast_part="52-mode-contrast.css",
    print_part="60-print.css",
)

THEMES: Mapping[str, Theme] = {PORTAL.code: PORTAL}


def part_path(theme: Theme, part: str) -> Path:
    """Return the file of one style part."""
    return _APP / "static" / "themes" / theme.code / "src" / part


def stylesheet_path(theme: Theme) -> Path:
    """Return the file of the joined style sheet."""
    return _APP / "static" / theme.stylesheet


def joined_stylesheet(theme: Theme) -> str:
    """Return the style sheet joined from the parts as they are now."""
    return join_css(_read(theme, part) for part in theme.all_parts())


@cache
def mode_sources(theme: Theme) -> ModeSources:
    """Return the compact rules of the theme's modes, for ``modes.modes_stylesheet``."""
    return ModeSources(
        text=join_css([_read(theme, theme.text_part)]),
        contrast=join_css([_read(theme, theme.contrast_part)]),
        mourning=join_css([_read(theme, theme.mourning_part)]),
    )


def _read(theme: Theme, part: str) -> str:
    return part_path(theme, part).read_text(encoding="utf-8")
