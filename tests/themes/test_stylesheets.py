"""The joined style sheet, and what its colours must reach."""

import colorsys
import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command

from themes import manifest
from themes.management.commands import join_theme_css
from themes.manifest import (
    PORTAL,
    THEMES,
    Theme,
    joined_stylesheet,
    mode_part_paths,
    part_paths,
    stylesheet_path,
)
from themes.stylesheets import join_css


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_committed_file_is_the_joined_parts(theme):
    committed = stylesheet_path(theme).read_text(encoding="utf-8")
    assert committed == joined_stylesheet(theme), "run manage.py join_theme_css"


def test_a_part_of_the_look_takes_the_place_of_the_shared_one(monkeypatch, tmp_path):
    for folder, name in (
        ("every_look", "10-base.css"),
        ("every_look", "51-mode-text.css"),
        ("portal", "10-base.css"),
        ("portal", "01-tokens.css"),
        ("portal", "51-mode-text-portal.css"),
    ):
        (tmp_path / folder / "src").mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "src" / name).write_text(f".{folder} {{ a: b }}")
    monkeypatch.setattr(manifest, "_STATIC", tmp_path)
    assert [str(path.relative_to(tmp_path)) for path in part_paths(PORTAL)] == [
        "portal/src/01-tokens.css",
        "portal/src/10-base.css",
        "every_look/src/51-mode-text.css",
        "portal/src/51-mode-text-portal.css",
    ]
    assert [path.name for path in mode_part_paths(PORTAL, "text")] == [
        "51-mode-text.css",
        "51-mode-text-portal.css",
    ]


@pytest.mark.parametrize(
    ("source", "joined"),
    [
        ("a { color : red; }", "a{color :red}\n"),
        ("a  b ,\n c > d { }", "a b,c>d{}\n"),
        ("/* x */ a{}/* y; { */", "a{}\n"),
        ('a::after { content: "; { /* x */ }  " }', 'a::after{content:"; { /* x */ }  "}\n'),
        ("a{width:calc(1px + 2px)}", "a{width:calc(1px + 2px)}\n"),
        ("a :focus { x: y }", "a :focus{x:y}\n"),
        ("a { font: 1rem/1.5 x }", "a{font:1rem/1.5 x}\n"),
        ("", ""),
        ("/* only */", ""),
    ],
)
def test_joining_keeps_the_meaning(source, joined):
    assert join_css([source]) == joined


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_sheet_stays_small_and_asks_no_other_host(theme):
    sheet = joined_stylesheet(theme)
    assert len(gzip.compress(sheet.encode())) < 10_000
    assert not re.search(r"@import|https?:|data:", sheet)
    for url in re.findall(r"url\(([^)]*)\)", sheet):
        path = url.strip('"')
        assert path.startswith(settings.STATIC_URL), path
        assert finders.find(path.removeprefix(settings.STATIC_URL)), path


