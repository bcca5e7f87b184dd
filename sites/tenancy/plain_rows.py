"""Inserting very many rows in few statements: the platform's own work, in a system scope.

In a system scope the guard fills and compares nothing, and Django's way from an object to a row costs a
tenth of a millisecond. Three hundred sites are forty thousand rows, a province's three thousand four
hundred thousand, so the platform, and nobody inside a tenant, writes them by a shorter way: each value
is prepared by its own field, as Django does, but equal ones only once. No signals are sent, as with
``bulk_create``.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections, models, router

from .exceptions import CrossTenantWrite
from .scope import require_scope
from .visibility import visibility_map

#: Values of one statement that names each. SQLite takes 32,766, but reads twenty thousand at half the
#: speed of some hundred to four thousand (3.40, rows of 2, 3 and 12 columns).
_MOST_VALUES = 2_000
#: Values of one statement of arrays, which PostgreSQL reads at one speed.
_MOST_IN_ARRAYS = 20_000
#: Types that a database takes as they are from a field of Django's own.
_AS_THEY_ARE = frozenset({int, str, type(None)})
_DJANGOS_FIELDS = "django.db.models.fields"


def insert_plain_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> list[Any]:
    """Insert ``rows`` (values of ``columns``, named by attribute: ``group_id``) of ``model``.

    Columns that are not named take their default. A type of several tables is inserted table by table.

    :returns: the primary keys, in the order of the rows.
    :raises CrossTenantWrite: inside a tenant's scope, where the guard must see each row; or a row has
        no owner.
    :raises ValueError: no such column, or one that the clock fills is not named.
    """
    if not require_scope().all:
        raise CrossTenantWrite(f"{model._meta.label} is written directly by the platform only")
    return write_rows(model, columns, rows) if rows else []


def write_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> list[Any]:
    """As :func:`insert_plain_rows`, for modules of this app that have checked the rows themselves."""
    connection = connections[router.db_for_write(model)]
    local = model._meta.local_concrete_fields
    named = {field.attname: field for field in local}
    unknown = set(columns) - named.keys()
    if unknown:
        raise ValueError(f"{model._meta.label} has no column {', '.join(sorted(unknown))}")
    others = [
        field
        for field in local
        if field.attname not in columns and not isinstance(field, models.AutoField)
    ]
    fields: list[Any] = [named[column] for column in columns] + others
    prepared = [
        _column(field, [row[place] for row in rows], connection)
        for place, field in enumerate(fields[: len(columns)])
    ]
    for field in others:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            raise ValueError(f"{field} is filled by the clock: name it, with its time")
        prepared.append(_column(field, _defaults(field, len(rows)), connection))
    _check_owner(model, fields, prepared)
    return _insert(model, fields, list(zip(*prepared, strict=True)), connection)


def reserve_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys that no row of ``model`` has or will get by itself, for rows that name each other.

    In a transaction that has written: SQLite's other writers wait for it, PostgreSQL's are given others.

    :raises CrossTenantWrite: see :func:`insert_plain_rows`.
    """
    if not require_scope().all:
        raise CrossTenantWrite(f"{model._meta.label} is written directly by the platform only")
    connection = connections[router.db_for_write(model)]
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            (last,) = cursor.fetchone() or (0,)
            return list(range(last + 1, last + 1 + count))
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [connection.ops.quote_name(table), model._meta.pk.column, count],
        )
        return [key for (key,) in cursor.fetchall()]


def _defaults(field: Any, count: int) -> list[Any]:
    """What ``count`` rows get in a column that nobody named."""
    if callable(field.default):
        return [field.get_default() for _row in range(count)]
    return [field.get_default()] * count


def _column(field: Any, values: list[Any], connection: Any) -> list[Any]:
    """Values of one column as the database takes them; equal neighbours are prepared once."""
    target = field
    while target.is_relation:
        target = target.target_field
    if type(target).__module__ == _DJANGOS_FIELDS and _AS_THEY_ARE.issuperset(map(type, values)):
        return values
    found = []
    before, last = object(), None
    prepare: Callable[..., Any] = field.get_db_prep_save
    for value in values:
        if value is not before:
            before, last = value, prepare(value, connection=connection)
        found.append(last)
    return found


