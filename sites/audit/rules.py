"""Pure rules of the hash chain: what is hashed, in which form."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sites.registry.records import shallow

#: Chain number of the platform's own events; a tenant's chain has the tenant's id.
PLATFORM_CHAIN = 0
#: What the first link of a chain points back to.
GENESIS_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class EventContent:
    """Everything that one event says. Two events with equal content have different uuids."""

    uuid: str
    chain: int
    kind: str
    subject_type: str
    subject_id: str
    actor_id: int | None
    at: datetime
    data: Mapping[str, Any]
    ip_digest: str
    break_glass_id: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """One sealed place in a chain."""

    chain: int
    sequence: int
    previous_hash: str
    event_id: int
    sealed_at: datetime


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, ASCII only, so that equal values are equal bytes.

    :raises ValueError: NaN or infinity, which JSON does not have.
    """
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    ).encode("ascii")


def moment(at: datetime) -> str:
    """UTC with microseconds: both databases keep exactly that."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def content_bytes(content: EventContent) -> bytes:
    """What an event's keyed code is computed over."""
    return canonical({**shallow(content), "at": moment(content.at)})


def link_hash(link: Link, content: EventContent) -> str:
    """SHA-256 over the link and the whole event, as 64 hexadecimal digits."""
    sealed = {**shallow(link), "sealed_at": moment(link.sealed_at)}
    event = {**shallow(content), "at": moment(content.at)}
    return hashlib.sha256(canonical({"link": sealed, "event": event})).hexdigest()


def head_bytes(*, chain: int, sequence: int, digest: str) -> bytes:
    """What the signature of a chain's head covers."""
    return canonical({"chain": chain, "sequence": sequence, "hash": digest})
