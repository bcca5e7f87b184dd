"""The guard: what the compilers of our database backends do to every statement.

Each SELECT, UPDATE and DELETE of a filtered model is compiled from a clone of its query that also
carries the rule of the open scope. Each INSERT has its owner filled or compared, and every foreign
key to a filtered model must point to a row that the scope sees. Nothing of Django is replaced:
``DatabaseOperations.compiler_module`` is the documented door.

What the guard cannot see, and who watches it instead: cursors (a lint allows them in this app
only), joined tables (harmless while foreign keys cannot cross tenants), caches (their key carries
the tenant), files (served through the application).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Q, Value
from django.db.models.functions import Cast
from django.db.models.sql import Query, RawQuery
from django.db.models.sql.subqueries import AggregateQuery, DeleteQuery, InsertQuery, UpdateQuery

from .conditions import add_condition
from .exceptions import CrossTenantWrite, TenantScopeMissing, VisibilityUndeclared
from .expressions import ByKey
from .scope import Scope, current_scope, system_scope
from .visibility import Visibility, VisibilityKind, visibility_map

#: Attribute that marks a query already carrying the rule of a scope. Query.clone() copies it.
_MARK = "_tenant_guarded_for"
#: Rows looked up by natural key in one statement: SQLite limits the depth of an expression to 1,000.
_LOOKUP_BATCH = 100
#: Fewer keys are fetched at once: their count would be a query more where one is missing.
_FEW_KEYS = 10


@dataclass
class GuardCounters:
    """How often the guard acted in this process; read by tests and benchmarks."""

    guarded: int = 0
    reference_checks: int = 0


counters = GuardCounters()


def guard_query(query: Any) -> Any:
    """The query to compile in place of ``query`` under the open scope.

    :raises TenantScopeMissing: a filtered model without a scope, or a raw query outside a system
        scope.
    :raises CrossTenantWrite: an insert or update that leaves the tenant.
    """
    model = getattr(query, "model", None)
    if model is None:  # conditions that Django evaluates without a table, and raw SQL
        if isinstance(query, RawQuery):
            _refuse_raw()
        return query
    kind = type(query)
    if kind is AggregateQuery or (
        query.combinator and not isinstance(query, (UpdateQuery, DeleteQuery, InsertQuery))
    ):
        return query  # only wraps parts that are compiled, and guarded, by themselves
    visibility = visibility_map.of(model)
    if visibility is None:
        return query
    scope = current_scope()
    if isinstance(query, InsertQuery):
        _check_insert(query, model, visibility, scope)
        return query
    if visibility.kind is VisibilityKind.DIRECTORY:
        if isinstance(query, (UpdateQuery, DeleteQuery)):
            _only_the_platform(model, scope)
        return query
    if not visibility.is_filtered or query.is_empty():
        if isinstance(query, UpdateQuery):
            _check_update(query, model, visibility, scope)
        return query
    if scope is None:
        raise TenantScopeMissing(f"{model._meta.label} was read or written without a tenant scope")
    if isinstance(query, UpdateQuery):
        _check_update(query, model, visibility, scope)
    if scope.all or getattr(query, _MARK, None) is scope:
        return query
    if query.alias_map and not query.alias_refcount.get(query.base_table):
        return (
            query  # a sub-query that split_exclude() trimmed: its base table is not selected from
        )
    return _with_rule(query, visibility, scope)


def _with_rule(query: Any, visibility: Visibility, scope: Scope) -> Any:
    # clone(), never chain(): chaining an UpdateQuery forgets the values to write.
    guarded = query.clone()
    guarded.used_aliases = set()
    guarded.filter_is_sticky = False
    condition = visibility.condition
    if visibility.update_condition is not None and isinstance(query, (UpdateQuery, DeleteQuery)):
        condition = visibility.update_condition
    if condition is None:
        raise VisibilityUndeclared(f"{query.model._meta.label} is filtered by no condition")
    add_condition(guarded, condition(scope))
    setattr(guarded, _MARK, scope)
    counters.guarded += 1
    return guarded


def _refuse_raw() -> None:
    scope = current_scope()
    if scope is None or not scope.all:
        raise TenantScopeMissing("raw SQL is refused outside a system scope")


def _only_the_platform(model: type[models.Model], scope: Scope | None) -> None:
    if scope is None:
        raise TenantScopeMissing(f"{model._meta.label} was written without a scope")
    if not scope.all:
        raise CrossTenantWrite(f"{model._meta.label} is written by the platform only")


@cache
def _guarded_keys(model: type[models.Model]) -> tuple[models.ForeignKey, ...]:
    """Foreign keys of ``model`` that point to filtered rows, without those to its own parents."""
    keys: list[Any] = []
    for field in model._meta.local_concrete_fields:
        remote = field.remote_field
        if not field.is_relation or remote is None or getattr(remote, "parent_link", False):
            continue
        related: Any = field.related_model
        target = visibility_map.of(related)
        if target is not None and target.is_filtered:
            keys.append(field)
    return tuple(keys)


def _constants_of(expression: Any) -> set[Any] | None:
    """The values of an expression that can only yield constants (``bulk_update``), else ``None``."""
    if isinstance(expression, Value):
        return (
            set()
            if expression.value is None
            else {getattr(expression.value, "pk", expression.value)}
        )
    if isinstance(expression, ByKey):
        return {number for number in expression.numbers.values() if number is not None}
    if isinstance(expression, Cast):
        return _constants_of(expression.get_source_expressions()[0])
    if isinstance(expression, Case):
        results = [_constants_of(when.result) for when in expression.cases] + [
            _constants_of(expression.default)
        ]
        return None if None in results else set().union(*(r for r in results if r is not None))
    return None


def _check_references(pairs: Iterable[tuple[models.ForeignKey, Any]], label: str) -> None:
    wanted: dict[tuple[type[models.Model], str], set[Any]] = {}
    for field, value in pairs:
        if value is None:
            continue
        key = (field.related_model, field.target_field.attname)
        if hasattr(value, "resolve_expression"):
            constants = _constants_of(value)
            if constants is None:
                raise CrossTenantWrite(f"{label}.{field.name} cannot be set from an expression")
            wanted.setdefault(key, set()).update(constants)
        else:
            wanted.setdefault(key, set()).add(getattr(value, field.target_field.attname, value))
    for (target, attname), values in wanted.items():
        counters.reference_checks += 1
        key_field: Any = target._meta.get_field(
            attname.removesuffix("_id") if attname.endswith("_ptr_id") else attname
        )
        values = {key_field.to_python(value) for value in values}
        named = target._base_manager.order_by().filter(**{f"{attname}__in": values})
        keys = named.values_list(attname, flat=True)
        # As many different visible keys as were named are all of them, and none is fetched.
        if len(values) >= _FEW_KEYS and _narrowed(keys, target, attname, values) == len(values):
            continue
        seen = set(keys)
        if seen != values:
            missing = sorted(map(str, values - seen))[:3]
            raise CrossTenantWrite(
                f"{label}: {target._meta.label} {missing} is not visible in this tenant"
            )


def _narrowed(keys: Any, target: type[models.Model], attname: str, values: set[Any]) -> int:
    """How many of the keys are found, first among the tenant's own rows from the lowest to the highest.

    Asked for two hundred keys of "mine or shared", SQLite walks through all pages of the site.
    """
    scope, visibility = current_scope(), visibility_map.of(target)
    owner = visibility.owner_attname() if visibility is not None else None
    is_here = any(field.attname == owner for field in target._meta.local_concrete_fields)
    if scope is not None and is_here and all(type(value) is int for value in values):
        bounds = (min(values), max(values))
        keys = keys.filter(**{str(owner): scope.tenant_id, f"{attname}__range": bounds})
    found: int = keys.distinct().count()
    return found


def _check_insert(
    query: Any, model: type[models.Model], visibility: Visibility, scope: Scope | None
) -> None:
    label = model._meta.label
    if visibility.kind is VisibilityKind.PLATFORM:
        if scope is not None and not scope.all:
            _check_references(_key_values(query, model), label)
        return
    if scope is None:
        raise TenantScopeMissing(f"{label} was inserted without a tenant scope")
    if visibility.kind is VisibilityKind.CLOSED and not scope.all:
        raise CrossTenantWrite(f"{label} is not used by this product")
    if visibility.kind is VisibilityKind.DIRECTORY:
        _only_the_platform(model, scope)
        return
    owner = visibility.owner_attname()
    if owner and any(f.attname == owner for f in query.fields):
        _fill_owner(query, owner, scope, label)
    if scope.all:
        return
    if visibility.write_rule is not None:
        for row in query.objs:
            visibility.write_rule(row, scope)
    if not visibility.free_references:
        _check_references(_key_values(query, model), label)


def check_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    """What :func:`guard_query` does to an INSERT of objects, for plain values of named columns.

    :returns: columns and rows, with the owner filled in.
    :raises TenantScopeMissing: no scope is open.
    :raises CrossTenantWrite: a row that the open scope may not write, or that refers to what it cannot
        see.
    """
    visibility = visibility_map.of(model)
    if visibility is None:
        return columns, rows
    label, scope = model._meta.label, current_scope()
    if scope is None:
        raise TenantScopeMissing(f"{label} was inserted without a tenant scope")
    if visibility.kind is VisibilityKind.DIRECTORY:
        _only_the_platform(model, scope)
    if visibility.kind is VisibilityKind.CLOSED and not scope.all:
        raise CrossTenantWrite(f"{label} is not used by this product")
    owner = visibility.owner_attname()
    if owner and any(field.attname == owner for field in model._meta.local_concrete_fields):
        columns, rows = _with_owner(columns, rows, owner, scope, label)
    if scope.all:
        return columns, rows
    if visibility.write_rule is not None:
        for row in rows:
            visibility.write_rule(model(**dict(zip(columns, row, strict=True))), scope)
    if not visibility.free_references:
        places = [(key, columns.index(key.attname)) for key in _named_keys(model, columns)]
        _check_references(((key, row[place]) for key, place in places for row in rows), label)
    return columns, rows


def _named_keys(model: type[models.Model], columns: Sequence[str]) -> list[models.ForeignKey]:
    return [key for key in _guarded_keys(model) if key.attname in columns]


def _with_owner(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], owner: str, scope: Scope, label: str
) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    if owner not in columns:
        return (*columns, owner), [(*row, scope.tenant_id) for row in rows]
    place = columns.index(owner)
    for value in {row[place] for row in rows}:
        if value is not None and value != scope.tenant_id and not scope.all:
            raise CrossTenantWrite(
                f"{label} for tenant {value} inserted inside tenant {scope.tenant_id}"
            )
    filled = [
        (*row[:place], scope.tenant_id, *row[place + 1 :]) if row[place] is None else row
        for row in rows
    ]
    return columns, filled


def _fill_owner(query: Any, owner: str, scope: Scope, label: str) -> None:
    for row in query.objs:
        value = getattr(row, owner)
        if value is None:
            setattr(row, owner, scope.tenant_id)
        elif value != scope.tenant_id and not scope.all:
            raise CrossTenantWrite(
                f"{label} for tenant {value} inserted inside tenant {scope.tenant_id}"
            )


def _key_values(query: Any, model: type[models.Model]) -> Iterable[tuple[models.ForeignKey, Any]]:
    keys = [key for key in _guarded_keys(model) if key in query.fields]
    return ((key, getattr(row, key.attname)) for row in query.objs for key in keys)


def _check_update(
    query: Any, model: type[models.Model], visibility: Visibility, scope: Scope | None
) -> None:
    if scope is None or scope.all:
        return
    owner = visibility.owner_attname()
    pairs = []
    for field, _model, value in query.values:
        if owner and field.attname == owner and getattr(value, "pk", value) != scope.tenant_id:
            raise CrossTenantWrite(f"{model._meta.label}.{field.name} cannot be changed")
        if field.is_relation:
            target = visibility_map.of(field.related_model)
            if target is not None and target.is_filtered:
                pairs.append((field, value))
    if not visibility.free_references:
        _check_references(pairs, model._meta.label)


def record_ownership(query: Any, returned: list[Any], returning: Any) -> None:
    """After an insert of third-party rows: note their owner in the side table.

    Done by the compiler and not by ``post_save``, so that bulk creation is covered.
    """
    model = query.model
    found = owners_of(model) if model is not None else None
    if found is None:
        return
    table, tenant_id = found
    pks = _inserted_keys(query, returned, returning)
    if pks is None:
        pks = _unowned_keys(query, model)
    table._base_manager.bulk_create(
        [table(target_id=pk, tenant_id=tenant_id) for pk in pks], ignore_conflicts=True
    )


def owners_of(model: type[models.Model]) -> tuple[type[models.Model], int] | None:
    """The side table that notes whose rows of ``model`` are, and the tenant to note; ``None``: nothing is."""
    visibility = visibility_map.of(model)
    if visibility is None or visibility.ownership is None:
        return None
    table = apps.get_model(visibility.ownership)
    target = table._meta.get_field("target").related_model
    if model is not target:
        return None  # the child part of a multi-table row: its parent part was recorded
    scope = current_scope()
    if scope is None or scope.tenant_id is None:
        return None  # made by the platform: visible to no tenant
    return table, scope.tenant_id


def _inserted_keys(query: Any, returned: list[Any], returning: Any) -> list[Any] | None:
    """Primary keys of the rows just inserted; ``None`` where the statement does not tell them."""
    pk_field = query.model._meta.pk
    fields = list(returning or [])
    if pk_field in fields and returned:
        place = fields.index(pk_field)
        return [row[place] for row in returned]
    keys = [row.pk for row in query.objs]
    return None if any(key is None for key in keys) else keys


def _unowned_keys(query: Any, model: type[models.Model]) -> list[Any]:
    """Keys of rows inserted with "ignore conflicts", found again by their natural key.

    Rows that were there before keep their owner: only those without one are returned.

    :raises CrossTenantWrite: the table has no natural key to find them by.
    """
    natural = next(iter(model._meta.unique_together), None)
    if natural is None:
        raise CrossTenantWrite(
            f"{model._meta.label} was inserted without returning its keys, so it has no owner"
        )
    fields: list[Any] = [model._meta.get_field(name) for name in natural]
    columns = {field.name: field.attname for field in fields}
    keys: list[Any] = []
    with system_scope("find the rows just inserted, to note their owner"):
        for start in range(0, len(query.objs), _LOOKUP_BATCH):
            wanted = Q()
            for row in query.objs[start : start + _LOOKUP_BATCH]:
                wanted |= Q(**{name: getattr(row, attname) for name, attname in columns.items()})
            found = model._base_manager.order_by().filter(wanted, tenant_ownership__isnull=True)
            keys += found.values_list("pk", flat=True)
    return keys


class GuardedCompiler:
    """Mixin for every compiler of a guarded backend."""

    def __init__(
        self, query: Any, connection: Any, using: str | None, elide_empty: bool = True
    ) -> None:
        super().__init__(guard_query(query), connection, using, elide_empty)  # type: ignore[call-arg]


class OwnershipRecordingCompiler(GuardedCompiler):
    """The insert compiler: third-party rows get their owner row in the same statement's wake."""

    query: Query

    def execute_sql(self, returning_fields: Any = None) -> list[Any]:
        rows: list[Any] = super().execute_sql(returning_fields)  # type: ignore[misc]
        record_ownership(self.query, rows, returning_fields)
        return rows
