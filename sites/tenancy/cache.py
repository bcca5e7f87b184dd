"""Cache keys that carry the tenant."""

from .scope import current_scope


def tenant_key(key: str, key_prefix: str, version: int) -> str:
    """Django's ``KEY_FUNCTION``: the scope is part of every key.

    Without a scope nothing of a tenant can be read, so what is cached there belongs to nobody.
    """
    scope = current_scope()
    if scope is None:
        owner = "-"
    elif scope.all:
        owner = "*"
    else:
        owner = str(scope.tenant_id)
    return f"{key_prefix}:{version}:{owner}:{key}"
