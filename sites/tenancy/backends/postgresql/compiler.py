"""Guarded compilers for PostgreSQL."""

from django.db.backends.postgresql import compiler

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
