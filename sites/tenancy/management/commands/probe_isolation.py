"""``manage.py probe_isolation``: try everything that one tenant's people could do to another tenant."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sites.tenancy.isolation.canaries import ProbeIncomplete
from sites.tenancy.isolation.probe import ROLES, ProbeOptions, run_probe
from sites.tenancy.isolation.report import Report


class Command(BaseCommand):
    help = (
        "Open two tenants full of content inside a transaction, act as people of the first against "
        "the second, and undo it all. Exit 1 when anything leaked, failed or was left untried."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
        parser.add_argument(
            "--keep",
            action="store_true",
            help="commit the two tenants, to look at them; never in production",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] and settings.JIYUE_ENV == "production":
            raise CommandError("--keep would leave two tenants in a production database")
        say = self.stderr.write if options["json"] else self.stdout.write
        try:
            report = run_probe(ProbeOptions(keep=options["keep"]), say=say)
        except ProbeIncomplete as error:
            raise CommandError(str(error)) from error
        shortfalls = report.shortfalls(ROLES)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(ROLES), ensure_ascii=False))
        else:
            self._print(report, shortfalls)
        if report.leaks or report.errors or shortfalls:
            raise SystemExit(1)

    def _print(self, report: Report, shortfalls: list[str]) -> None:
        width = max(len(name) for name in report.by_surface())
        for name, number in report.by_surface().items():
            self.stdout.write(f"  {name:<{width}}  {number:>6} tries")
        for role in ROLES:
            name = role or "anonymous"
            self.stdout.write(
                f"  {name:<{width}}  {report.by_role().get(name, 0):>6} tries, "
                f"{len(report.urls[role])} addresses, {len(report.own_pages[role])} own pages"
            )
        for title, lines in (
            ("LEAK", report.leaks),
            ("SERVER ERROR", report.errors),
            ("fails with garbage too", report.excused),
            ("TOO LITTLE", shortfalls),
        ):
            for line in lines:
                self.stdout.write(f"{title}: {line}")
        self.stdout.write(
            f"{report.tried} tries in {report.seconds:.0f} s ({report.cpu_seconds:.0f} s of this process) "
            f"on {report.database}: "
            f"{len(report.leaks)} leaks, {len(report.errors)} server errors"
        )
