"""Inserting many pages below their parents with a constant number of statements.

Treebeard adds one child at a time, each with three statements and a lookup of its last sibling.
Here the paths are computed once. Revision and log entry are made too, so that a page's history
starts with its first text, exactly as when it is made singly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import router
from django.db.models import F
from django.utils import timezone
from wagtail.models import PageLogEntry, ReferenceIndex, Revision

from sites.tenancy.expressions import ByKey
from sites.tenancy.guarded_rows import insert_rows
from sites.tenancy.references import references_of, refuse_foreign_references
from sites.tenancy.scope import require_scope
from sites.typed_text.fields import clean_row

from .first_revisions import (
    LOG_COLUMNS,
    REVISION_COLUMNS,
    childless,
    log_rows,
    revision_rows,
)
from .models import BasePage
from .withdrawal import lift_tombstones

P = TypeVar("P", bound=BasePage)
#: Rows in one UPDATE that names each.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Family(Generic[P]):
    """Unsaved pages to become the last children of ``parent`` in this order."""

    parent: BasePage
    pages: Sequence[P]


def insert_children(parent: BasePage, pages: Sequence[P], *, actor: Any) -> None:
    """Insert unsaved ``pages`` (all of one type) as the last children of ``parent``, in order.

    Each page gets its path, address, revision and "created" log entry. Runs inside a transaction.

    :raises ValueError: two pages share a slug, or a slug is taken below ``parent``.
    """
    insert_families([Family(parent, pages)], actor=actor)


def insert_families(families: Sequence[Family[P]], *, actor: Any) -> None:
    """As :func:`insert_children`, pages of one type below several parents that are no pages of theirs."""
    pages = [page for family in families for page in family.pages]
    if not pages:
        return
    for family in families:
        _check_slugs(family.parent, family.pages)
    # The parents' rows are the locks, taken in one order: two callers adding below a parent would
    # compute the same paths.
    parents = BasePage.objects.select_for_update().filter(pk__in=[f.parent.pk for f in families])
    list(parents.order_by("pk").values_list("pk", flat=True))
    for family in families:
        _place(family)
    now = timezone.now()
    content_type = ContentType.objects.get_for_model(type(pages[0]))
    tenant_id: Any = require_scope().tenant_id
    for page in pages:
        page.numchild = 0
        page.content_type = content_type
        page.draft_title = page.title
        page.tenant_id = page.tenant_id or tenant_id
        page.owner_id = getattr(actor, "pk", None)
        page.latest_revision_created_at = now
        if page.live:
            page.first_published_at = page.first_published_at or now
            page.last_published_at = now
    _insert(type(pages[0]), pages)
    for family in families:
        count = len(family.pages)
        BasePage.objects.filter(pk=family.parent.pk).update(numchild=F("numchild") + count)
        family.parent.numchild += count
    _record_history(pages, content_type, now, actor)
    if any(page.live for page in pages):
        lift_tombstones([page for page in pages if page.live])


def _place(family: Family[P]) -> None:
    """Paths and addresses below the parent, after the children that it has."""
    parent = family.parent
    # Also what is in the recycle bin: below the root, bins stand beside homes.
    last = _children(BasePage._base_manager, parent).order_by("-path").values_list("path").first()
    step = BasePage._str2int(last[0][-BasePage.steplen :]) if last else 0
    for place, page in enumerate(family.pages, start=step + 1):
        page.path = BasePage._get_path(parent.path, parent.depth + 1, place)
        page.depth = parent.depth + 1
        clean_row(page)
        page.url_path = f"{parent.url_path}{page.slug}/"


def _check_slugs(parent: BasePage, pages: Sequence[BasePage]) -> None:
    slugs = [page.slug for page in pages]
    doubled = (
        sorted({slug for slug in slugs if slugs.count(slug) > 1})
        if len(set(slugs)) != len(slugs)
        else []
    )
    if doubled:
        raise ValueError(f"slug {doubled[0]!r} is used twice below {parent.title!r}")
    taken = (
        _children(BasePage.objects, parent)
        .filter(slug__in=slugs)
        .values_list("slug", flat=True)
        .first()
        if parent.numchild
        else None
    )
    if taken:
        raise ValueError(f"slug {taken!r} is taken below {parent.title!r}")


def _children(pages: Any, parent: BasePage) -> Any:
    """Those of ``pages`` right below ``parent``. As a range: for a pattern no database takes an index,
    and an import of a large site asks for each batch.
    """
    interval = BasePage._get_children_path_interval(parent.path)
    return pages.filter(path__range=interval, depth=parent.depth + 1)


def _insert(model: type[BasePage], pages: Sequence[BasePage]) -> None:
    """The shared part and the type's own part of multi-table rows."""
    shared = [f.attname for f in BasePage._meta.concrete_fields if not f.primary_key]
    keys = insert_rows(BasePage, shared, list(map(attrgetter(*shared), pages)))
    link: Any = model._meta.pk
    for page, key in zip(pages, keys, strict=True):
        page.pk = page.id = key
        setattr(page, link.attname, key)
        page._state.adding, page._state.db = False, router.db_for_write(model)
    if model is not BasePage:
        own = [field.attname for field in model._meta.local_concrete_fields]
        insert_rows(model, own, [[getattr(page, name) for name in own] for page in pages])


def _record_history(
    pages: Sequence[BasePage], content_type: ContentType, now: Any, actor: Any
) -> None:
    base_type = ContentType.objects.get_for_model(BasePage)
    actor_id = getattr(actor, "pk", None)
    keys = insert_rows(
        Revision,
        REVISION_COLUMNS,
        revision_rows(pages, content_type.pk, base_type.pk, now, actor_id),
    )
    _record_references(pages, content_type, base_type)
    for page, key in zip(pages, keys, strict=True):
        page.latest_revision_id = key
        page.live_revision_id = key if page.live else None
    for start in range(0, len(pages), _BATCH):
        some = pages[start : start + _BATCH]
        newest = {page.pk: page.latest_revision_id for page in some}
        public = {page.pk: page.live_revision_id for page in some}
        BasePage._base_manager.filter(pk__in=list(newest)).update(
            latest_revision=ByKey(newest), live_revision=ByKey(public)
        )
    _pages, rows = log_rows(pages, keys, content_type.pk, now, actor_id)
    insert_rows(PageLogEntry, LOG_COLUMNS, rows)


def _record_references(
    pages: Sequence[BasePage], content_type: ContentType, base_type: ContentType
) -> None:
    """What each page refers to, as Wagtail notes it after a save.

    :raises CrossTenantWrite: a text refers to what this tenant cannot see.
    """
    found = [(page, reference) for page in pages for reference in references_of(childless(page))]
    refuse_foreign_references(found)
    insert_rows(
        ReferenceIndex,
        (
            "content_type_id",
            "base_content_type_id",
            "object_id",
            "to_content_type_id",
            "to_object_id",
            "model_path",
            "content_path",
            "content_path_hash",
        ),
        [
            (
                content_type.pk,
                base_type.pk,
                str(page.pk),
                reference.type_id,
                reference.object_id,
                reference.model_path,
                reference.content_path,
                ReferenceIndex._get_content_path_hash(reference.content_path),
            )
            for page, reference in found
        ],
    )
