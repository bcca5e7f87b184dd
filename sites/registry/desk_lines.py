"""What apps offer to the desk of a site: work that is left over in their own lists, as lines with a number.

The app writes ``desk_lines.py``; the desk prints the lines on the opening screen and knows nothing of
what they tell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from .registry import Registry


@dataclass(frozen=True, slots=True)
class DeskLine:
    """One kind of work. ``words``: what and how much; ``url``: the list where it is worked off.

    ``is_urgent``: every day it waits does harm.
    """

    words: str
    url: str
    detail: str = ""
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class DeskLines:
    """The lines of one app under one heading.

    ``of``: the user → the lines that are work of theirs, and only while there is some; a number of
    queries that does not grow with the rows, none where the site does not use the app.
    """

    heading: Any
    of: Callable[[Any], Sequence[DeskLine]]


desk_lines: Registry[DeskLines] = Registry("lines of the desk", module="desk_lines")


def register_desk_lines(app_label: str, lines: DeskLines) -> DeskLines:
    """Offer lines; called in an app's ``desk_lines.py``."""
    return desk_lines.register(app_label, lines)
