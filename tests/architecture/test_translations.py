"""Every wording of ours has its Chinese, and the catalogues hold nothing else.

An app's ``locale/zh_Hans`` translates its own wording, ``locale/zh_Hans`` that of the apps without one;
``locale/packages/zh_Hans`` says in our words what Wagtail and Django say on the screens of staff, and
supplies what their catalogues lack.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

from tests.architecture.tree import ROOMS, ROOT, place, python_files, repository_files

OWN = (
    ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po",
    *sorted(
        path
        for room in ROOMS
        for pattern in ("locale", "*/locale")
        for path in ROOT.glob(f"{room}/{pattern}/zh_Hans/LC_MESSAGES/*.po")
    ),
)
PACKAGES = ROOT / "locale" / "packages" / "zh_Hans" / "LC_MESSAGES" / "django.po"
CATALOGUES = (
    *OWN,
    PACKAGES,
    ROOT / "locale" / "packages" / "zh_Hans" / "LC_MESSAGES" / "djangojs.po",
)
#: Functions of Django that mark a wording, with the places of context, singular and plural.
MARKS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|%[sd]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Punctuation of Latin text between Chinese characters.
LATIN_PUNCTUATION = re.compile(r"[\u4e00-\u9fff][,;:?!](?:[\u4e00-\u9fff]|$)|[\u4e00-\u9fff]\.$")


class Wording(NamedTuple):
    """A wording as catalogues know it: the plural is told by its singular."""

    context: str | None
    singular: str


def sources() -> Iterator[tuple[Path, str]]:
    """Each file of the rooms that may mark wording, as Python text."""
    for path in python_files(product_only=True):
        if "migrations" not in path.parts:
            yield path, path.read_text(encoding="utf-8")
    for path in repository_files():
        parts = path.relative_to(ROOT).parts
        if parts[0] in ROOMS and "templates" in parts and path.suffix in {".html", ".txt"}:
            marked = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # The tokenizer of Python minds indentation, which means nothing in a template.
            yield path, "\n".join(line.strip() for line in marked.splitlines())


def wordings(text: str) -> Iterator[tuple[int, Wording]]:
    """Line and wording of each mark in ``text``."""
    for line, found, _comments, context in extract(
        "python", BytesIO(text.encode()), keywords=MARKS, options={"encoding": "utf-8"}
    ):
        singular = found if isinstance(found, str) else found[0]
        if singular:
            yield line, Wording(context, singular)


@lru_cache
def used() -> dict[Wording, str]:
    """Each wording of the product, with the first place that uses it."""
    places: dict[Wording, str] = {}
    for path, text in sources():
        for line, wording in wordings(text):
            places.setdefault(wording, place(path, line))
    return places


@lru_cache
def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain=path.stem, abort_invalid=True)


def own_entries() -> Iterator[tuple[Wording, Message]]:
    """Each entry of the platform's own catalogues."""
    for path in OWN:
        yield from entries(path)


def entries(path: Path) -> Iterator[tuple[Wording, Message]]:
    """Each entry of a catalogue but its header."""
    for message in catalogue(path):
        if message.id:
            singular = message.id if isinstance(message.id, str) else message.id[0]
            yield Wording(message.context, singular), message


def translations_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def test_wording_is_found_in_python_and_templates():
    texts = {wording.singular for wording in used()}

    assert "Site administrator" in texts
    assert "Sign out" in texts
    assert Wording("person", "Name") in used()


def test_every_wording_has_a_translation():
    known = {wording for wording, message in own_entries() if all(translations_of(message))}

    assert [f"{where} {wording}" for wording, where in used().items() if wording not in known] == []


def test_the_catalogue_holds_no_wording_that_is_gone():
    assert [wording for wording, _message in own_entries() if wording not in used()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=place)
def test_nothing_is_fuzzy_obsolete_or_empty(path):
    unsure = [wording for wording, message in entries(path) if message.fuzzy]
    empty = [wording for wording, message in entries(path) if not all(translations_of(message))]

    assert unsure == []
    assert empty == []
    assert list(catalogue(path).obsolete) == []


def placeholders_of(message: Message) -> set[str]:
    """Those of the source. Chinese has one form for all numbers, so those of the plural count."""
    return placeholders(message.id if isinstance(message.id, str) else message.id[-1])


def test_own_placeholders_agree():
    assert [
        f"{wording.singular} | {translated}"
        for wording, message in own_entries()
        for translated in translations_of(message)
        if placeholders(translated) != placeholders_of(message)
    ] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=place)
def test_no_placeholder_is_unknown(path):
    """One may be left out (Wagtail counts “8 of 8 pages”), none may be made up."""
    assert [
        f"{wording.singular} | {translated}"
        for wording, message in entries(path)
        for translated in translations_of(message)
        if not placeholders(translated) <= placeholders_of(message)
    ] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=place)
def test_punctuation_between_chinese_is_chinese(path):
    assert [
        translated
        for _wording, message in entries(path)
        for translated in translations_of(message)
        if LATIN_PUNCTUATION.search(translated)
    ] == []


def test_own_wording_is_chinese():
    assert [
        translated
        for _wording, message in own_entries()
        for translated in translations_of(message)
        if not CHINESE.search(re.sub(PLACEHOLDER, "", translated))
        and "/" not in translated
        and re.search("[A-Za-z]", re.sub(PLACEHOLDER, "", translated))  # signs alone: ，、
    ] == []


def test_no_wording_stands_in_two_catalogues():
    own = [wording for wording, _message in own_entries()]
    packages = [wording for wording, _message in entries(PACKAGES)]

    assert sorted({wording for wording in own if own.count(wording) > 1}) == []
    assert [wording for wording in packages if wording in set(own)] == []


def test_the_interface_speaks_chinese():
    with translation.override("zh-hans"):
        assert translation.gettext("Site administrator") == "站点管理员"
        assert translation.pgettext("person", "Name") == "姓名"
        assert translation.gettext("Search all pages…") == "搜索全部页面…"
        assert (
            translation.ngettext("%(num_pages)d page", "%(num_pages)d pages", 115)
            % {"num_pages": 115}
            == "115 个页面"
        )
