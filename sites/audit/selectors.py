"""Reads of the audit trail for people: words for its codes."""

from typing import Any

from django.apps import apps
from django.utils.functional import Promise

from sites.registry.events import event_words


def words_of(kind: str) -> str | Promise:
    """The words of a kind of event in the reader's language; the code where an app has none."""
    for words in event_words:
        if kind in words:
            found: str | Promise = words[kind]
            return found
    return kind


def known_kinds() -> list[tuple[str, str]]:
    """Every kind of event with its words, in the order of the words."""
    found = {str(kind): str(label) for words in event_words for kind, label in words.items()}
    return sorted(found.items(), key=lambda item: (item[1], item[0]))


def subject_words(subject_type: str) -> Any:
    """What a row is called (``sites_accounts.user`` → 用户); the code of a model that is gone."""
    try:
        return apps.get_model(subject_type)._meta.verbose_name
    except LookupError:
        return subject_type
