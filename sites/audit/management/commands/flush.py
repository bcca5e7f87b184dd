"""``flush`` that does not erase an audit trail, except in a test database."""

from typing import Any

from django.conf import settings
from django.core.management.commands import flush

from sites.audit.append_only import protect_tables, unprotect_tables
from sites.audit.exceptions import TrailIsPermanent


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        """:raises TrailIsPermanent: outside tests."""
        if settings.JIYUE_ENV != "test":
            raise TrailIsPermanent("flush would erase the audit trail; make a new database instead")
        unprotect_tables(options["database"])
        try:
            super().handle(**options)
        finally:
            protect_tables(options["database"])
