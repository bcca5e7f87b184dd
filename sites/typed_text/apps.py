"""The typed text app."""

from django.apps import AppConfig


class TypedTextConfig(AppConfig):
    name = "sites.typed_text"
    label = "sites_typed_text"

    def ready(self) -> None:
        from . import days, fields

        fields.apply_to_forms()
        days.apply_to_forms()
