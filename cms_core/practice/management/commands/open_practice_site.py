"""``manage.py open_practice_site --host HOST``: open the site that staff train in."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms_core.practice.services import open_practice_site
from sites.tenancy.selectors import primary_address


class Command(BaseCommand):
    help = "Open the practice site: one an installation, listed nowhere, reset each night."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", required=True, help="a host of its own")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tenant = open_practice_site(actor=None, host=options["host"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        address = primary_address(tenant.pk)
        outcome = {"code": tenant.code, "url": address.home_url if address else None}
        self.stdout.write(json.dumps(outcome) if options["json"] else f"Opened {outcome['url']}")
