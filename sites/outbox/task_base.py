"""Bases of every Celery task: no scope comes in, none goes out.

A task runs in an empty context of its own, so neither a scope nor django-multitenant's tenant nor a
language that an earlier task left on the worker's thread can reach it, whatever that task did.
"""

from contextvars import Context
from typing import Any

from celery import Task

from sites.tenancy.models import Tenant
from sites.tenancy.scope import tenant_scope


class ScopelessTask(Task):
    """The default base: a task that touches a guarded row without opening a scope fails."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return Context().run(self.run_in_scope, *args, **kwargs)

    def run_in_scope(self, *args: Any, **kwargs: Any) -> Any:
        return self.run(*args, **kwargs)


class TenantTask(ScopelessTask):
    """A task for one tenant: called with the keyword ``tenant_id``, its body runs in that scope.

    :raises Tenant.DoesNotExist: there is no such tenant.
    """

    abstract = True

    def run_in_scope(self, *args: Any, **kwargs: Any) -> Any:
        with tenant_scope(Tenant.objects.get(pk=kwargs["tenant_id"])):
            return self.run(*args, **kwargs)
