"""Errors of the audit trail."""


class AuditKeyMissing(RuntimeError):
    """Production has no key to sign chain heads with."""


class TrailIsPermanent(RuntimeError):
    """Somebody asked the platform to erase its audit trail."""
