"""``manage.py close_tenant CODE``: close a site; its addresses show a notice from now on."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from sites.tenancy import services
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope


class Command(BaseCommand):
    help = "Close a site. Nothing is deleted; its addresses show the notice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the site")
        parser.add_argument("--notice", required=True, help="why, and where the content went")
        parser.add_argument("--successor", default="", help="code of the site that continues it")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        codes = {
            tenant.code: tenant
            for tenant in Tenant.objects.filter(code__in=[options["code"], options["successor"]])
        }
        for code in filter(None, (options["code"], options["successor"])):
            if code not in codes:
                raise CommandError(f"There is no site {code!r}.")
        try:
            with system_scope("close a tenant by command"):
                tenant = services.close_tenant(
                    actor=None,
                    tenant=codes[options["code"]],
                    notice=options["notice"],
                    closed_on=timezone.localdate(),
                    successor=codes.get(options["successor"]),
                )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"code": tenant.code, "closed_on": str(tenant.closed_on)}))
        else:
            self.stdout.write(f"{tenant.name} is closed since {tenant.closed_on}.")
