"""``manage.py reset_practice_site``: bring the practice site back to its template, at once."""

import json
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms_core.practice.services import reset_practice_site


class Command(BaseCommand):
    help = "Delete everything in the practice site and make it anew, all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            result = reset_practice_site(actor=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(result)))
        else:
            self.stdout.write(
                f"{result.code}: {result.deleted} rows deleted, {result.texts} texts made."
            )
