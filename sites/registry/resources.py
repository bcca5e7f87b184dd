"""What apps offer to the resource library: how a row of theirs looks as a published resource."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from .registry import Registry


@dataclass(frozen=True, slots=True)
class ResourceDescription:
    """The public face of one row, as its app describes it.

    ``kind``: a ``ResourceKind``. ``source_uuid``: the row's own lasting id. ``url``: path below the
    site's address without leading slash (``xwzx/tzgg/a1/``), or an absolute address.
    ``published_at``: the publish time shown to readers. ``issuing_body_id``: an ``Organization``.
    """

    kind: str
    source_uuid: UUID
    title: str
    url: str
    published_at: datetime
    summary: str = ""
    body_text: str = ""
    source_name: str = ""
    issuing_body_id: int | None = None
    topic_codes: tuple[str, ...] = ()
    index_number: str = ""


#: Model label in lower case -> description of one instance. The instance is known to be public.
Describe = Callable[[Any], ResourceDescription]
published_resources: Registry[Describe] = Registry(
    "published resources", module="published_resources"
)
