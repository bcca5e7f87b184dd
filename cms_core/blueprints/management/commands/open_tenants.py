"""``manage.py open_tenants FILE``: open the sites of a list from their blueprints."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms_core.blueprints.list_services import (
    LineResult,
    ListResult,
    OpeningInterrupted,
    Outcome,
    open_list,
    preview_list,
)
from cms_core.blueprints.opening_list import read_list

_WORDS = {
    Outcome.OPENED: "opened",
    Outcome.STANDS: "stands already",
    Outcome.DIFFERS: "stands and differs, left as it is",
    Outcome.REFUSED: "refused",
}


class Command(BaseCommand):
    help = (
        "Open the sites of a list (CSV or TOML), each all or nothing. What stands is skipped, so that "
        "the same list can be run again. Exit status 1 when a line was refused or differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV (UTF-8 or GBK) or TOML; see the how-to")
        parser.add_argument("--dry-run", action="store_true", help="check everything, open nothing")
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        found = read_list(content, path.name)
        unread = [str(finding) for finding in found.findings]
        if options["dry_run"]:
            result = preview_list(found.sites)
        elif unread:
            # A list that was read in part would be opened in part, and nobody meant that.
            result = ListResult()
        else:
            result = self._open(found.sites, quiet=options["json"])
        self._tell(result, unread, options)

    def _open(self, sites: Any, *, quiet: bool) -> ListResult:
        done = 0

        def report(results: Sequence[LineResult]) -> None:
            nonlocal done
            done += len(results)
            if not quiet:
                self.stdout.write(f"  {done}/{len(sites)}")

        try:
            return open_list(actor=None, sites=sites, report=report)
        except OpeningInterrupted as error:
            raise CommandError(str(error)) from error

    def _tell(self, result: ListResult, unread: list[str], options: dict[str, Any]) -> None:
        counts = {outcome.value: result.count(outcome) for outcome in Outcome}
        is_wrong = bool(unread or counts["refused"] or counts["differs"])
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {
                        "dry_run": options["dry_run"],
                        "counts": counts,
                        "errors": unread,
                        "sites": [
                            {
                                "line": line.line,
                                "code": line.code,
                                "outcome": line.outcome.value,
                                "url": line.url or None,
                                "texts": list(line.texts),
                            }
                            for line in result.lines
                        ],
                    },
                    ensure_ascii=False,
                )
            )
        else:
            for text in unread:
                self.stderr.write(text)
            for line in result.lines:
                words = _WORDS[line.outcome]
                if options["dry_run"] and line.outcome is Outcome.OPENED:
                    words = "can be opened"
                told = "; ".join(line.texts) or line.url
                self.stdout.write(f"line {line.line} {line.code}: {words}. {told}")
            self.stdout.write(", ".join(f"{count} {name}" for name, count in counts.items()))
        if is_wrong:
            raise CommandError(
                "Nothing was opened: correct the list and run it again."
                if unread and not options["dry_run"]
                else "Some lines were not opened: see above. The others need not be taken out of the list."
            )
