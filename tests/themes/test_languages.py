"""The fixed words of every page in the language of its site, and nothing of another language."""

import re
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.safestring import SafeString
from selectolax.lexbor import LexborHTMLParser

import themes
from tests.themes.pages import PAGES, render, render_sample
from themes.contract import HomeContent
from themes.manifest import THEMES
from themes.modes import DisplayModes, ModeSources, modes_stylesheet

HAN = re.compile("[\u4e00-\u9fff]+")
WORD = re.compile("[A-Za-z]{2,}")
FOLDER = Path(themes.__file__).parent
#: What a reader sees or hears besides text.
SPOKEN = ("alt", "aria-label", "placeholder", "title", "label")
#: Formats and names that every language writes alike.
SAME_EVERYWHERE = {"RSS"}


def foreign(value):
    """``value`` of a sample page with an x in place of every Chinese character."""
    if isinstance(value, str):
        text = HAN.sub(lambda found: "x" * len(found.group()), value)
        return SafeString(text) if isinstance(value, SafeString) else text
    if isinstance(value, tuple):
        return tuple(foreign(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{item.name: foreign(getattr(value, item.name)) for item in fields(value)},
        )
    return value


def words_of(value):
    """Latin words that a sample page itself brings."""
    if isinstance(value, str):
        return set(WORD.findall(value))
    if isinstance(value, tuple):
        return {word for item in value for word in words_of(item)}
    if is_dataclass(value):
        return {word for item in fields(value) for word in words_of(getattr(value, item.name))}
    assert value is None or isinstance(value, (bool, int, date, datetime)), value
    return set()


def seen_and_heard(html):
    page = LexborHTMLParser(html)
    assert page.body is not None
    texts = [page.body.text(separator=" "), page.css_first("title").text()]
    for attribute in SPOKEN:
        texts += [node.attributes[attribute] or "" for node in page.css(f"[{attribute}]")]
    reader = page.css_first(".reader")
    texts += [text or "" for name, text in reader.attributes.items() if name.startswith("data-")]
    return " ".join(texts)


@pytest.mark.parametrize(
    "path", sorted([*FOLDER.rglob("*.html"), *FOLDER.rglob("*.js")]), ids=lambda path: path.name
)
def test_no_template_and_no_script_holds_words_of_one_language(path):
    assert HAN.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("look", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_an_english_edition_says_nothing_in_chinese(name, look):
    template, frame, content = PAGES[name][0], foreign(PAGES[name][1]), foreign(PAGES[name][2])
    with translation.override("en"):
        html = render(template, frame, content, THEMES[look])

    assert HAN.findall(html) == []
    assert "Skip to the text" in html


@pytest.mark.parametrize("look", THEMES)
@pytest.mark.parametrize("name", PAGES)
def test_a_chinese_page_says_nothing_in_english(name, look):
    _template, frame, content = PAGES[name]
    brought = words_of(frame) | words_of(content) | SAME_EVERYWHERE

    html = render_sample(name, THEMES[look])

    assert set(WORD.findall(seen_and_heard(html))) - brought == set()
    assert "跳到正文" in html


def test_the_search_does_find_something():
    with translation.override("en"):
        html = render_sample("section")
    assert {"Search", "Accessibility", "Pause", "Paused"} <= set(WORD.findall(seen_and_heard(html)))


def test_dates_are_alike_in_every_language():
    dates = re.compile(r">([^<]*\d\d:\d\d[^<]*)</time>")
    with translation.override("en"):
        english = dates.findall(render_sample("article"))

    assert english == dates.findall(render_sample("article")) != []
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", found) for found in english)


def test_the_bar_counts_in_the_language_of_the_site():
    def bar():
        sources = ModeSources(text="", contrast="", mourning="")
        return modes_stylesheet(sources, DisplayModes(), emergency=("Flood", "Wind", "Snow"))

    with translation.override("en"):
        assert '--emergency:"Flood (and 2 more)"' in bar()
    assert '--emergency:"Flood（另有 2 条）"' in bar()


def test_a_title_without_a_chinese_character_leaves_no_empty_type_block_to_be_seen():
    template, frame, content = PAGES["home"][0], *(foreign(part) for part in PAGES["home"][1:])
    assert isinstance(content, HomeContent)
    html = render(template, frame, replace(content, life_events=()), THEMES["township"])

    assert '<span class="type" aria-hidden="true"></span>' in html
    for theme in THEMES.values():
        css = (FOLDER / "static" / theme.stylesheet).read_text(encoding="utf-8")
        assert ".type:empty{display:none}" in css
