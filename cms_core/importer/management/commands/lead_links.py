"""``manage.py lead_links``: links between merged pages lead to their new places; the others are listed."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cms_core.importer.leading import Led, lead_links
from cms_core.importer.selectors import merged_tenants
from sites.tenancy.models import Tenant
from sites.tenancy.scope import tenant_scope


class Command(BaseCommand):
    help = (
        "Lead the links of merged pages to where their targets stand now, in every merged site or in "
        "one. Run it when all sites of a group are in; running it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """--tenant, --json."""
        parser.add_argument("--tenant", default="", help="code of one site; without it: all")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the pass and prints what it did."""
        tenants = merged_tenants()
        if options["tenant"]:
            tenants = list(Tenant.objects.filter(code=options["tenant"]))
            if not tenants:
                raise CommandError(
                    _("There is no site with the code “%(code)s”.") % {"code": options["tenant"]}
                )
        done: dict[str, Led] = {}
        for tenant in tenants:
            with tenant_scope(tenant):
                done[tenant.code] = lead_links(actor=None, tenant=tenant)
        if options["json"]:
            self.stdout.write(json.dumps({code: led.as_json() for code, led in done.items()}))
            return
        for code, led in done.items():
            self.stdout.write(
                _(
                    "%(code)s: %(pages)d pages with links; %(links)d links led to their new places, "
                    "%(left_to_editors)d changed pages left to their editors, %(dead)d links lead nowhere"
                )
                % {"code": code, **led.as_json()}
            )
