"""``manage.py sweep_outbox``: wake the worker for what is due, clear what is done."""

import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from sites.outbox.reporting import Report, ReportingCommand
from sites.outbox.sweep import SweepReport, sweep_outbox

SECONDS_BETWEEN = 5


class Command(ReportingCommand):
    help = (
        "Wake the worker for due events and jobs of every site, and delete what was delivered. "
        "Exit status 1 when an event or job needs a person or the broker does not answer."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--once", action="store_true", help="sweep once instead of for ever")

    def report(self, **options: Any) -> Report:
        found = sweep_outbox()
        while not options["once"]:
            try:
                time.sleep(SECONDS_BETWEEN)
            except KeyboardInterrupt:
                break
            found = sweep_outbox()
        return Report(found.is_clean, asdict(found), list(_lines(found)))


def _lines(found: SweepReport) -> list[str]:
    return [
        f"due: {found.due_events} events, {found.due_jobs} jobs",
        f"wake-ups: {found.wake_ups_sent} sent, {found.wake_ups_failed} not",
        f"need a person: {found.stuck_events} events, {found.failed_jobs} jobs",
        f"deleted: {found.purged_events} events, {found.purged_messages} broker messages",
    ]
