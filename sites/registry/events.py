"""What apps offer to the audit trail: words for the kinds of event they record."""

from collections.abc import Mapping
from typing import Any

from .registry import Registry

#: App label → kind of event → its words, to be translated when shown.
event_words: Registry[Mapping[str, Any]] = Registry("words of events", module="event_words")


def register_event_words(app_label: str, words: Mapping[str, Any]) -> Mapping[str, Any]:
    """Offer the words of an app's events; called in its ``event_words.py``."""
    return event_words.register(app_label, words)
