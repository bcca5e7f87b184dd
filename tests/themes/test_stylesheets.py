"""The joined style sheet, and what its colours must reach."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from themes import manifest
from themes.management.commands import join_theme_css
from themes.manifest import (
    PORTAL,
    joined_stylesheet,
    mode_part_paths,
    part_paths,
    stylesheet_path,
)
from themes.stylesheets import join_css


def test_the_committed_file_is_the_joined_parts():
    committed = stylesheet_path(PORTAL).read_text(encoding="utf-8")
    assert committed == joined_stylesheet(PORTAL), "run manage.py join_theme_css"


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


def test_the_sheet_stays_small_and_asks_no_other_host():
    sheet = joined_stylesheet(PORTAL)
    assert len(gzip.compress(sheet.encode())) < 10_000
    assert not re.search(r"url\(|@import|https?:", sheet)


def test_check_fails_on_an_edited_file_and_writes_nothing(monkeypatch, tmp_path, capsys):
    path = tmp_path / "portal.css"
    path.write_text("edited by hand", encoding="utf-8")
    monkeypatch.setattr(join_theme_css, "stylesheet_path", lambda theme: path)
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


[TOKENS] = [path for path in part_paths(PORTAL) if path.stem == "01-tokens"]
[MOURNING] = mode_part_paths(PORTAL, "mourning")
[CONTRAST] = mode_part_paths(PORTAL, "contrast")
BASE = _tokens(TOKENS, {})
LOOKS = {
    "default": BASE,
    "mourning": _tokens(MOURNING, BASE),
    "contrast": _tokens(CONTRAST, BASE),
    "contrast in mourning": _tokens(CONTRAST, _tokens(MOURNING, BASE)),
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


@pytest.mark.parametrize("text", ["--ink", "--ink2", "--brand"])
def test_high_contrast_reaches_seven(text):
    assert _ratio(LOOKS["contrast"][text], LOOKS["contrast"]["--paper"]) >= 7
