"""The first revision and the first log entries of pages made in bulk, as rows of values."""

import json
from collections.abc import Sequence
from copy import copy
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from modelcluster.models import get_all_child_relations, get_field_value
from wagtail.blocks import StreamValue

from .models import BasePage

P = TypeVar("P", bound=BasePage)
REVISION_COLUMNS = (
    "content_type_id", "base_content_type_id", "object_id", "created_at", "user_id", "object_str", "content",
)  # fmt: skip
LOG_COLUMNS = (
    "content_type_id", "label", "action", "timestamp", "user_id", "page_id", "revision_id", "content_changed",
)  # fmt: skip
#: What the first revision holds of its page: as it was before anything was below it or went live.
_BEFORE = {
    "live": False,
    "has_unpublished_changes": True,
    "latest_revision": None,
    "live_revision": None,
    "numchild": 0,
}
#: Where modelcluster keeps the children of a row that were set and not saved.
_CHILDREN = "_cluster_related_objects"


def revision_rows(
    pages: Sequence[BasePage], type_id: int, base_type_id: int, now: Any, actor_id: int | None
) -> list[tuple[Any, ...]]:
    """A revision of each of ``pages``, which are of one type and have their rows."""
    return [
        (type_id, base_type_id, str(page.pk), now, actor_id, str(page), content)
        for page, content in zip(pages, _contents(pages), strict=True)
    ]


def log_rows(
    pages: Sequence[BasePage],
    revision_ids: Sequence[int],
    type_id: int,
    now: Any,
    actor_id: int | None,
) -> tuple[list[BasePage], list[tuple[Any, ...]]]:
    """That each page was made and, where it is live, published; with the page of each entry."""
    entries = [
        (page, action, key if action == "wagtail.publish" else None)
        for page, key in zip(pages, revision_ids, strict=True)
        for action in (("wagtail.create", "wagtail.publish") if page.live else ("wagtail.create",))
    ]
    rows = [
        (type_id, str(page)[:255], action, now, actor_id, page.pk, key, True)
        for page, action, key in entries
    ]
    return [page for page, _action, _key in entries], rows


def _contents(pages: Sequence[BasePage]) -> list[dict[str, Any]]:
    """What each page's revision holds: as it was written before it went live.

    Pages made together differ in few columns: the first one is serialised by Wagtail, and of the
    others what differs from it.
    """
    contents: list[dict[str, Any]] = []
    first = pages[0]
    # As it stands in the database: times as text, once for all pages.
    pattern = json.loads(json.dumps(childless(first).serializable_data(), cls=DjangoJSONEncoder))
    columns = [field for field in first._meta.concrete_fields if field.name in pattern]
    values_of = attrgetter(*(column.attname for column in columns))
    known = values_of(first)
    for page in pages:
        content = dict(pattern)
        for column, value, pattern_value in zip(columns, values_of(page), known, strict=True):
            if value is not pattern_value and (
                isinstance(value, StreamValue) or value != pattern_value
            ):
                content[column.name] = get_field_value(column, page)
        content |= _BEFORE | {"pk": page.pk}
        contents.append(content)
    return contents


def childless(page: P) -> P:
    """A copy of a page just made that knows of no attachments or comments, without asking for them."""
    copied = copy(page)
    setattr(copied, _CHILDREN, {name: [] for name in _names_of_children(type(page))})
    return copied


@cache
def _names_of_children(model: type[BasePage]) -> tuple[str, ...]:
    return tuple(relation.get_accessor_name() for relation in get_all_child_relations(model))
