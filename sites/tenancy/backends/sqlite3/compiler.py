"""Guarded compilers for SQLite."""

from collections.abc import Sequence
from typing import Any

from django.db.models.sql import compiler

from sites.tenancy.guard import GuardedCompiler, OwnershipRecordingCompiler


class SQLCompiler(GuardedCompiler, compiler.SQLCompiler):
    pass


class SQLInsertCompiler(OwnershipRecordingCompiler, compiler.SQLInsertCompiler):
    def assemble_as_sql(self, fields: Sequence[Any], value_rows: Sequence[Sequence[Any]]) -> Any:
        """As Django's, which makes a pair of statement and parameters for each single value: where all
        are plain values, the statement is known. Saves a twentieth of a bulk insert.
        """
        if any(hasattr(field, "get_placeholder") for field in fields) or any(
            hasattr(value, "as_sql") for row in value_rows for value in row
        ):
            return super().assemble_as_sql(fields, value_rows)
        return [["%s"] * len(fields)] * len(value_rows), [list(row) for row in value_rows]


class SQLDeleteCompiler(GuardedCompiler, compiler.SQLDeleteCompiler):
    pass


class SQLUpdateCompiler(GuardedCompiler, compiler.SQLUpdateCompiler):
    pass


class SQLAggregateCompiler(GuardedCompiler, compiler.SQLAggregateCompiler):
    pass
