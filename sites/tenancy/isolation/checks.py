"""System check: an app with models tells the probe what to try."""

from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, Tags, register

from sites.registry.isolation import isolation_cases

#: Top folders of the product; other packages are declared and furnished by the apps that use them.
_OURS = ("sites.", "cms_core.", "disclosure.", "interaction.", "search", "themes")


def apps_without_cases() -> list[AppConfig]:
    """Our installed apps that have models and offer no isolation cases."""
    isolation_cases.discover()
    return [
        config
        for config in apps.get_app_configs()
        if config.name.startswith(_OURS)
        and any(config.get_models(include_auto_created=True))
        and config.label not in isolation_cases
    ]


@register(Tags.models)
def apps_offer_isolation_cases(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A new table must be tried by the probe from its first day."""
    return [
        Error(
            f"{config.name} has models and no isolation cases.",
            hint="Write isolation_cases.py: docs/features/isolation.md says how.",
            obj=config,
            id="sites_tenancy.E003",
        )
        for config in apps_without_cases()
    ]
