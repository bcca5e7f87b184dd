"""Kinds of visibility, declared beside each model and enforced by the guard.

===========  =====================================================================================
own          the row's tenant equals mine
derived      as visible as the row it hangs on (a rendition by its image, a comment by its page)
published    read by every scope while published, written by its owner only
shared       read by the tenants named in several keys, each writes what the app allows
directory    public columns read by all, written by the platform only
platform     not a tenant's row at all; the reason is part of the declaration
closed       installed by a package but not used: no tenant reads or writes it
===========  =====================================================================================

A model of ours declares itself (``tenant_visibility = own()``); tables of other packages are declared
in ``sites.tenancy.third_party``. ``manage.py tenancy_map`` prints them all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from .exceptions import VisibilityUndeclared
from .scope import Scope

Condition = Callable[[Scope], Q]
WriteRule = Callable[[models.Model, Scope], None]


class VisibilityKind(StrEnum):
    OWN = "own"
    DERIVED = "derived"
    PUBLISHED = "published"
    SHARED = "shared"
    DIRECTORY = "directory"
    PLATFORM = "platform"
    CLOSED = "closed"


#: Kinds whose rows are filtered by the compiler.
FILTERED = frozenset(
    {
        VisibilityKind.OWN,
        VisibilityKind.DERIVED,
        VisibilityKind.PUBLISHED,
        VisibilityKind.SHARED,
        VisibilityKind.CLOSED,
    }
)


@dataclass(frozen=True)
class Visibility:
    """How one model is seen.

    ``owner``: name of the key that holds the owning tenant, frozen after the insert.
    ``condition``: scope -> the rows it sees. ``write_rule``: raises ``CrossTenantWrite``.
    ``path``: the key that a derived row follows. ``ownership``: label of the side table that holds
    the owner of a third-party row.
    ``free_references``: foreign keys are not checked (ownership rows: the target becomes visible
    only by this row). ``detail``: for the map.
    """

    kind: VisibilityKind
    condition: Condition | None = None
    owner: str | None = None
    write_rule: WriteRule | None = None
    ownership: str | None = None
    free_references: bool = False
    path: str | None = None
    detail: str = ""
    update_condition: Condition | None = None
    readers: tuple[str, ...] = field(default=())

    @property
    def is_filtered(self) -> bool:
        return self.kind in FILTERED

    def owner_attname(self) -> str | None:
        return f"{self.owner}_id" if self.owner else None


def _owning_table(model: type[models.Model], visibility: Visibility) -> type[models.Model]:
    """Where the owner's column of ``model`` lies: itself, or the parent model it shares its key with."""
    if visibility.owner is None:
        return model
    owning: type[models.Model] = model._meta.get_field(visibility.owner).model
    return owning


def _nothing(scope: Scope) -> Q:
    return Q(pk__in=[])


def own(
    owner: str = "tenant",
    *,
    also: Q | None = None,
    write_rule: WriteRule | None = None,
    free_references: bool = False,
) -> Visibility:
    """The row's tenant is mine; ``also`` adds rows that everybody shares (the page tree's root)."""

    def condition(scope: Scope) -> Q:
        return mine(scope) | also if also is not None else mine(scope)

    def mine(scope: Scope) -> Q:
        return Q(**{f"{owner}_id": scope.tenant_id})

    return Visibility(
        kind=VisibilityKind.OWN,
        condition=condition,
        update_condition=mine,
        owner=owner,
        write_rule=write_rule,
        free_references=free_references,
        detail=f"{owner} = mine" + (" or shared root" if also is not None else ""),
    )


def owned_through(ownership: str, *, also: Q | None = None) -> Visibility:
    """A third-party row whose owner stands in the side table ``ownership`` (``app.Model``)."""

    def condition(scope: Scope) -> Q:
        return mine(scope) | also if also is not None else mine(scope)

    @cache
    def owned() -> Q:
        table = apps.get_model(ownership)
        # Ownership rows are guarded themselves: only the open tenant's come back.
        return Q(pk__in=table._base_manager.order_by().values("target_id"))

    def mine(scope: Scope) -> Q:
        return owned()

    return Visibility(
        kind=VisibilityKind.OWN,
        condition=condition,
        update_condition=mine,
        ownership=ownership,
        detail=f"owner in {ownership}",
    )


def derived(path: str, *, write_rule: WriteRule | None = None) -> Visibility:
    """As visible as the row that the foreign key ``path`` points to."""

    return Visibility(
        kind=VisibilityKind.DERIVED, path=path, write_rule=write_rule, detail=f"by {path}"
    )


def by_condition(condition: Condition, detail: str, **options: Any) -> Visibility:
    """Visibility by a rule of the declaring app's own (a user by their memberships)."""
    return Visibility(kind=VisibilityKind.DERIVED, condition=condition, detail=detail, **options)


