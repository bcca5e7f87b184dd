"""``manage.py apply_blueprint TENANT BLUEPRINT``: show the difference, then make it."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms_core.blueprints.differences import apply_blueprint, differences
from cms_core.blueprints.rules import Blueprint, BlueprintError
from cms_core.blueprints.selectors import blueprint, read_blueprint
from sites.tenancy.models import Tenant


class Command(BaseCommand):
    help = (
        "Bring a live site in line with a blueprint: missing sections are added, promises changed; "
        "nothing is deleted, renamed or emptied. --dry-run shows the difference and makes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenant", help="code of the site")
        parser.add_argument("blueprint", help="code of a blueprint, or the path of a TOML file")
        parser.add_argument("--dry-run", action="store_true", help="show the difference only")
        parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(code=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no site {options['tenant']!r}.")
        pairs = [entry.partition("=") for entry in options["var"]]
        if any(not sign for _name, sign, _value in pairs):
            raise CommandError("Write a variable as NAME=VALUE, for instance --var head=局长")
        variables = {name: value for name, _sign, value in pairs}
        try:
            plan = self._plan(options["blueprint"])
            if options["dry_run"]:
                changes = differences(tenant=tenant, plan=plan, variables=variables)
            else:
                changes = apply_blueprint(actor=None, tenant=tenant, plan=plan, variables=variables)
        except BlueprintError as error:
            raise CommandError(f"{error}. A missing value is given as --var NAME=VALUE.") from error
        except ValidationError as error:
            raise CommandError(f"Nothing was changed. {' '.join(error.messages)}") from error
        made = [change for change in changes if change.is_made]
        left = [change for change in changes if not change.is_made]
        if options["json"]:
            shown = [
                {"part": change.part, "text": change.text, "made": change.is_made}
                for change in changes
            ]
            self.stdout.write(
                json.dumps({"dry_run": options["dry_run"], "changes": shown}, ensure_ascii=False)
            )
            return
        for change in made:
            self.stdout.write(f"+ {change.part}: {change.text}")
        for change in left:
            self.stdout.write(f"= {change.part}: {change.text}")
        verb = "would be made" if options["dry_run"] else "made"
        self.stdout.write(f"{len(made)} changes {verb}, {len(left)} left to the site")

    def _plan(self, named: str) -> Blueprint:
        path = Path(named)
        if path.suffix != ".toml":
            return blueprint(named)
        try:
            return read_blueprint(path.read_text(encoding="utf-8"), path.name)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read: {error}.") from error
