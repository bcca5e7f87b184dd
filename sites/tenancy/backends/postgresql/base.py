"""PostgreSQL with the guard, on top of django-multitenant's backend (the way to Citus)."""

from django.db.backends.postgresql.operations import DatabaseOperations as PostgresqlOperations
from django_multitenant.backends.postgresql import base


class DatabaseOperations(PostgresqlOperations):
    compiler_module = "sites.tenancy.backends.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
