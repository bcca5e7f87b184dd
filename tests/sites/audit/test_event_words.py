"""Every kind of event that the code records has words."""

import ast
import importlib
from enum import StrEnum
from inspect import getmembers, isclass

import pytest
from django.utils import translation

from sites.audit.selectors import known_kinds, subject_words, words_of
from sites.registry.events import event_words
from tests.architecture.tree import ROOT, place, python_files

RECORDERS = {"record_event", "record_events", "record_platform_event"}


def recorded_kinds() -> list[tuple[str, str]]:
    """(place, kind) of each call that names its kind, as a text or as a member of an enumeration."""
    found = []
    for path in python_files(product_only=True):
        if path.name == "isolation_cases.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            kinds = [word.value for word in node.keywords if word.arg == "kind"]
            if name not in RECORDERS or not kinds:
                continue
            value = kinds[0]
            if isinstance(value, ast.Constant):
                found.append((place(path, node.lineno), value.value))
            elif isinstance(value, ast.Attribute):
                module = importlib.import_module(
                    ".".join(path.relative_to(ROOT).with_suffix("").parts)
                )
                member = eval(ast.unparse(value), vars(module))  # noqa: S307
                found.append((place(path, node.lineno), str(member)))
    return found


def enumerated_kinds() -> list[tuple[str, str]]:
    """(module, kind) of every member of the enumerations in ``events.py``: some are recorded by variable."""
    found = []
    for path in python_files(product_only=True):
        if path.name != "events.py" or path.parent.name == "registry":
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = importlib.import_module(name)
        for _name, members in getmembers(module, isclass):
            if issubclass(members, StrEnum) and members.__module__ == name:
                found += [(name, str(member)) for member in members]
    return found


def test_kinds_are_found_in_the_code():
    kinds = {kind for _place, kind in recorded_kinds()}

    assert {"page_deleted", "membership.granted", "tenant_opened"} <= kinds
    assert len(enumerated_kinds()) > 20


def test_every_recorded_kind_has_words():
    known = dict(known_kinds())

    assert [
        f"{where} {kind}"
        for where, kind in [*recorded_kinds(), *enumerated_kinds()]
        if kind not in known
    ] == []


def test_no_kind_has_words_of_two_apps():
    kinds = [str(kind) for words in event_words for kind in words]

    assert sorted({kind for kind in kinds if kinds.count(kind) > 1}) == []


@pytest.mark.parametrize(
    ("language", "words", "subject"),
    [("zh-hans", "登录失败", "工作人员"), ("en", "Sign-in failed", "staff user")],
)
def test_words_speak_the_readers_language(language, words, subject):
    with translation.override(language):
        assert str(words_of("account.sign_in_failed")) == words
        assert str(subject_words("sites_accounts.user")) == subject


def test_what_is_unknown_stays_a_code():
    assert words_of("gone.kind") == "gone.kind"
    assert subject_words("gone.model") == "gone.model"
