"""Many articles in one section, copied from the rows of one that was made the usual way.

Made one by one, 50,000 articles take longer than everything that is measured with them. All rows of
every table that the making of one article leaves (page, revision, history, public face, owners) are
repeated here with other keys, titles, addresses and times, and inserted in bulk. Trails that are
chained (audit) or consumed (outbox) are left out: no screen of pages reads them.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.content import ArticleContent

#: What the seed is called, so that its rows can be told apart in every text they keep.
SEED_TITLE = "Seed title of the measured section"
SEED_SLUG = "seed-of-the-measured-section"
_LEFT_OUT = {"sites_audit", "sites_outbox", "sessions", "contenttypes", "wagtailsearch"}
_STEP = 4
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROWS_IN_A_STATEMENT = 2_000


@dataclass(frozen=True, slots=True)
class _Table:
    """One table with the rows that the seed left in it, as the database keeps them."""

    model: Any
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    first_free: int


def repeat(make_seed: Callable[[], Any], articles: list[ArticleContent]) -> None:
    """Make one page (called :data:`SEED_TITLE`, :data:`SEED_SLUG`) and as many like it as ``articles``."""
    from django.apps import apps

    models = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in _LEFT_OUT
    ]
    before = {model: _keys(model) for model in models}
    page = make_seed()
    tables = [table for model in models if (table := _grown(model, before[model]))]
    with _connection().constraint_checks_disabled():
        for table in tables:
            _insert(table, list(_copies(table, tables, page, articles)))
    _count_children(page, len(articles))
    _settle_sequences([table.model for table in tables])


def _keys(model: Any) -> set[Any]:
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    return {row[0] for row in _asked(f"SELECT {key} FROM {table}")[1]}


def _grown(model: Any, known: set[Any]) -> _Table | None:
    key = model._meta.pk.column
    columns, rows = _asked(f"SELECT * FROM {_quoted(model._meta.db_table)}")
    place = columns.index(key)
    new = tuple(row for row in rows if row[place] not in known)
    if not new:
        return None
    numbers = [row[place] for row in rows if isinstance(row[place], int)]
    return _Table(model, tuple(columns), new, max(numbers, default=0) + 1)


def _copies(
    table: _Table, tables: list[_Table], page: Any, articles: list[ArticleContent]
) -> Iterator[tuple[Any, ...]]:
    fields = {field.column: field for field in table.model._meta.concrete_fields}
    # Keys of the seed's rows in every table: root model → key → (first free key, place, how many).
    roots = {
        known.model: {
            row[known.columns.index(known.model._meta.pk.column)]: place
            for place, row in enumerate(known.rows)
        }
        for known in tables
        if not known.model._meta.pk.is_relation
    }
    starts = {known.model: known.first_free for known in tables}

    def moved(root: Any, value: Any, number: int) -> Any:
        places = roots.get(root, {})
        return (
            starts[root] + number * len(places) + places[value]
            if value in places and isinstance(value, int)
            else value
        )

    page_root = next(root for root in roots if root._meta.db_table == _page_table(page))
    own_path = str(page.path)
    first_step = int(own_path[-_STEP:], 36) + 1
    for number, article in enumerate(articles):
        new_pk = moved(page_root, page.pk, number)
        words = [
            (SEED_TITLE, article.title),
            (SEED_SLUG, f"m{article.slug}"),
        ]
        for row in table.rows:
            made = []
            for column, value in zip(table.columns, row, strict=True):
                field = fields[column]
                if value is None:
                    made.append(None)
                elif field.primary_key and not field.is_relation:
                    made.append(moved(table.model, value, number))
                elif field.is_relation:
                    made.append(moved(_root(field), value, number))
                elif field.get_internal_type() == "UUIDField":
                    made.append(_other_uuid(value, number))
                elif column == "object_id" and str(value) == str(page.pk):
                    made.append(str(new_pk))
                elif column == "path" and value == own_path:
                    made.append(own_path[:-_STEP] + _base36(first_step + number))
                elif column == "published_at":
                    made.append(field.get_db_prep_value(article.published_at, _connection()))
                elif isinstance(value, str):
                    made.append(_reworded(value, words, page.pk, new_pk))
                else:
                    made.append(value)
            yield tuple(made)


def _page_table(page: Any) -> str:
    from swapper import load_model

    table: str = load_model("wagtailcore", "Page")._meta.db_table
    return table


def _root(field: Any) -> Any:
    """The model whose automatic key a foreign key carries in the end."""
    related = field.related_model
    while related._meta.pk.is_relation:
        related = related._meta.pk.related_model
    return related


def _reworded(value: str, words: list[tuple[str, str]], old_pk: int, new_pk: int) -> str:
    is_json = value.startswith("{")
    for old, new in words:
        if old in value:
            value = value.replace(old, json.dumps(new)[1:-1] if is_json else new)
    if is_json:
        value = value.replace(f'"pk": {old_pk},', f'"pk": {new_pk},')
    return value


def _other_uuid(value: Any, number: int) -> Any:
    made = uuid.uuid5(uuid.UUID(str(value)), str(number))
    return made if isinstance(value, uuid.UUID) else made.hex


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _ALPHABET[digit] + digits
    return digits.rjust(_STEP, "0")


def _connection() -> Any:
    from django.db import connection

    return connection


def _quoted(name: str) -> str:
    quoted: str = _connection().ops.quote_name(name)
    return quoted


def _asked(sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    with _connection().cursor() as cursor:
        cursor.execute(sql)
        return [column[0] for column in cursor.description], cursor.fetchall()


def _insert(table: _Table, rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(_quoted(column) for column in table.columns)
    marks = ", ".join(["%s"] * len(table.columns))
    sql = f"INSERT INTO {_quoted(table.model._meta.db_table)} ({names}) VALUES ({marks})"
    with _connection().cursor() as cursor:
        for start in range(0, len(rows), _ROWS_IN_A_STATEMENT):
            cursor.executemany(sql, rows[start : start + _ROWS_IN_A_STATEMENT])


def _count_children(page: Any, more: int) -> None:
    table = _quoted(_page_table(page))
    with _connection().cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET numchild = numchild + %s WHERE path = %s",
            [more, page.path[:-_STEP]],
        )


def _settle_sequences(models: list[Any]) -> None:
    from django.core.management.color import no_style

    connection = _connection()
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")  # as its autovacuum does; nobody does it on SQLite
