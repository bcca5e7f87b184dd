"""``migrate`` inside a system scope: some of Wagtail's migrations use the current models."""

from typing import Any

from django.core.management.commands import migrate

from sites.tenancy.scope import system_scope


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with system_scope("migrating the schema"):
            super().handle(*args, **options)
