"""Errors of the tenancy layer."""

from django.core.exceptions import PermissionDenied


class TenantScopeMissing(RuntimeError):
    """A guarded table was touched while no tenant scope was open.

    A programming error, never a user's: it is not caught anywhere, so that the request or task
    fails instead of showing too much.
    """


class CrossTenantWrite(PermissionDenied):
    """A write would have changed or referred to a row that the current tenant cannot see.

    Django answers it with 403; the middleware writes it to the security log.
    """


class VisibilityUndeclared(RuntimeError):
    """An installed model has no declared kind of visibility, so nothing may read or write it."""


class UnknownHost(Exception):
    """No address of the platform matches the requested host and path."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(f"no address for host {host!r}")
