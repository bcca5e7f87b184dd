"""Display modes without a script: cookie, switch, and the style sheet of fixed address."""

import itertools
import re

import pytest

from themes.manifest import THEMES, mode_sources
from themes.modes import (
    DisplayModes,
    ModeSources,
    UnknownDisplayMode,
    cookie_value,
    css_string,
    modes_stylesheet,
    parse_modes,
    return_path,
    toggle_mode,
)

ALL = [
    DisplayModes(text, contrast, plain, pointer, zoom)
    for text, contrast, plain, pointer in itertools.product((False, True), repeat=4)
    for zoom in range(4)
]
SOURCES = ModeSources(
    text=":root[data-text=large]{--a:1}:root[data-text=large] .x{top:0}",
    contrast=":root[data-contrast=high]{--b:1}",
    mourning=":root[data-mourning]{--c:1}",
)


@pytest.mark.parametrize("modes", ALL)
def test_cookie_round_trip(modes):
    assert parse_modes(cookie_value(modes)) == modes


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "..",
        "Text",
        "text;contrast",
        "<script>",
        "textcontrast",
        "zoom",
        "zoom0",
        "zoom4",
        "zoom1.zoom2",
        "zoom-1",
    ],
)
def test_a_foreign_cookie_switches_nothing_on(cookie):
    assert parse_modes(cookie) == DisplayModes()


@pytest.mark.parametrize("modes", ALL)
@pytest.mark.parametrize("name", ["text", "contrast", "plain", "pointer"])
def test_toggling_twice_is_nothing(modes, name):
    assert toggle_mode(modes, name) != modes
    assert toggle_mode(toggle_mode(modes, name), name) == modes


@pytest.mark.parametrize("modes", ALL)
def test_sizes_stay_within_the_steps_and_reset_ends_all(modes):
    assert toggle_mode(modes, "larger").zoom == min(3, modes.zoom + 1)
    assert toggle_mode(modes, "smaller").zoom == max(0, modes.zoom - 1)
    assert toggle_mode(modes, "reset") == DisplayModes()


@pytest.mark.parametrize("name", ["", "mourning", "TEXT", "__class__", "zoom2", "zoom"])
def test_an_unknown_mode_is_refused(name):
    with pytest.raises(UnknownDisplayMode):
        toggle_mode(DisplayModes(), name)


def test_nothing_on_is_an_empty_sheet():
    assert modes_stylesheet(SOURCES, DisplayModes()) == ""


def test_the_condition_is_replaced_by_an_equally_strong_selector():
    sheet = modes_stylesheet(SOURCES, DisplayModes(text=True))
    assert sheet == ":root:root{--a:1}:root:root .x{top:0}"


def test_contrast_wins_over_mourning():
    sheet = modes_stylesheet(SOURCES, DisplayModes(contrast=True), mourning=True)
    assert sheet.index("--c") < sheet.index("--b")
    assert "--a" not in sheet


@pytest.mark.parametrize(
    ("part", "attribute"),
    [
        ("text", "[data-text=large]"),
        ("contrast", "[data-contrast=high]"),
        ("mourning", "[data-mourning]"),
        ("plain", "[data-plain=on]"),
        ("pointer", "[data-pointer=large]"),
    ],
)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_every_rule_of_a_mode_tests_its_attribute(theme, part, attribute):
    """A rule without it would reach readers who switched nothing on."""
    source = getattr(mode_sources(theme), part)
    selectors = [
        selector
        for prelude in re.findall(r"(?:^|[{}])\s*([^{}@]+)\{", source)
        for selector in re.split(r",(?![^(]*\))", prelude)
    ]
    assert selectors
    assert all(selector.strip().startswith(f":root{attribute}") for selector in selectors)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("modes", [DisplayModes(True, True, True, True, zoom) for zoom in range(4)])
def test_no_condition_is_left_in_the_real_sheet(theme, modes):
    assert "data-" not in modes_stylesheet(mode_sources(theme), modes, mourning=True)


@pytest.mark.parametrize("path", ["/", "/a/b/?p=2", "/中文/", "/a#b"])
def test_a_path_of_this_host_is_returned_to(path):
    assert return_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "a",
        "http://x/",
        "//x/",
        "/\\x",
        "\\\\x",
        "/a\nSet-Cookie: b",
        "/\t/x",
        "javascript:alert(1)",
        " /",
    ],
)
def test_any_other_address_leads_home(path):
    assert return_path(path) == "/"


def test_the_bars_headline_and_how_many_more():
    sheet = modes_stylesheet(SOURCES, DisplayModes(), emergency=("停水", "停电"))
    assert '--emergency:"停水（另有 1 条）"' in sheet
    assert ".alarm.alarm{display:block}" in sheet


@pytest.mark.parametrize(
    "text", ['"', "\\", "a\nb", "</style>", "}*{x:url(//h)}", "\u2028\x7f\x00", "é😀"]
)
def test_nothing_leaves_a_css_string(text):
    string = css_string(text)
    assert string[0] == string[-1] == '"'
    assert not set(string[1:-1]) & set("\"'<>{};\n\r\f")
    back = re.sub(r"\\([0-9a-f]+) ", lambda match: chr(int(match[1], 16)), string[1:-1])
    assert back == " ".join(text.split())
