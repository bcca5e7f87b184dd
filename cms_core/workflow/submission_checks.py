"""What must be settled before a text is submitted."""

from typing import Any


def refuse_open_findings(*, actor: Any, obj: Any, revision: Any) -> None:
    """Check the text; :raises ReviewRefused: findings that are neither corrected nor waived."""
