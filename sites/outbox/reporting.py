"""Management commands that check or report something: readable lines, or one JSON object as last line."""

import json
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


@dataclass(frozen=True, slots=True)
class Report:
    """``holds``: what the command checks is true; decides the exit status, 0 or 1.

    ``figures``: what ``--json`` prints besides. ``lines``: what a person reads.
    """

    holds: bool
    figures: Mapping[str, Any]
    lines: Iterable[str] = field(default=())


class ReportingCommand(BaseCommand):
    """Base of such commands."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object as the last line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = self.report(**options)
        if options["json"]:
            figures = {"holds": report.holds, **report.figures}
            self.stdout.write(json.dumps(figures, ensure_ascii=False, sort_keys=True))
        else:
            for line in report.lines:
                self.stdout.write(line)
        if not report.holds:
            raise SystemExit(1)

    @abstractmethod
    def report(self, **options: Any) -> Report:
        """Do the work."""