def published(owner: str = "tenant", *, while_published: Q) -> Visibility:
    """Everybody reads the rows that match ``while_published``; the owner reads and writes all of its own."""

    def condition(scope: Scope) -> Q:
        return Q(**{f"{owner}_id": scope.tenant_id}) | while_published

    def mine(scope: Scope) -> Q:
        return Q(**{f"{owner}_id": scope.tenant_id})

    return Visibility(
        kind=VisibilityKind.PUBLISHED,
        condition=condition,
        update_condition=mine,
        owner=owner,
        detail=f"written by {owner}, read by all while published",
    )


def shared(owner: str, *readers: str) -> Visibility:
    """Read by the owner and by the tenants that the keys ``readers`` name."""

    def condition(scope: Scope) -> Q:
        seen = Q(**{f"{owner}_id": scope.tenant_id})
        for reader in readers:
            seen |= Q(**{f"{reader}_id": scope.tenant_id})
        return seen

    return Visibility(
        kind=VisibilityKind.SHARED,
        condition=condition,
        owner=owner,
        readers=readers,
        detail=f"{owner} and {', '.join(readers)}",
    )


def directory() -> Visibility:
    """Public columns that every scope reads; only the platform writes (system or opening scope)."""
    return Visibility(kind=VisibilityKind.DIRECTORY, detail="read by all, written by the platform")


def platform(reason: str) -> Visibility:
    """Not a tenant's row. ``reason`` is read by whoever reviews the list."""
    if not reason:
        raise ValueError("a platform table needs its reason")
    return Visibility(kind=VisibilityKind.PLATFORM, detail=reason)


def closed(reason: str) -> Visibility:
    """A table that an installed package brings and the product does not use."""
    return Visibility(kind=VisibilityKind.CLOSED, condition=_nothing, detail=reason)


class VisibilityMap:
    """Every installed model's visibility; built once after all models are loaded."""

    def __init__(self) -> None:
        self._declared: dict[type[models.Model], Visibility] = {}
        self._resolved: dict[type[models.Model], Visibility | None] = {}

    def declare(self, model: type[models.Model], visibility: Visibility) -> None:
        """Declare a model of another package. A second, different declaration is an error."""
        if model in self._declared:
            raise ValueError(f"{model._meta.label} is declared twice")
        self._declared[model] = self._bind(model, visibility)
        self._resolved.clear()

    def collect(self) -> None:
        """Take the declarations that models carry themselves, and those of automatic link tables."""
        for model in apps.get_models(include_auto_created=True):
            visibility = model.__dict__.get("tenant_visibility")
            inherited = getattr(model, "tenant_visibility", None)
            concrete_parent = any(
                parent in self._declared or "tenant_visibility" in parent.__dict__
                for parent in model._meta.get_parent_list()
            )
            if visibility is None and inherited is not None and not concrete_parent:
                visibility = inherited  # declared on an abstract base
            if visibility is not None and model not in self._declared:
                self._declared[model] = self._bind(model, visibility)
            elif model._meta.auto_created and model not in self._declared:
                source: Any = model._meta.auto_created
                fields: list[Any] = list(model._meta.fields)
                link = next(
                    f.name
                    for f in fields
                    if f.is_relation
                    and f.related_model._meta.concrete_model is source._meta.concrete_model
                )
                self._declared[model] = self._bind(model, derived(link))
        self._resolved.clear()

    def _bind(self, model: type[models.Model], visibility: Visibility) -> Visibility:
        if visibility.path is None:
            return visibility
        path = visibility.path
        # Made once: a queryset that only ever stands inside another is copied when it is compiled.
        through = cache(lambda: self._through(model, path))
        return replace(visibility, condition=lambda scope: through())

    def _through(self, model: type[models.Model], path: str) -> Q:
        target: type[models.Model] = model
        for step in path.split("__"):
            target = target._meta.get_field(step).related_model  # type: ignore[assignment]
        parent = self.of(target)
        if parent is None or not parent.is_filtered:
            raise VisibilityUndeclared(
                f"{model._meta.label} derives from unguarded {target._meta.label}"
            )
        # The sub-query is guarded when it is compiled: the parent's rule stands in one place.
        seen: Any = _owning_table(target, parent)._base_manager.order_by().values("pk")
        return Q(**{f"{path}__in": seen})

    def of(self, model: type[models.Model]) -> Visibility | None:
        """The visibility of ``model``; ``None`` for a model outside the app registry (migrations).

        :raises VisibilityUndeclared: an installed model that nobody declared.
        """
        try:
            return self._resolved[model]
        except KeyError:
            pass
        found: Visibility | None = None
        for base in model.__mro__:
            if base in self._declared:
                found = self._declared[base]
                break
        if found is None and self._is_installed(model):
            raise VisibilityUndeclared(
                f"{model._meta.label} has no declared visibility: see sites.tenancy.visibility"
            )
        self._resolved[model] = found
        return found

    @staticmethod
    def _is_installed(model: type[models.Model]) -> bool:
        try:
            return apps.get_model(model._meta.label) is model
        except LookupError:
            return False

    def undeclared(self) -> list[type[models.Model]]:
        """Installed models without a declaration, for the system check."""
        missing = []
        for model in apps.get_models(include_auto_created=True):
            try:
                self.of(model)
            except VisibilityUndeclared:
                missing.append(model)
        return missing


visibility_map = VisibilityMap()
