"""``manage.py run_in_tenants COMMAND``: Wagtail's maintenance, tenant by tenant."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from sites.outbox.reporting import Report, ReportingCommand
from sites.outbox.tenant_commands import TENANT_COMMANDS, run_in_tenants
from sites.tenancy.models import Tenant


class Command(ReportingCommand):
    help = "Run one of Wagtail's commands inside the scope of every site, or of the named ones."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", choices=sorted(TENANT_COMMANDS))
        parser.add_argument(
            "--tenant", action="append", metavar="CODE", help="this site only; may be repeated"
        )

    def report(self, **options: Any) -> Report:
        tenants = Tenant.objects.order_by("pk")
        if options["tenant"] is not None:
            tenants = tenants.filter(code__in=options["tenant"])
            unknown = set(options["tenant"]) - set(tenants.values_list("code", flat=True))
            if unknown:
                raise CommandError(f"no such site: {', '.join(sorted(unknown))}")
        count = run_in_tenants(options["name"], tenants)
        return Report(True, {"tenants": count}, [f"{options['name']}: {count} sites"])
