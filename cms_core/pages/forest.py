"""Inserting pages below many parents of many new sites with a constant number of statements.

What :mod:`cms_core.pages.bulk` does inside one tenant, for the platform that opens hundreds: each row
carries its tenant, and what the guard would note of the open tenant (owners of revisions and of log
entries) is written here. A test proves the rows equal to those of sites opened one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import router
from django.db.models import F
from django.utils import timezone
from wagtail.models import PageLogEntry, ReferenceIndex, Revision

from sites.tenancy.exceptions import TenantScopeMissing
from sites.tenancy.models import OwnPageLogEntry, OwnReference, OwnRevision
from sites.tenancy.plain_rows import insert_plain_rows, reserve_keys
from sites.tenancy.references import references_of
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

#: Rows of one statement; see ``bulk``.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Planting:
    """Unsaved pages, each with its tenant, to become the last children of ``parent`` in this order.

    Each says in ``numchild`` how many children are planted below it next. ``is_counted``: the parent was
    planted before and said so; PostgreSQL looks at every row of a transaction again that is changed in it.
    """

    parent: BasePage
    pages: Sequence[BasePage]
    is_counted: bool = False


def plant(plantings: Sequence[Planting], *, actor: Any) -> None:
    """Insert new live pages of one type below their parents, each with path, revision and log entries.

    For new sites only: nothing of theirs was ever withdrawn, so there are no notices to lift. Runs
    inside a transaction and a system scope; the caller holds the lock of parents that have children.

    :raises ValueError: two pages below a parent share a slug, or a slug is taken.
    """
    scope = require_scope()
    if not scope.all or scope.tenant_id:
        raise TenantScopeMissing("pages of many tenants are made in a system scope only")
    pages: list[BasePage] = []
    now = timezone.now()
    for planting in plantings:
        _place(planting)
        pages += planting.pages
    if not pages:
        return
    content_type = ContentType.objects.get_for_model(type(pages[0]))
    owner_id = getattr(actor, "pk", None)
    # The page's row names its revision from the start, so that no row is written twice.
    revisions = reserve_keys(Revision, len(pages))
    for page, revision_id in zip(pages, revisions, strict=True):
        page.content_type = content_type
        clean_row(page)
        page.draft_title = page.title
        page.owner_id = owner_id
        page.latest_revision_created_at = now
        page.first_published_at = page.last_published_at = now
        page.latest_revision_id = page.live_revision_id = revision_id
    _insert(pages)
    _count_children([planting for planting in plantings if not planting.is_counted])
    _record_history(pages, revisions, content_type, now, owner_id)


def _place(planting: Planting) -> None:
    """Paths and addresses below the parent, after the children that it has."""
    parent = planting.parent
    slugs = [page.slug for page in planting.pages]
    if len(set(slugs)) != len(slugs):
        raise ValueError(f"a slug is used twice below {parent.title!r}: {sorted(slugs)}")
    step = 0
    if not planting.is_counted and (parent.numchild or parent.depth == 1):
        children = BasePage._base_manager.filter(
            path__startswith=parent.path, depth=parent.depth + 1
        )
        taken = children.filter(slug__in=slugs).values_list("slug", flat=True).first()
        if taken is not None:
            raise ValueError(f"slug {taken!r} is taken below {parent.title!r}")
        last = children.order_by("-path").values_list("path", flat=True).first()
        step = BasePage._str2int(last[-BasePage.steplen :]) if last else 0
    for place, page in enumerate(planting.pages, start=step + 1):
        page.path = BasePage._get_path(parent.path, parent.depth + 1, place)
        page.depth = parent.depth + 1
        page.url_path = f"{parent.url_path}{page.slug}/"


def _insert(pages: Sequence[BasePage]) -> None:
    """The shared part and the type's own part of multi-table rows."""
    model = type(pages[0])
    shared = [f.attname for f in BasePage._meta.concrete_fields if not f.primary_key]
    keys = insert_plain_rows(BasePage, shared, [attrgetter(*shared)(page) for page in pages])
    link: Any = model._meta.pk
    for page, key in zip(pages, keys, strict=True):
        page.pk = page.id = key
        setattr(page, link.attname, key)
        page._state.adding, page._state.db = False, router.db_for_write(model)
    own = [field.attname for field in model._meta.local_concrete_fields]
    insert_plain_rows(model, own, [attrgetter(*own)(page) for page in pages])


def _count_children(plantings: Sequence[Planting]) -> None:
    parents_of: dict[int, list[int]] = {}
    for planting in plantings:
        planting.parent.numchild += len(planting.pages)
        parents_of.setdefault(len(planting.pages), []).append(planting.parent.pk)
    for count, keys in parents_of.items():
        for start in range(0, len(keys), _BATCH):
            BasePage._base_manager.filter(pk__in=keys[start : start + _BATCH]).update(
                numchild=F("numchild") + count
            )


def _record_history(
    pages: Sequence[BasePage],
    keys: Sequence[int],
    content_type: ContentType,
    now: Any,
    actor_id: int | None,
) -> None:
    base_type = ContentType.objects.get_for_model(BasePage)
    rows = revision_rows(pages, content_type.pk, base_type.pk, now, actor_id)
    insert_plain_rows(
        Revision,
        ("id", *REVISION_COLUMNS),
        [(key, *row) for key, row in zip(keys, rows, strict=True)],
    )
    _own(OwnRevision, keys, pages)
    logged, entries = log_rows(pages, keys, content_type.pk, now, actor_id)
    _own(OwnPageLogEntry, insert_plain_rows(PageLogEntry, LOG_COLUMNS, entries), logged)


def _own(table: Any, keys: Sequence[int], pages: Sequence[BasePage]) -> None:
    """Note the tenant of each page as the owner of its row."""
    insert_plain_rows(
        table,
        ("target_id", "tenant_id"),
        [(key, page.tenant_id) for key, page in zip(keys, pages, strict=True)],
    )


def note_references(pages: Sequence[BasePage]) -> None:
    """What pages refer to, as Wagtail notes it after a save, each for its tenant."""
    found = [(page, reference) for page in pages for reference in references_of(childless(page))]
    if not found:
        return
    base_type = ContentType.objects.get_for_model(BasePage)
    types: Mapping[type, ContentType] = {
        model: ContentType.objects.get_for_model(model) for model in {type(p) for p, _ in found}
    }
    rows = ReferenceIndex.objects.bulk_create(
        [
            ReferenceIndex(
                content_type=types[type(page)],
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
    _own(OwnReference, [row.pk for row in rows], [page for page, _reference in found])
