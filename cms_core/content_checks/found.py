"""What a check reports, before it becomes a row; and the text it looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sites.registry.checked_content import Place

from .enums import CheckCode, Severity


@dataclass(frozen=True, slots=True)
class Found:
    """Something a check found.

    ``problem``: code of the sentence that says what is wrong (``wording``), with its ``params``.
    ``start``, ``end``: where in the plain text of the place. ``suggestion``: what to write instead,
    where that is known. ``is_private``: the text found is never stored or shown in clear.
    """

    check: CheckCode
    severity: Severity
    problem: str
    place: Place
    start: int = 0
    end: int = 0
    suggestion: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    is_private: bool = False
