"""Adding the rule of a scope to a query, at the least cost.

"The row stands in a list of keys" is asked row by row (``EXISTS``), never as a list: an office with
50,000 articles has as many keys, and SQLite writes the whole list down before it looks at one row.

``Query.add_q`` parses the name of every condition and looks for joins each time; that was most of
what the guard cost. A rule compares plain columns of the row itself (``tenant = 3``, ``page in
(…)``), so its nodes are built here directly. Whatever is not that simple goes to ``add_q``.
"""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, Subquery
from django.db.models.expressions import Col
from django.db.models.lookups import Exact
from django.db.models.sql import Query
from django.db.models.sql.where import AND, WhereNode

#: A condition on one column: the field, the name of the lookup and the value.
_Comparison = tuple[Any, str, Any]


class Among(Subquery):
    """Whether ``column`` is among the keys that ``keys``, a resolved query of one column, selects."""

    template = "EXISTS(%(subquery)s)"
    output_field = models.BooleanField()

    def __init__(self, column: Any, keys: Query) -> None:
        super().__init__(keys)
        # Without this the name of the outer table is quoted inside although it is an alias that Django
        # made (U0) once the query is part of another: PostgreSQL then knows no such table.
        is_alias = column.alias != column.target.model._meta.db_table
        self.query.external_aliases = {**self.query.external_aliases, column.alias: is_alias}
        self.query.where.add(Exact(self.query.select[0], column), AND)


def add_condition(query: Any, condition: Q) -> None:
    """Restrict ``query`` to the rows that match ``condition``; as ``query.add_q``."""
    plan = _plan(query.model._meta, condition)
    if plan is None:
        query.add_q(condition)
    else:
        query.where.add(_node(query, condition.connector, plan, {}), AND)


def _plan(opts: Any, condition: Q) -> list[Any] | None:
    """The comparisons of ``condition`` (nested ones as ``(connector, list)``), ``None`` if it has others."""
    if condition.negated or not condition.children or condition.connector not in {Q.AND, Q.OR}:
        return None
    plan: list[Any] = []
    for child in condition.children:
        if isinstance(child, Q):
            inner = _plan(opts, child)
            step: Any = None if inner is None else (child.connector, inner)
        else:
            step = _comparison(opts, *child) if isinstance(child, tuple) else None
        if step is None:
            return None
        plan.append(step)
    return plan


def _comparison(opts: Any, name: str, value: Any) -> _Comparison | None:
    column, _, lookup = name.partition("__")
    is_query = isinstance(value, models.QuerySet)
    if value is None or lookup != ("in" if is_query else ""):
        return None
    if not is_query and hasattr(value, "resolve_expression"):
        return None
    try:
        field = opts.pk if column == "pk" else opts.get_field(column)
    except FieldDoesNotExist:
        return None
    if not getattr(field, "concrete", False) or field.many_to_many:
        return None
    return field, lookup or "exact", value


def _node(query: Any, connector: str, plan: list[Any], joined: dict[Any, str]) -> WhereNode:
    children: list[Any] = []
    for step in plan:
        if len(step) == 2:
            children.append(_node(query, step[0], step[1], joined))
            continue
        field, lookup, value = step
        if isinstance(value, models.QuerySet):
            value = value.resolve_expression(query)
        column = field.get_col(_alias(query, field, joined))
        if _is_list_of_keys(value):
            children.append(Among(column, value))
        else:
            children.append(field.get_lookup(lookup)(column, value))
    return WhereNode(children, connector)


def _is_list_of_keys(value: Any) -> bool:
    """Whether ``value`` selects one plain column of whole rows, so that it can be asked row by row."""
    return (
        isinstance(value, Query)
        and len(value.select) == 1
        and isinstance(value.select[0], Col)
        and not (value.combinator or value.is_sliced or value.distinct or value.annotations)
        and value.group_by is None
    )


def _alias(query: Any, field: Any, joined: dict[Any, str]) -> str:
    """The alias of the table that holds ``field``: the query's own, or that of a parent model."""
    owner = field.model
    if owner not in joined:
        own_alias = joined.setdefault(query.model, query.get_initial_alias())
        joined[owner] = query.join_parent_model(query.model._meta, owner, own_alias, dict(joined))
    alias: str = joined[owner]
    return alias
