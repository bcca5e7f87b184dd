"""Boot proof: a process shows that the guard is in place, or it does not serve.

It compiles and reads, and writes nothing; the two canary rows come from a migration. With the
database away the compiled half still holds, and the process starts and answers what it can.
"""

import logging

from django.conf import settings
from django.db import OperationalError, connection

from .exceptions import TenantScopeMissing
from .models import Canary, Tenant
from .scope import tenant_scope, without_scope

log = logging.getLogger("jiyue.boot")
#: Codes of the two tenants that the migration makes; they have no address and serve nobody.
CANARY_CODES = ("canary-a", "canary-b")


class GuardNotInPlace(RuntimeError):
    """The guard did not act: this process must not serve."""


def prove_guard() -> bool:
    """Prove the guard on the default database.

    :returns: whether the rows were read too (False: the database is away).
    :raises GuardNotInPlace: a guarded query compiled without a scope, or foreign rows came back.
    """
    _prove_refusal()
    try:
        _prove_rows()
    except OperationalError as error:
        log.warning("the database is away, the guard was proven by compiling only: %s", error)
        return False
    return True


def _prove_refusal() -> None:
    with without_scope():
        try:
            str(Canary.objects.all().query.get_compiler("default").query)
        except TenantScopeMissing:
            pass
        else:
            raise GuardNotInPlace("a guarded table was compiled without a tenant scope")
    stand_in = Tenant(pk=-1)
    with tenant_scope(stand_in):
        sql, params = Canary.objects.all().query.get_compiler("default").as_sql()
    if -1 not in params:
        raise GuardNotInPlace(f"the tenant is missing from the compiled query: {sql}")


def _prove_rows() -> None:
    canaries = list(Tenant.objects.filter(code__in=CANARY_CODES).order_by("code"))
    if len(canaries) != len(CANARY_CODES):
        raise GuardNotInPlace("the canary tenants are missing: run the migrations")
    for tenant in canaries:
        with tenant_scope(tenant):
            words = list(Canary.objects.order_by("pk").values_list("word", flat=True))
        if words != [tenant.code]:
            raise GuardNotInPlace(
                f"{tenant.code} sees {len(words)} canaries instead of its own one"
            )
    if connection.vendor == "sqlite" and str(settings.DATABASES["default"]["NAME"]) != ":memory:":
        _prove_sqlite()


def _prove_sqlite() -> None:
    """WAL and foreign keys took hold: without them writers lock each other out."""
    with connection.cursor() as cursor:
        mode = cursor.execute("PRAGMA journal_mode").fetchone()[0]
        keys = cursor.execute("PRAGMA foreign_keys").fetchone()[0]
    if mode not in {"wal", "memory"} or keys != 1:
        raise GuardNotInPlace(f"SQLite runs with journal_mode={mode}, foreign_keys={keys}")
