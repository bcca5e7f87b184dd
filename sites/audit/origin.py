"""Where the current request comes from, for the events it causes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from .keys import keyed_digest


@dataclass(frozen=True, slots=True)
class Origin:
    """``ip_digest``: keyed digest of the network address, or empty. ``break_glass_id``: the session."""

    ip_digest: str = ""
    break_glass_id: int | None = None


_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("jiyue_event_origin", default=_NOWHERE)


def current_origin() -> Origin:
    """The origin of what runs now; empty in tasks and commands."""
    return _origin.get()


@contextmanager
def event_origin(*, ip: str = "", break_glass_id: int | None = None) -> Iterator[None]:
    """Events recorded inside the block carry this origin. ``ip`` is kept as a keyed digest only."""
    token = _origin.set(Origin(keyed_digest(ip) if ip else "", break_glass_id))
    try:
        yield
    finally:
        _origin.reset(token)
