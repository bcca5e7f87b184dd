"""Guarded compilers for SQLite."""

from django.db.models.sql import compiler

from sites.tenancy.guard import GuardedCompiler, OwnershipRecordingCompiler


class SQLCompiler(GuardedCompiler, compiler.SQLCompiler):
    pass


class SQLInsertCompiler(OwnershipRecordingCompiler, compiler.SQLInsertCompiler):
    pass


class SQLDeleteCompiler(GuardedCompiler, compiler.SQLDeleteCompiler):
    pass


class SQLUpdateCompiler(GuardedCompiler, compiler.SQLUpdateCompiler):
    pass


class SQLAggregateCompiler(GuardedCompiler, compiler.SQLAggregateCompiler):
    pass
