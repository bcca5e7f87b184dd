"""Which how-to belongs to which screen of the administration.

An app names its screens by the view name of the resolver (``lifecycle:recycle_bin``) in a module
``help_screens.py``; the room of the help (``cms_core.help``) shows the how-to, and the frame around
every screen links it. Addresses that are no screens (answers to scripts, files, buttons) are named
with the reason, so that a test can tell them from a screen that was forgotten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .registry import Registry


@dataclass(frozen=True, slots=True)
class HelpScreens:
    """``topics``: view name -> name of its how-to. ``no_screens``: view name -> why it has none."""

    topics: Mapping[str, str] = field(default_factory=dict)
    no_screens: Mapping[str, str] = field(default_factory=dict)


help_screens: Registry[HelpScreens] = Registry("screens with help", module="help_screens")


def register_help_screens(
    app_label: str,
    topics: Mapping[str, str],
    *,
    no_screens: Mapping[str, str] | None = None,
) -> HelpScreens:
    """Offer the how-tos of an app's screens; called in its ``help_screens.py``."""
    return help_screens.register(app_label, HelpScreens(topics, no_screens or {}))


def topic_of(view_name: str) -> str:
    """The how-to of a screen; empty where no app named one."""
    for screens in help_screens:
        topic = screens.topics.get(view_name)
        if topic is not None:
            return topic
    return ""
