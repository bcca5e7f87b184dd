"""What a rendered page depends on: keys recorded by selectors while a page is baked.

Outside a bake :func:`record_dependency` is one look at a context variable.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_collected: ContextVar[set[str] | None] = ContextVar("jiyue_dependencies", default=None)


def record_dependency(key: str) -> None:
    """Note that what is being rendered changes when ``key`` changes (``resources:12:article``)."""
    collected = _collected.get()
    if collected is not None:
        collected.add(key)


@contextmanager
def collected_dependencies() -> Iterator[set[str]]:
    """Collect the keys recorded inside the block. An inner block keeps its keys to itself."""
    keys: set[str] = set()
    token = _collected.set(keys)
    try:
        yield keys
    finally:
        _collected.reset(token)
