"""Inserting many pages below one parent with a constant number of statements.

Treebeard adds one child at a time, each with three statements and a lookup of its last sibling.
Here the paths are computed once. Revision and log entry are made too, so that a page's history
starts with its first text, exactly as when it is made singly.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import router
from django.db.models import F
from django.db.models.sql import InsertQuery
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.models import PageLogEntry, ReferenceIndex, Revision

from sites.tenancy.expressions import ByKey
from sites.tenancy.references import references_of, refuse_foreign_references
from sites.tenancy.scope import require_scope
from sites.typed_text.fields import clean_row

from .models import BasePage
from .withdrawal import lift_tombstones

P = TypeVar("P", bound=BasePage)
#: Rows in one INSERT: SQLite allows 32,766 parameters, a page has about 30 columns.
_BATCH = 500
#: Where modelcluster keeps the children of a row that were set and not saved.
_CHILDREN = "_cluster_related_objects"


def insert_children(parent: BasePage, pages: Sequence[P], *, actor: Any) -> None:
    """Insert unsaved ``pages`` (all of one type) as the last children of ``parent``, in order.

    Each page gets its path, address, revision and "created" log entry. Runs inside a transaction.

    :raises ValueError: two pages share a slug, or a slug is taken below ``parent``.
    """
    if not pages:
        return
    model = type(pages[0])
    tenant_id: Any = require_scope().tenant_id
    _check_slugs(parent, pages)
    # The parent's row is the lock: two callers adding below it would compute the same paths.
    BasePage.objects.select_for_update().filter(pk=parent.pk).values_list("pk", flat=True).first()
    # Also what is in the recycle bin: below the root, bins stand beside homes.
    last = _children(BasePage._base_manager, parent).order_by("-path").values_list("path").first()
    step = BasePage._str2int(last[0][-BasePage.steplen :]) if last else 0
    now = timezone.now()
    content_type = ContentType.objects.get_for_model(model)
    actor_id: Any = getattr(actor, "pk", None)
    for place, page in enumerate(pages, start=step + 1):
        page.path = BasePage._get_path(parent.path, parent.depth + 1, place)
        page.depth = parent.depth + 1
        page.numchild = 0
        page.content_type = content_type
        clean_row(page)
        page.draft_title = page.title
        page.tenant_id = page.tenant_id or tenant_id
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.owner_id = actor_id
        page.latest_revision_created_at = now
        if page.live:
            page.first_published_at = page.first_published_at or now
            page.last_published_at = now
    for start in range(0, len(pages), _BATCH):
        _insert_batch(model, pages[start : start + _BATCH])
    BasePage.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(pages))
    parent.numchild += len(pages)
    _record_history(pages, content_type, now, actor)
    if any(page.live for page in pages):
        lift_tombstones([page for page in pages if page.live])


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


def _insert_batch(model: type[BasePage], pages: Sequence[BasePage]) -> None:
    """Insert the shared part and the type's own part of multi-table rows."""
    using = router.db_for_write(model)
    # The shared columns are read from the pages themselves: a second object for each costs as much
    # as its insert.
    BasePage._base_manager.using(using).bulk_create(pages)
    if model is BasePage:
        return
    link: Any = model._meta.pk
    for page in pages:
        setattr(page, link.attname, page.id)
    query = InsertQuery(model)
    query.insert_values(model._meta.local_concrete_fields, list(pages))
    query.get_compiler(using=using).execute_sql()


def _record_history(
    pages: Sequence[BasePage], content_type: ContentType, now: Any, actor: Any
) -> None:
    base_type = ContentType.objects.get_for_model(BasePage)
    actor_id = getattr(actor, "pk", None)
    children = [vars(page).get(_CHILDREN) for page in pages]
    for page in pages:
        _forget_children(page)
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=content_type,
                base_content_type=base_type,
                object_id=str(page.pk),
                created_at=now,
                user_id=actor_id,
                object_str=str(page),
                # A revision is written before it goes live.
                content=page.serializable_data() | {"live": False, "has_unpublished_changes": True},
            )
            for page in pages
        ]
    )
    _record_references(pages, content_type, base_type)
    for page, revision, kept in zip(pages, revisions, children, strict=True):
        setattr(page, _CHILDREN, kept or {})
        page.latest_revision = revision
        page.live_revision = revision if page.live else None
    for start in range(0, len(pages), _BATCH):
        some = pages[start : start + _BATCH]
        newest = {page.pk: page.latest_revision_id for page in some}
        public = {page.pk: page.live_revision_id for page in some}
        BasePage._base_manager.filter(pk__in=list(newest)).update(
            latest_revision=ByKey(newest), live_revision=ByKey(public)
        )
    PageLogEntry.objects.bulk_create(
        [
            PageLogEntry(
                content_type=content_type,
                label=str(page)[:255],
                action=action,
                timestamp=now,
                user_id=actor_id,
                page_id=page.pk,
                revision=page.latest_revision if action == "wagtail.publish" else None,
                content_changed=True,
                data={},
            )
            for page in pages
            for action in (
                ("wagtail.create", "wagtail.publish") if page.live else ("wagtail.create",)
            )
        ]
    )


def _forget_children(page: BasePage) -> None:
    """Tell a page just made that it has no attachments or comments, so that nothing asks for them."""
    for relation in get_all_child_relations(type(page)):
        getattr(page, relation.get_accessor_name()).set([])


def _record_references(
    pages: Sequence[BasePage], content_type: ContentType, base_type: ContentType
) -> None:
    """What each page refers to, as Wagtail notes it after a save.

    :raises CrossTenantWrite: a text refers to what this tenant cannot see.
    """
    found = [(page, reference) for page in pages for reference in references_of(page)]
    refuse_foreign_references(found)
    ReferenceIndex.objects.bulk_create(
        [
            ReferenceIndex(
                content_type=content_type,
                base_content_type=base_type,
                object_id=str(page.pk),
                to_content_type_id=reference.type_id,
                to_object_id=reference.object_id,
                model_path=reference.model_path,
                content_path=reference.content_path,
                content_path_hash=ReferenceIndex._get_content_path_hash(reference.content_path),
            )
            for page, reference in found
        ]
    )
