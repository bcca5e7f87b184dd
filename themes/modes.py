"""Display modes (适老化, high contrast) and mourning, as one file of fixed address.

Public pages are files, so a page cannot know the reader who opens it. Every page links
one style sheet of fixed address; the server answers it by the reader's cookie and by the
mourning switch. The rules of each mode are written once, against an attribute of
``<html>``, for the script that spares the reload; the answer is the same text with the
attribute test replaced by ``:root``, which weighs the same in the cascade.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from themes.enums import DisplayMode

MODES_COOKIE = "jiyue_modes"
"""Cookie that holds the modes switched on, joined by dots: ``text.contrast``.

Readable by the script; it names no person and no device."""

MODES_COOKIE_MAX_AGE = 365 * 24 * 3600
"""Seconds."""

MODE_ATTRIBUTES: Mapping[DisplayMode, str] = {
    DisplayMode.TEXT: "[data-text=large]",
    DisplayMode.CONTRAST: "[data-contrast=high]",
}
MOURNING_ATTRIBUTE = "[data-mourning]"


class UnknownDisplayMode(ValueError):
    """A switch was asked for that no page offers."""


@dataclass(frozen=True, slots=True)
class DisplayModes:
    """The modes one reader has switched on."""

    text: bool = False
    contrast: bool = False


@dataclass(frozen=True, slots=True)
class ModeSources:
    """Style rules of each mode, every selector starting with ``:root`` and its attribute."""

    text: str
    contrast: str
    mourning: str


def parse_modes(cookie: str) -> DisplayModes:
    """Return the modes a cookie value names; unknown names are ignored."""
    names = set(cookie.split("."))
    return DisplayModes(
        text=DisplayMode.TEXT.value in names,
        contrast=DisplayMode.CONTRAST.value in names,
    )


def cookie_value(modes: DisplayModes) -> str:
    """Return the cookie value of ``modes``; ``""`` means the cookie can be deleted."""
    return ".".join(mode.value for mode in DisplayMode if getattr(modes, mode.value))


def toggle_mode(modes: DisplayModes, name: str) -> DisplayModes:
    """Return ``modes`` with the one called ``name`` switched.

    Raises ``UnknownDisplayMode`` for a name that is no ``DisplayMode``.
    """
    try:
        mode = DisplayMode(name)
    except ValueError as error:
        raise UnknownDisplayMode(name) from error
    return replace(modes, **{mode.value: not getattr(modes, mode.value)})


def modes_stylesheet(sources: ModeSources, modes: DisplayModes, *, mourning: bool = False) -> str:
    """Return the style sheet that switches ``modes`` on without any script.

    Empty when nothing is on, which is what nearly every reader receives. Mourning comes
    first, so that a reader who needs high contrast keeps it on a day of mourning.
    """
    parts: list[str] = []
    if mourning:
        parts.append(_unconditional(sources.mourning, MOURNING_ATTRIBUTE))
    if modes.text:
        parts.append(_unconditional(sources.text, MODE_ATTRIBUTES[DisplayMode.TEXT]))
    if modes.contrast:
        parts.append(_unconditional(sources.contrast, MODE_ATTRIBUTES[DisplayMode.CONTRAST]))
    return "\n".join(parts)


def _unconditional(source: str, attribute: str) -> str:
    """Replace the attribute test by ``:root``: same elements, same weight, no condition."""
    return source.replace(attribute, ":root")


def return_path(value: str) -> str:
    """Return ``value`` if it is a path of this very host, else ``/``.

    Keeps the switch from being used to send a reader to a foreign site. Refuses
    protocol-relative addresses, backslashes and control characters, which browsers
    read as a host.
    """
    is_local = value.startswith("/") and not value.startswith("//")
    is_clean = "\\" not in value and all(ord(char) > 32 for char in value)
    return value if is_local and is_clean else "/"
