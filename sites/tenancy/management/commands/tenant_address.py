"""``manage.py tenant_address CODE``: where a site answers, and moving it."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sites.tenancy import services
from sites.tenancy.enums import AddressKind
from sites.tenancy.models import Address, Tenant
from sites.tenancy.scope import system_scope
from sites.tenancy.selectors import root_url_of


class Command(BaseCommand):
    help = "List the addresses of a site, let it answer on one more, or move it between host and channel."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the site")
        change = parser.add_mutually_exclusive_group()
        change.add_argument("--also", metavar="HOST", help="answer on this host too")
        change.add_argument(
            "--move", metavar="HOST", help="make this the address; the former one redirects"
        )
        change.add_argument(
            "--old-folder",
            metavar="HOST",
            help="lead on what stood in the folder --prefix on this host, such as the old group's portal",
        )
        parser.add_argument(
            "--prefix", default="", help="channel prefix on the portal's host, such as /bm/czj"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(code=options["code"]).first()
        if tenant is None:
            raise CommandError(f"There is no site {options['code']!r}.")
        prefix = options["prefix"].rstrip("/")
        try:
            with system_scope("change the address of a tenant by command"):
                if options["also"]:
                    services.add_address(
                        actor=None,
                        tenant=tenant,
                        host=options["also"],
                        prefix=prefix,
                        kind=AddressKind.ALIAS,
                    )
                elif options["old_folder"]:
                    services.add_address(
                        actor=None,
                        tenant=tenant,
                        host=options["old_folder"],
                        prefix=prefix,
                        kind=AddressKind.OLD_FOLDER,
                    )
                elif options["move"]:
                    services.move_tenant(
                        actor=None, tenant=tenant, host=options["move"], prefix=prefix
                    )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        rows = [
            {"url": f"{root_url_of(row.host)}{row.prefix}/", "kind": row.kind, "hits": row.hits}
            for row in Address.objects.filter(tenant=tenant)
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"code": tenant.code, "addresses": rows}))
            return
        for row in rows:
            self.stdout.write(
                f"{row['kind']:<10} {row['url']}" + (f"  {row['hits']} hits" if row["hits"] else "")
            )
