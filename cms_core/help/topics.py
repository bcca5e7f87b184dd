"""The how-tos: which there are, in which groups, where each is written, and how it reads.

The Chinese stand in ``docs/help/zh-hans``. The English stand in ``docs/help/en``, unless the same thing
is said in ``docs/how-to`` already: then ``topics.toml`` names that document, or a part of it.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from posixpath import normpath

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from .rules import headings_of, matches, part_of, title_and_text, to_html

#: The languages of the administration, and the folder of each.
LANGUAGES = {"zh-hans": "简体中文", "en": "English"}
_DOCUMENTS = "docs"


@dataclass(frozen=True, slots=True)
class Group:
    """How-tos that stand together in the list. ``titles``: by language."""

    titles: dict[str, str]
    topics: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.titles[language_of("")]


@dataclass(frozen=True, slots=True)
class HowTo:
    """One how-to in one language. ``text``: its Markdown below the title."""

    topic: str
    language: str
    title: str
    text: str

    @property
    def headings(self) -> tuple[str, ...]:
        return headings_of(self.text)

    @property
    def html(self) -> SafeString:
        source = source_of(self.topic, self.language)
        return SafeString(
            to_html(
                self.text,
                address=lambda target: _address(target, source=source, language=self.language),
            )
        )


def language_of(asked: str) -> str:
    """``asked`` where there are how-tos in it, otherwise the language of the reader."""
    if asked in LANGUAGES:
        return asked
    return "en" if (get_language() or "").startswith("en") else "zh-hans"


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """The how-tos in the order of the list."""
    listed = _listed()["groups"]
    return tuple(
        Group({"zh-hans": one["zh"], "en": one["en"]}, tuple(one["topics"])) for one in listed
    )


def topics() -> tuple[str, ...]:
    """The names of all how-tos."""
    return tuple(topic for group in groups() for topic in group.topics)


def source_of(topic: str, language: str) -> str:
    """Where a how-to is written: a path in the repository, with ``#heading`` where it is a part."""
    if language == "en" and topic in (elsewhere := _listed()["english"]):
        return f"{_DOCUMENTS}/{elsewhere[topic]}"
    return f"{_DOCUMENTS}/help/{language}/{topic}.md"


@cache
def _written(source: str) -> str:
    """The Markdown of ``source``. Documents do not change while the program runs."""
    path, _, anchor = source.partition("#")
    markdown = (Path(settings.BASE_DIR) / path).read_text(encoding="utf-8")
    return part_of(markdown, anchor) if anchor else markdown


def how_to(topic: str, language: str) -> HowTo | None:
    """The how-to of that name in ``language``; ``None`` where there is none."""
    if topic not in topics():
        return None
    title, text = title_and_text(_written(source_of(topic, language)))
    return HowTo(topic, language, title, text)


def found(words: str, language: str) -> Iterator[HowTo]:
    """How-tos that hold all ``words``: first those with them in a heading, then those in the text."""
    later: list[HowTo] = []
    for topic in topics():
        one = how_to(topic, language)
        if one is None:
            continue
        if matches(words, one.title, *one.headings):
            yield one
        elif matches(words, one.title, one.text):
            later.append(one)
    yield from later


def _address(target: str, *, source: str, language: str) -> str | None:
    """Where a link of ``source`` leads: to another how-to, or nowhere."""
    document = source.partition("#")[0]
    path, _, anchor = target.partition("#")
    if ":" in target:
        return None
    path = normpath(f"{document}/../{path}") if path else document
    topic = _by_source(language).get(f"{path}#{anchor}" if anchor else path)
    return None if topic is None else reverse("help:topic", args=[topic])


@cache
def _by_source(language: str) -> dict[str, str]:
    return {source_of(topic, language): topic for topic in topics()}


@lru_cache(maxsize=1)
def _listed() -> dict:
    with (Path(__file__).parent / "topics.toml").open("rb") as file:
        return tomllib.load(file)
