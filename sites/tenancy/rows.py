"""Plain values from which divisions and bodies are recorded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division to record. ``parent_code`` names a division recorded before or in the same call."""

    division_code: str
    name: str
    level: str
    parent_code: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One body to record; ``parent_code`` may stand before or after it in the list."""

    code: str
    name: str
    kind: str
    short_name: str = ""
    division_code: str = ""
    parent_code: str = ""
