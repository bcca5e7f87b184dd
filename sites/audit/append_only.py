"""Triggers that refuse to change or delete audit rows, on both databases.

They stop mistakes and stolen application accounts. Whoever owns the database can remove them; that
is what the hash chain and the heads outside the database are for.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections  # noqa: TID251 - schema statements only, no rows are read
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("sites_audit_domainevent", "sites_audit_sealedevent")
REFUSAL = "the audit trail is append-only"

#: The refusal is a parameter because django-multitenant splits statements without any at ``;``.
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION sites_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
$refuse$ BEGIN RAISE EXCEPTION %s USING ERRCODE = 'insufficient_privilege'; END $refuse$
"""


def _triggers(vendor: str) -> Iterator[str]:
    for table in TABLES:
        yield from _removal(vendor, table)
        if vendor == "postgresql":
            yield (
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION sites_audit_refuse()"
            )
            yield (
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION sites_audit_refuse()"
            )
        else:
            for verb in ("UPDATE", "DELETE"):
                yield (
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
                )


def _removal(vendor: str, table: str) -> Iterator[str]:
    if vendor == "postgresql":
        yield f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"
        yield f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}"
    else:
        yield f"DROP TRIGGER IF EXISTS {table}_no_update"
        yield f"DROP TRIGGER IF EXISTS {table}_no_delete"


def protect(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the triggers in place, replacing former ones."""
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(_POSTGRESQL_FUNCTION, (REFUSAL,))
    for statement in _triggers(vendor):
        schema_editor.execute(statement)


def unprotect(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Remove the triggers."""
    for table in TABLES:
        for statement in _removal(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)


def protect_tables(using: str) -> None:
    """Put the triggers in place outside a migration; nothing before the tables exist."""
    connection = connections[using]
    if set(TABLES) <= set(connection.introspection.table_names()):
        with _schema_editor(using) as schema_editor:
            protect(schema_editor)


def unprotect_tables(using: str) -> None:
    """Remove the triggers outside a migration: for a test database only."""
    with _schema_editor(using) as schema_editor:
        unprotect(schema_editor)


@contextmanager
def _schema_editor(using: str) -> Iterator[BaseDatabaseSchemaEditor]:
    """A schema editor without SQLite's table-rebuilding precautions: triggers rebuild nothing."""
    connection = connections[using]
    yield connection.SchemaEditorClass(connection, atomic=False)
