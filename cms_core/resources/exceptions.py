"""Errors of the resource library."""


class UnknownResourceKind(ValueError):
    """A resource was published under a kind that the library does not know."""


class ResourceMissing(LookupError):
    """A resource was to be withdrawn that was never published."""
