"""System checks: every installed model has a declared visibility, and the guard is in place."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from .visibility import visibility_map


@register(Tags.models)
def every_model_declares_visibility(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """An undeclared model cannot be read; say so before it happens."""
    return [
        Error(
            f"{model._meta.label} has no declared visibility.",
            hint="Set tenant_visibility on the model, or add it to sites.tenancy.third_party.",
            obj=model,
            id="sites_tenancy.E001",
        )
        for model in visibility_map.undeclared()
    ]


@register(Tags.database, deploy=False)
def database_backends_are_guarded(
    app_configs: Any, databases: Any = None, **kwargs: Any
) -> list[CheckMessage]:
    """Each configured database compiles its statements through the guard."""
    return [
        Error(
            f"Database {alias!r} does not use a guarded backend.",
            hint="Use sites.tenancy.backends.sqlite3 or sites.tenancy.backends.postgresql.",
            id="sites_tenancy.E002",
        )
        for alias in connections
        if not connections[alias].ops.compiler_module.startswith("sites.tenancy.backends.")
    ]
