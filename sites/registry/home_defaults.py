"""What the home page of a kind of site shows while nobody chose its blocks.

The room of the pages draws it; what it is for a portal, a department or a township is said by the
blueprints of the product, which stand above. An app writes ``home_defaults.py``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .registry import Registry

#: Rows as a blueprint's ``[[home]]`` holds them.
HomeRows = Sequence[Mapping[str, Any]]

home_defaults: Registry[Callable[[], HomeRows]] = Registry(
    "home pages by default", module="home_defaults"
)


def register_home_default(kind: str, rows: Callable[[], HomeRows]) -> Callable[[], HomeRows]:
    """Offer the rows of a kind of tenant, read when they are first asked for."""
    return home_defaults.register(kind, rows)


def home_rows_of(kind: str) -> HomeRows:
    """The rows of a kind of tenant; none where nobody says anything of it."""
    return home_defaults.get(kind)() if kind in home_defaults.names() else ()