def _check_owner(model: type[models.Model], fields: list[Any], prepared: list[list[Any]]) -> None:
    visibility = visibility_map.of(model)
    owner = visibility.owner_attname() if visibility is not None else None
    for field, values in zip(fields, prepared, strict=True):
        if field.attname == owner and None in values:
            raise CrossTenantWrite(f"a row of {model._meta.label} has no owner")


def _insert(
    model: type[models.Model], fields: list[Any], rows: list[Any], connection: Any
) -> list[Any]:
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({names})"
    key = model._meta.pk
    given = fields.index(key) if key in fields else None
    # SQLite takes twice as long to give keys back. It numbers the rows of one statement without a gap,
    # where the column is AUTOINCREMENT, as Django declares it (https://sqlite.org/autoinc.html).
    is_counted = (
        given is None and connection.vendor == "sqlite" and isinstance(key, models.AutoField)
    )
    returning = ""
    if given is None and not is_counted:
        returning, _params = connection.ops.return_insert_columns([key])
    arrays = _arrays(fields, connection)
    size = (_MOST_IN_ARRAYS if arrays else _MOST_VALUES) // len(fields)
    keys: list[Any] = []
    with connection.cursor() as cursor:
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            if arrays:
                columns = zip(*some, strict=True)
                cursor.execute(
                    f"{head} SELECT * FROM UNNEST({arrays}) {returning}",  # noqa: S608  (names of columns)
                    [_array(column) for column in columns],
                )
            else:
                one = f"({', '.join(['%s'] * len(fields))})"
                cursor.execute(
                    f"{head} VALUES {', '.join([one] * len(some))} {returning}",
                    [value for row in some for value in row],
                )
            if given is not None:
                keys += [row[given] for row in some]
            elif is_counted:
                keys += range(cursor.lastrowid - len(some) + 1, cursor.lastrowid + 1)
            else:
                keys += [pk for (pk,) in cursor.fetchall()]
    return keys


def _arrays(fields: list[Any], connection: Any) -> str:
    """One array for each column, where the database and all columns take them; else nothing.

    PostgreSQL plans one statement of a dozen arrays far faster than one of twenty thousand values. The
    conditions are those of Django's own inserts (``django.db.backends.postgresql.compiler``), and so is
    the cut at the bracket: ``varchar(50)[]`` would shorten a value without a word.
    """
    if connection.vendor != "postgresql":
        return ""
    for field in fields:
        target = field.target_field if field.is_relation else field
        if hasattr(field, "get_placeholder") or (
            target.get_internal_type() not in connection.data_types
        ):
            return ""
    types = [field.db_type(connection).partition("(")[0] for field in fields]
    return ", ".join(f"(%s)::{kind}[]" for kind in types)


def _array(values: Sequence[Any]) -> Any:
    """One column for a statement of arrays: what is plain in PostgreSQL's own writing of an array.

    psycopg writes a list value by value and quotes each sign, which takes five times as long. Quotes and
    backslashes are all that an element in quotes hides (PostgreSQL manual, 8.15.6 "Array Input and Output
    Syntax"); other kinds of values are left to psycopg.
    """
    from django.db.backends.postgresql.psycopg_any import Jsonb

    kinds = set(map(type, values)) - {type(None)}
    if kinds == {Jsonb}:
        texts = [None if value is None else value.dumps(value.obj) for value in values]
    elif kinds == {str}:
        texts = list(values)
    elif kinds == {int}:
        return f"{{{','.join('NULL' if value is None else str(value) for value in values)}}}"
    else:
        return list(values)
    return f"{{{','.join(map(_element, texts))}}}"


def _element(text: str | None) -> str:
    if text is None:
        return "NULL"
    hidden = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{hidden}"'
