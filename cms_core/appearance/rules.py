"""Pure rules: contrast of chosen colours, and the life of a notice.

Contrast: WCAG 2.2, success criteria 1.4.3 and 1.4.11, "relative luminance" and "contrast ratio".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .enums import NoticeKind, NoticeState

LEAST_CONTRAST = 4.5
"""Text of normal size, level AA; the visual reference asks it of every text on every ground."""

NAVIGATION_LIMIT = 10
"""With the home page eleven entries of four characters: two lines at 1024 pixels, six on a phone."""

LONGEST: Mapping[NoticeKind, timedelta] = {
    # National mourning has lasted one to seven days; twice that leaves room for local days before it.
    NoticeKind.MOURNING: timedelta(days=14),
    # A bar that stands for weeks is no longer read; what lasts longer is an article.
    NoticeKind.EMERGENCY: timedelta(days=14),
}

_WHITE = "#ffffff"
_BLACK = "#000000"
#: Share of white in the quiet ground made from a colour, as the themes' own tokens have it.
_TINT_WHITE = 0.9
_ON_DEEP_WHITE = 0.8


@dataclass(frozen=True, slots=True)
class ContrastFault:
    """Two colours that stand on each other and are too alike.

    ``field``: the chosen colour at fault. ``text``, ``ground``: names of tokens, with their colours.
    ``nearest``: the chosen colour darkened as little as makes every pair pass; ``None``: nothing does.
    """

    field: str
    text: str
    ground: str
    text_colour: str
    ground_colour: str
    ratio: float
    nearest: str | None


def long_hex(colour: str) -> str:
    """``#abc`` and ``#AABBCC`` as ``#aabbcc``."""
    digits = colour.strip().lower().removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}"


def _channels(colour: str) -> tuple[int, int, int]:
    digits = long_hex(colour)[1:]
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def mix(colour: str, other: str, share: float) -> str:
    """``colour`` with ``share`` (0 to 1) of ``other``."""
    parts = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in parts)


def relative_luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, 0 to 1."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, the same both ways."""
    lighter, darker = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def chosen_tokens(colours: Mapping[str, str]) -> dict[str, str]:
    """The tokens that chosen colours set: each one, and the grounds and texts made from it.

    ``colours``: ``brand``, ``deep``, ``seal``; an empty one leaves the theme's own.
    """
    tokens: dict[str, str] = {}
    if colours.get("brand"):
        tokens["--brand"] = long_hex(colours["brand"])
        tokens["--tint"] = mix(tokens["--brand"], _WHITE, _TINT_WHITE)
    if colours.get("deep"):
        tokens["--deep"] = long_hex(colours["deep"])
        tokens["--on-deep2"] = mix(tokens["--deep"], _WHITE, _ON_DEEP_WHITE)
    if colours.get("seal"):
        tokens["--seal"] = long_hex(colours["seal"])
        tokens["--seal-tint"] = mix(tokens["--seal"], _WHITE, _TINT_WHITE)
    return tokens


_GROUNDS = ("--paper", "--surface", "--sunk", "--tint")
#: Which text stands on which ground, by the chosen colour that moves the pair.
PAIRS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "brand": (
        *(("--brand", ground) for ground in _GROUNDS),
        ("--on-brand", "--brand"),
        *((text, "--tint") for text in ("--ink", "--ink2", "--ink3", "--ochre")),
    ),
    "deep": (("--on-deep", "--deep"), ("--on-deep2", "--deep")),
    "seal": (
        *(("--seal", ground) for ground in _GROUNDS),
        ("--seal", "--seal-tint"),
        ("--on-seal", "--seal"),
        ("--ink", "--seal-tint"),
    ),
}


def contrast_table(
    colours: Mapping[str, str], theme: Mapping[str, str]
) -> list[tuple[str, str, str, float]]:
    """``(field, text, ground, ratio)`` of every pair that a chosen colour stands in.

    ``theme``: the tokens of the theme, from name to colour.
    """
    tokens = {**theme, **chosen_tokens(colours)}
    return [
        (field, text, ground, contrast(tokens[text], tokens[ground]))
        for field, pairs in PAIRS.items()
        if colours.get(field)
        for text, ground in pairs
        if text in tokens and ground in tokens
    ]


def contrast_faults(
    colours: Mapping[str, str], theme: Mapping[str, str]
) -> tuple[ContrastFault, ...]:
    """The worst pair of each chosen colour that stays below 4.5, with the nearest colour that passes."""
    tokens = {**theme, **chosen_tokens(colours)}
    worst: dict[str, tuple[str, str, float]] = {}
    for field, text, ground, ratio in contrast_table(colours, theme):
        if ratio < LEAST_CONTRAST and ratio < worst.get(field, ("", "", 22.0))[2]:
            worst[field] = (text, ground, ratio)
    return tuple(
        ContrastFault(
            field,
            text,
            ground,
            tokens[text],
            tokens[ground],
            ratio,
            nearest_passing(field, colours, theme),
        )
        for field, (text, ground, ratio) in worst.items()
    )


def nearest_passing(field: str, colours: Mapping[str, str], theme: Mapping[str, str]) -> str | None:
    """The chosen colour of ``field`` with as little black as lets every pair of it pass."""

    def passes(colour: str) -> bool:
        tried = {**colours, field: colour}
        table = contrast_table(tried, theme)
        return all(ratio >= LEAST_CONTRAST for name, _t, _g, ratio in table if name == field)

    for step in range(256):
        colour = mix(colours[field], _BLACK, step / 255)
        if passes(colour):
            return colour
    return None


def look_css(tokens: Mapping[str, str]) -> str:
    """The style sheet of a site's own colours; empty where it has none.

    One simple selector: a display mode, which names its attribute too, always weighs more.
    """
    if not tokens:
        return ""
    return ":root{" + ";".join(f"{name}:{colour}" for name, colour in tokens.items()) + "}\n"


# --- notices --------------------------------------------------------------------


def notice_faults(
    *,
    kind: str,
    headline: str,
    text: str,
    reason: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    now: datetime,
) -> dict[str, str]:
    """What is wrong with a proposal: field → code of the fault. Empty when nothing is."""
    faults: dict[str, str] = {}
    if kind == NoticeKind.EMERGENCY:
        if not headline.strip():
            faults["headline"] = "missing"
        if not text.strip():
            faults["text"] = "missing"
    if not reason.strip():
        faults["reason"] = "missing"
    if ends_at is None:
        faults["ends_at"] = "missing"
        return faults
    begin = max(starts_at or now, now)
    if ends_at <= begin:
        faults["ends_at"] = "before_begin"
    elif ends_at - begin > LONGEST[NoticeKind(kind)]:
        faults["ends_at"] = "too_long"
    return faults


def notice_state(
    *,
    starts_at: datetime | None,
    ends_at: datetime,
    confirmed_at: datetime | None,
    lifted_at: datetime | None,
    now: datetime,
) -> NoticeState:
    """Where a notice stands at ``now``."""
    if lifted_at is not None:
        return NoticeState.LIFTED
    if ends_at <= now:
        return NoticeState.OVER
    if confirmed_at is None:
        return NoticeState.PROPOSED
    if starts_at is not None and starts_at > now:
        return NoticeState.SCHEDULED
    return NoticeState.IN_FORCE
