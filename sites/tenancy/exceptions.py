"""Errors of the tenancy layer."""


class TenantScopeMissing(RuntimeError):
    """A guarded table was touched while no tenant scope was open.

    A programming error, never a user's: it is not caught anywhere, so that the request or task
    fails instead of showing too much.
    """


class CrossTenantWrite(Exception):
    """A write would have changed or referred to a row that the current tenant cannot see.

    Not a ``PermissionDenied``: the administration turns that into a redirect with a friendly note. The
    middleware answers this one with 403 and writes it to the security log.
    """


class VisibilityUndeclared(RuntimeError):
    """An installed model has no declared kind of visibility, so nothing may read or write it."""


class UnknownHost(Exception):
    """No address of the platform matches the requested host and path."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(f"no address for host {host!r}")
