"""Inserting many rows of the open tenant in few statements, past Django's objects and not past the guard.

An import writes some fifteen rows for each article: revision, history, public face, audit, redirects.
Making an object of each and preparing its columns one by one was a quarter of its time. Here rows are
values; whose they are, and whether the tenant may write and refer to what they name, is decided by the
functions that the guard has for objects.
"""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db import models, router

from .guard import check_rows, owners_of
from .plain_rows import write_rows


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> list[Any]:
    """Insert ``rows`` (values of ``columns``, named by attribute: ``page_id``) of ``model``.

    As ``bulk_create`` in the open scope: the owner is filled in, keys must lead to what the scope sees,
    rows of other packages get their owner noted, and no signals are sent. Columns that are not named
    take their default. A type of several tables is inserted table by table.

    :returns: the primary keys, in the order of the rows.
    :raises CrossTenantWrite: a row that the open scope may not write.
    :raises TenantScopeMissing: no scope is open.
    :raises ValueError: no such column, or one that the clock fills is not named.
    """
    if not rows:
        return []
    columns, rows = check_rows(model, columns, rows)
    keys = write_rows(model, columns, rows)
    owners = owners_of(model)
    if owners is not None:
        table, tenant_id = owners
        write_rows(table, ("target_id", "tenant_id"), [(key, tenant_id) for key in keys])
    return keys


def insert_objects(rows: Sequence[models.Model]) -> None:
    """As :func:`insert_rows`, for unsaved rows of one type and one table; they get their keys.

    Their columns must hold what is to be written: nothing of Django's ``pre_save`` is asked.
    """
    if not rows:
        return
    model = type(rows[0])
    columns = [f.attname for f in model._meta.local_concrete_fields if not f.primary_key]
    keys = insert_rows(model, columns, list(map(attrgetter(*columns), rows)))
    using = router.db_for_write(model)
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, using
