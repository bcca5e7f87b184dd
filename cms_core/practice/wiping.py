"""Emptying a site: every row of its own in every table, but for what must outlive a reset.

Tables are found by their declared visibility, so a new app is included without doing anything; what is
kept is named with its reason. Foreign keys are deferred to the end of the transaction, so the order
follows visibility alone: a row that is seen through another goes before it.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import F
from wagtail.models import Collection

from cms_core.pages.models import BasePage
from sites.tenancy.models import Tenant
from sites.tenancy.ownership import Ownership
from sites.tenancy.rules import HOME_DEPTH
from sites.tenancy.scope import opening_scope, tenant_scope
from sites.tenancy.visibility import VisibilityKind, visibility_map

#: Labels, or whole apps with a ``*``, of what stays, and why.
KEPT = {
    "auth.*": "the generated groups of the roles, which memberships point to",
    "sites_tenancy.OwnGroup": "the owners of those groups",
    "sites_tenancy.Canary": "the boot proof's",
    "sites_accounts.*": "who may come in, and their accounts",
    "sites_audit.*": "the trail is never deleted from",
    "sites_outbox.*": "what is under way is finished",
    "wagtailcore.Site": "where the site answers",
    "wagtailcore.UploadedFile": "a person's own, of whatever site",
    "wagtailcore.APIToken": "a person's own",
    "wagtailusers.UserProfile": "a person's own: language and colours",
}
_KINDS = {VisibilityKind.OWN, VisibilityKind.DERIVED, VisibilityKind.PUBLISHED}


def wiped_models() -> list[type[models.Model]]:
    """The tables that are emptied, in the order in which they are."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy
        and _kind(model) in _KINDS
        and model._meta.label not in KEPT
        and f"{model._meta.app_label}.*" not in KEPT
    ]
    return sorted(found, key=_turn)


def _kind(model: type[models.Model]) -> VisibilityKind | None:
    visibility = visibility_map.of(model)
    return visibility.kind if visibility is not None else None


def _turn(model: type[models.Model]) -> tuple[int, int, str]:
    """What is seen through more rows first; tables of owners last; children of a table before it."""
    if issubclass(model, Ownership):
        return (2, 0, model._meta.label)
    parents = len(model._meta.get_parent_list())
    steps = _steps(model)
    return (0 if steps else 1, -100 * steps - parents, model._meta.label)


def _steps(model: type[models.Model]) -> int:
    visibility = visibility_map.of(model)
    if visibility is None or not visibility.path:
        return 0
    target: Any = model
    for step in visibility.path.split("__"):
        target = target._meta.get_field(step).related_model
    return 1 + _steps(target)


def count_rows(tenant: Tenant) -> dict[str, int]:
    """How many rows of each table a reset would take; tables without any are left out."""
    with tenant_scope(tenant):
        counted = {model._meta.label: _own_rows(model).count() for model in wiped_models()}
    return {label: number for label, number in counted.items() if number}


def _own_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows of the open tenant alone: some are read by everybody (the root of the page tree)."""
    rows = model._base_manager.all()
    visibility = visibility_map.of(model)
    if visibility is not None and visibility.owner:
        rows = rows.filter(**{f"{visibility.owner}__isnull": False})
    return rows.exclude(depth=1) if hasattr(model, "depth") else rows


@transaction.atomic
def empty_site(tenant: Tenant) -> int:
    """Delete all that is ``tenant``'s own, files too once the transaction holds. Returns how many rows."""
    with tenant_scope(tenant):
        tops = [(model, _tops(model).count()) for model in (BasePage, Collection)]
        files = list(_files())
        deleted = 0
        for model in wiped_models():
            rows: Any = model._base_manager.all()
            deleted += rows._raw_delete(rows.db) or 0
    with opening_scope(tenant, "practice site: the shared roots lose a child"):
        for tree, number in tops:
            tree.objects.filter(depth=1).update(numchild=F("numchild") - number)
    transaction.on_commit(lambda: _remove(files))
    return deleted


def _tops(model: Any) -> Any:
    return model._base_manager.filter(depth=HOME_DEPTH)


def _files() -> Iterator[tuple[Any, str]]:
    """Storage and name of each file of the rows that go."""
    for model in wiped_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField):
                names = _own_rows(model).values_list(field.attname, flat=True)
                yield from ((field.storage, name) for name in names if name)


def _remove(files: list[tuple[Any, str]]) -> None:
    for storage, name in files:
        storage.delete(name)
