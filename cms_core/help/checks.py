"""System check: every screen's how-to exists, in each language of the administration."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from sites.registry.help_screens import help_screens

from .rules import NoSuchHeading
from .topics import LANGUAGES, how_to, source_of, topics


@register()
def how_tos_exist(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A link to a how-to that is not there helps nobody; an installation without documents has none."""
    return [*_unwritten(), *_unknown()]


def _unwritten() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for topic in topics():
        for language in LANGUAGES:
            try:
                shown = how_to(topic, language)
                is_written = shown is not None and bool(shown.title)
            except (FileNotFoundError, NoSuchHeading):
                is_written = False
            if not is_written:
                found.append(
                    Error(
                        f"The how-to {topic!r} is not written in {language}.",
                        hint=f"It is read from {source_of(topic, language)}.",
                        id="cms_core_help.E001",
                    )
                )
    return found


def _unknown() -> list[CheckMessage]:
    known = set(topics())
    return [
        Error(
            f"The screen {view!r} links the how-to {topic!r}, which topics.toml does not list.",
            id="cms_core_help.E002",
        )
        for screens in help_screens
        for view, topic in screens.topics.items()
        if topic not in known
    ]
