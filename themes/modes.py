"""Display modes (适老化), mourning and the emergency bar, as one file of fixed address.

Public pages are files, so a page cannot know the reader who opens it. Every page links
one style sheet of fixed address; the server answers it by the reader's cookie, by the
mourning switch and by the bars in force. The rules of each mode are written once, against
an attribute of ``<html>``, for the script that spares the reload; the answer is the same
text with the attribute test replaced by ``:root``, which weighs the same in the cascade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import npgettext

from themes.enums import DisplayMode

MODES_COOKIE = "jiyue_modes"
"""Cookie that holds the modes switched on, joined by dots: ``text.contrast.zoom2``.

Readable by the script; it names no person and no device."""

MODES_COOKIE_MAX_AGE = 365 * 24 * 3600
"""Seconds."""

MODE_ATTRIBUTES: Mapping[DisplayMode, str] = {
    DisplayMode.TEXT: "[data-text=large]",
    DisplayMode.CONTRAST: "[data-contrast=high]",
    DisplayMode.PLAIN: "[data-plain=on]",
    DisplayMode.POINTER: "[data-pointer=large]",
}
MOURNING_ATTRIBUTE = "[data-mourning]"

ZOOM_STEPS = 3
"""Steps beyond the usual size: 150, 175 and 200 %, the last one being what WCAG 1.4.4 asks for."""

LARGER, SMALLER, RESET = "larger", "smaller", "reset"
"""Switches that are no mode: one zoom step up or down, and everything off."""


class UnknownDisplayMode(ValueError):
    """A switch was asked for that no page offers."""


@dataclass(frozen=True, slots=True)
class DisplayModes:
    """The modes one reader has switched on; ``zoom`` in steps, 0 for the usual size."""

    text: bool = False
    contrast: bool = False
    plain: bool = False
    pointer: bool = False
    zoom: int = 0


@dataclass(frozen=True, slots=True)
class ModeSources:
    """Style rules of each mode, every selector starting with ``:root`` and its attribute."""

    text: str
    contrast: str
    mourning: str
    plain: str = ""
    pointer: str = ""
    zoom: str = ""


def parse_modes(cookie: str) -> DisplayModes:
    """Return the modes a cookie value names; unknown names are ignored.

    Two sizes at once contradict each other: the usual size stands.
    """
    names = set(cookie.split("."))
    sizes = [step for step in range(1, ZOOM_STEPS + 1) if f"zoom{step}" in names]
    return DisplayModes(
        **{mode.value: mode.value in names for mode in DisplayMode},
        zoom=sizes[0] if len(sizes) == 1 else 0,
    )


def cookie_value(modes: DisplayModes) -> str:
    """Return the cookie value of ``modes``; ``""`` means the cookie can be deleted."""
    names = [mode.value for mode in DisplayMode if getattr(modes, mode.value)]
    if modes.zoom:
        names.append(f"zoom{modes.zoom}")
    return ".".join(names)


def toggle_mode(modes: DisplayModes, name: str) -> DisplayModes:
    """Return ``modes`` with the one called ``name`` switched, or one size larger or smaller.

    Raises ``UnknownDisplayMode`` for a name that is no ``DisplayMode`` and no other switch.
    """
    if name == RESET:
        return DisplayModes()
    if name in {LARGER, SMALLER}:
        step = 1 if name == LARGER else -1
        return replace(modes, zoom=min(ZOOM_STEPS, max(0, modes.zoom + step)))
    try:
        mode = DisplayMode(name)
    except ValueError as error:
        raise UnknownDisplayMode(name) from error
    return replace(modes, **{mode.value: not getattr(modes, mode.value)})


def modes_stylesheet(
    sources: ModeSources,
    modes: DisplayModes,
    *,
    mourning: bool = False,
    emergency: Sequence[str] = (),
) -> str:
    """Return the style sheet that switches ``modes`` on without any script.

    Empty when nothing is on, which is what nearly every reader receives. Mourning comes
    first, so that a reader who needs high contrast keeps it on a day of mourning.
    ``emergency``: headlines of the bars in force, the first one is shown.
    """
    parts: list[str] = []
    if emergency:
        parts.append(_emergency_rules(emergency))
    if mourning:
        parts.append(_unconditional(sources.mourning, MOURNING_ATTRIBUTE))
    for mode in (DisplayMode.TEXT, DisplayMode.CONTRAST):
        if getattr(modes, mode.value):
            parts.append(_unconditional(getattr(sources, mode.value), MODE_ATTRIBUTES[mode]))
    if modes.zoom:
        parts.append(_one_size(sources.zoom, modes.zoom))
    for mode in (DisplayMode.PLAIN, DisplayMode.POINTER):
        if getattr(modes, mode.value):
            parts.append(_unconditional(getattr(sources, mode.value), MODE_ATTRIBUTES[mode]))
    return "\n".join(parts)


def _unconditional(source: str, attribute: str) -> str:
    """Replace the attribute test by ``:root``: same elements, same weight, no condition."""
    return source.replace(attribute, ":root")


def _one_size(source: str, step: int) -> str:
    """The rules of one zoom step; those of the others are there and fit nothing."""
    for other in range(1, ZOOM_STEPS + 1):
        source = source.replace(f"[data-zoom=x{other}]", ":root" if other == step else ":not(*)")
    return source


def _emergency_rules(headlines: Sequence[str]) -> str:
    """Show the bar that every page carries, with its headline.

    The property is what the script reads to put real text in place of generated text.
    """
    text = headlines[0]
    if len(headlines) > 1:
        more = len(headlines) - 1
        text += npgettext("public", " (and %(count)d more)", " (and %(count)d more)", more) % {
            "count": more
        }
    root = f":root{{--emergency:{css_string(text)};scroll-padding-top:6rem}}"
    return f"{root}.alarm.alarm{{display:block}}\n"


def css_string(text: str) -> str:
    """Return ``text`` as a CSS string: nothing in it can end the string, the rule or the sheet."""
    escaped = "".join(
        f"\\{ord(char):x} "
        if char in "\"'\\<>&{};" or ord(char) < 32 or 127 <= ord(char) < 160
        else char
        for char in " ".join(text.split())
    )
    return f'"{escaped}"'


def return_path(value: str) -> str:
    """Return ``value`` if it is a path of this very host, else ``/``.

    Keeps the switch from being used to send a reader to a foreign site. Refuses
    protocol-relative addresses, backslashes and control characters, which browsers
    read as a host.
    """
    is_local = value.startswith("/") and not value.startswith("//")
    is_clean = "\\" not in value and all(ord(char) > 32 for char in value)
    return value if is_local and is_clean else "/"
