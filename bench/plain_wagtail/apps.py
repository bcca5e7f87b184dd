"""The app of the comparator."""

from django.apps import AppConfig


class PlainWagtailConfig(AppConfig):
    name = "bench.plain_wagtail"
    label = "plain_wagtail"
    default_auto_field = "django.db.models.BigAutoField"
