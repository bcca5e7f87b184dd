"""Registry of capabilities."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "sites.registry"
    label = "sites_registry"
