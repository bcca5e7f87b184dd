"""``manage.py verify_audit``: was the audit trail touched behind the platform's back?"""

from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from sites.audit.verification import verify
from sites.outbox.reporting import Report, ReportingCommand


class Command(ReportingCommand):
    help = (
        "Check every chain of audit events against its events, its signed head and the copies "
        "outside the database. Exit status 1 when a row was changed, removed or added."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--unsealed-after",
            type=int,
            default=60,
            metavar="SECONDS",
            help="an event this old must have its place in the chain (60)",
        )

    def report(self, **options: Any) -> Report:
        found = verify(unsealed_after_seconds=options["unsealed_after"])
        lines = [
            f"{problem.code}: chain {problem.chain}, {problem.place}" for problem in found.problems
        ]
        if found.problem_count > len(found.problems):
            lines.append(f"and {found.problem_count - len(found.problems)} more")
        lines.append(
            f"{found.chains} chains, {found.links} links, {found.copies} copied heads: "
            f"{found.problem_count} problems"
        )
        figures = {
            "chains": found.chains,
            "links": found.links,
            "copies": found.copies,
            "problem_count": found.problem_count,
            "problems": [asdict(problem) for problem in found.problems],
        }
        return Report(found.holds, figures, lines)