def test_check_fails_on_an_edited_file_and_writes_nothing(monkeypatch, tmp_path, capsys):
    for theme in THEMES.values():
        (tmp_path / f"{theme.code}.css").write_text(joined_stylesheet(theme), encoding="utf-8")
    path = tmp_path / "portal.css"
    path.write_text("edited by hand", encoding="utf-8")
    monkeypatch.setattr(
        join_theme_css, "stylesheet_path", lambda theme: tmp_path / f"{theme.code}.css"
    )
    with pytest.raises(CommandError, match="portal"):
        call_command("join_theme_css", "--check", "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["changed"] == ["portal"]
    assert path.read_text(encoding="utf-8") == "edited by hand"

    call_command("join_theme_css")
    assert path.read_text(encoding="utf-8") == joined_stylesheet(PORTAL)
    call_command("join_theme_css", "--check")


# --- contrast -------------------------------------------------------------------


def _tokens(part: Path, onto: dict[str, str]) -> dict[str, str]:
    """Return the custom properties of a part laid over ``onto``, references resolved."""
    source = part.read_text(encoding="utf-8").split("@media")[0]
    values = {**onto, **dict(re.findall(r"(--[\w-]+):\s*([^;]+);", source))}
    return {
        name: values[match.group(1)]
        if (match := re.fullmatch(r"var\((--[\w-]+)\)", value))
        else value
        for name, value in values.items()
    }


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _ratio(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _grounds_and_inks(theme: Theme) -> dict[str, dict[str, str]]:
    """Return the tokens of a theme in each of its modes."""
    [tokens] = [path for path in part_paths(theme) if path.stem == "01-tokens"]
    mourning = mode_part_paths(theme, "mourning")[0]
    contrast = mode_part_paths(theme, "contrast")[0]
    base = _tokens(tokens, {})
    return {
        f"{theme.code}": base,
        f"{theme.code} mourning": _tokens(mourning, base),
        f"{theme.code} contrast": _tokens(contrast, base),
        f"{theme.code} contrast in mourning": _tokens(contrast, _tokens(mourning, base)),
    }


LOOKS = {
    name: tokens for theme in THEMES.values() for name, tokens in _grounds_and_inks(theme).items()
}
ON_GROUNDS = [
    (text, ground)
    for text in ("--ink", "--ink2", "--ink3", "--brand", "--seal", "--ochre")
    for ground in ("--paper", "--surface", "--sunk", "--tint")
]
PAIRS = [
    *ON_GROUNDS,
    ("--on-brand", "--brand"),
    ("--on-deep", "--deep"),
    ("--on-deep2", "--deep"),
    ("--on-seal", "--seal"),
]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_reaches_the_contrast_of_aa(look, text, ground):
    assert _ratio(LOOKS[look][text], LOOKS[look][ground]) >= 4.5


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("ground", ["--paper", "--surface", "--sunk"])
@pytest.mark.parametrize("edge", ["--edge", "--focus"])
def test_borders_of_controls_and_the_focus_ring_are_visible(look, ground, edge):
    assert _ratio(LOOKS[look][edge], LOOKS[look][ground]) >= 3


@pytest.mark.parametrize("look", [name for name in LOOKS if "contrast" in name])
@pytest.mark.parametrize("text", ["--ink", "--ink2", "--brand"])
def test_high_contrast_reaches_seven(look, text):
    assert _ratio(LOOKS[look][text], LOOKS[look]["--paper"]) >= 7


# --- colours --------------------------------------------------------------------

NEUTRAL = 0.13
"""Chroma (0 grey, 1 a pure hue) below which a colour reads as ink, paper or a line."""
SAME_HUE = 30
"""Degrees within which two tokens show one hue in two depths (brand, deep, tint)."""


def _hue(colour: str) -> float | None:
    """Return the hue of a colour in degrees, or None for one that reads as a grey."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4))
    hue, lightness, _ = colorsys.rgb_to_hls(red, green, blue)
    chroma = max(red, green, blue) - min(red, green, blue)
    return hue * 360 if chroma >= NEUTRAL and 0.05 < lightness < 0.85 else None


def _hues(tokens: dict[str, str]) -> list[float]:
    """Return the hues among colour tokens, those of one hue counted once."""
    found: list[float] = []
    for name in ("--brand", "--seal", "--ochre", *sorted(tokens)):
        hue = _hue(tokens[name]) if re.fullmatch(r"#[0-9a-f]{3,6}", tokens[name]) else None
        if hue is not None and not any(
            min(abs(hue - other), 360 - abs(hue - other)) <= SAME_HUE for other in found
        ):
            found.append(hue)
    return found


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_a_look_has_three_colours_at_most(theme):
    assert 1 <= len(_hues(LOOKS[theme.code])) <= 3
    with_a_fourth = {**LOOKS[theme.code], "--x": "#7a2fa0"}
    assert len(_hues(with_a_fourth)) == len(_hues(LOOKS[theme.code])) + 1


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_colours_stand_in_the_tokens_alone(theme):
    """A colour anywhere else would escape the modes and the tests above."""
    for path in part_paths(theme):
        if path.stem[:2] in {
            "01",
            "50",
            "51",
            "52",
            "53",
            "54",
            "55",
            "56",
            "57",
            "58",
            "59",
            "60",
        }:
            continue
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text) == [], path.name
