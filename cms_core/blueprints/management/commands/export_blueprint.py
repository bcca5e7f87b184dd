"""``manage.py export_blueprint TENANT``: write a live site as a blueprint."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms_core.blueprints.exporting import export_blueprint
from cms_core.blueprints.rules import BlueprintError
from cms_core.blueprints.selectors import read_blueprint
from sites.tenancy.models import Tenant


class Command(BaseCommand):
    help = "Write a live site as a blueprint (TOML) to the output or into a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenant", help="code of the site")
        parser.add_argument("--code", default="", help="code of the blueprint (site-TENANT)")
        parser.add_argument("--output", type=Path, help="file to write; must not exist")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(code=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no site {options['tenant']!r}.")
        text = export_blueprint(tenant=tenant, code=options["code"])
        try:
            read_blueprint(text, tenant.code)
        except BlueprintError as error:
            raise CommandError(f"The site cannot be a blueprint as it is: {error}") from error
        if options["output"] is None:
            self.stdout.write(text, ending="")
            return
        try:
            with options["output"].open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}.") from error
        self.stdout.write(f"Written to {options['output']}")
