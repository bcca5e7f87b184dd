"""``manage.py import_site SOURCE``: merges one old site, or each site of a source, into tenants."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms_core.blueprints.services import KIND_OF_BLUEPRINT
from cms_core.importer.enums import FindingCode, Outcome, PersonalData, RecordKind
from cms_core.importer.exceptions import ImportFailed
from cms_core.importer.openings import (
    DEFAULT_BLUEPRINT,
    DEFAULT_CHANNEL,
    OpeningPlan,
    beside_administration,
)
from cms_core.importer.order_report import held_back
from cms_core.importer.report import Entry, Report
from cms_core.importer.services import choose_site
from cms_core.importer.site_groups import (
    Counts,
    SiteOutcome,
    import_each_site,
    import_into,
    total_counts,
)
from cms_core.importer.sources import Source, digest_of_source, open_source

#: Rows printed for people of each kind and outcome; all of them are in the JSON and in the run's report.
LISTED_ROWS = 100


class Command(BaseCommand):
    """Prints a report; exit status 0 means that every row of the source has an account."""

    help = "Merge old sites into tenants: sections, articles, old addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """SOURCE, where to, how missing sites are opened, and how to run."""
        parser.add_argument("source", type=Path, help="dump or other source of the old system")
        parser.add_argument(
            "--mapping",
            type=Path,
            metavar="FILE",
            help="TOML file that says which table and column of an unknown system means what",
        )
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--tenant", default="", help="code of the tenant to import into")
        where.add_argument(
            "--each-site", action="store_true", help="each site of the source into its own tenant"
        )
        parser.add_argument(
            "--site-code", default="", help="site of the source, when it holds several"
        )
        opening = parser.add_argument_group("opening of tenants that are missing")
        opening.add_argument(
            "--blueprint", default=DEFAULT_BLUEPRINT, choices=sorted(KIND_OF_BLUEPRINT)
        )
        opening.add_argument("--name", default="", help="name of the site (with --tenant)")
        opening.add_argument(
            "--names",
            type=Path,
            metavar="FILE",
            help="CSV with the columns code,name: names of the old sites (with --each-site)",
        )
        opening.add_argument(
            "--host-pattern",
            default="",
            metavar="{code}.DOMAIN",
            help="host of a new site (default: {code} beside the host of the administration)",
        )
        opening.add_argument(
            "--portal", default="", help="code of the portal whose channels the new sites become"
        )
        opening.add_argument("--channel-pattern", default=DEFAULT_CHANNEL, metavar="/bm/{code}")
        opening.add_argument(
            "--old-host",
            default="",
            metavar="HOST",
            help="host of the old group's portal: the folders that its sites had there lead to them",
        )
        opening.add_argument("--code-prefix", default="", help="put before the code of each site")
        opening.add_argument(
            "--var", action="append", default=[], metavar="NAME=VALUE", help="blueprint variable"
        )
        parser.add_argument("--user", default="", help="user name the imported pages belong to")
        parser.add_argument(
            "--personal-data",
            default=PersonalData.HOLD.value,
            choices=PersonalData.values,
            help="articles with identity or bank card numbers: kept as drafts until somebody has looked, or "
            "published as the old site did (default: %(default)s)",
        )
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
        parser.add_argument(
            "--resume",
            action="store_true",
            help="go on after a run that was killed; sites already done with this source are left out",
        )
        parser.add_argument(
            "--json", action="store_true", help="print the report as one JSON object"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the import and prints its report."""
        try:
            if options["each_site"]:
                self._each_site(options)
            else:
                self._one_site(options)
        except ImportFailed as error:
            if options["json"]:
                self._write_json({"ok": False, "error": str(error)})
            raise CommandError(str(error)) from error

    # -- one site ---------------------------------------------------------

    def _one_site(self, options: dict[str, Any]) -> None:
        path: Path = options["source"]
        with closing(open_source(path, options["mapping"])) as source:
            site = choose_site(source, options["site_code"])
            names = {site.code: options["name"]} if options["name"] else {}
            outcome = import_into(
                user_name=options["user"],
                source=source,
                source_digest=digest_of_source(path, options["mapping"]),
                site=site,
                code=options["tenant"],
                plan=self._plan(options, names),
                dry_run=options["dry_run"],
                resume=options["resume"],
                personal_data=PersonalData(options["personal_data"]),
                progress=self._progress if options["verbosity"] > 1 else None,
            )
            source_name = f"{source.shape}:{site.code}"
        if options["json"]:
            self._write_json(
                {
                    **outcome.as_json(),
                    "source": source_name,
                    "dry_run": options["dry_run"],
                    "personal_data_choice": options["personal_data"],
                }
            )
            return
        self._print_head(outcome, source_name, dry_run=options["dry_run"])
        if outcome.report is not None:
            self._print_counts(outcome.counts)
            self._print_report(outcome.report)

    # -- each site --------------------------------------------------------

    def _each_site(self, options: dict[str, Any]) -> None:
        if options["site_code"] or options["name"]:
            raise CommandError(_("--each-site takes all sites: leave out --site-code and --name."))
        path: Path = options["source"]
        outcomes = []
        with closing(open_source(path, options["mapping"])) as source:
            shape = source.shape
            for outcome in import_each_site(
                user_name=options["user"],
                source=source,
                source_digest=digest_of_source(path, options["mapping"]),
                plan=self._plan(options, self._names(options["names"], source)),
                dry_run=options["dry_run"],
                resume=options["resume"],
                personal_data=PersonalData(options["personal_data"]),
                progress=self._progress if options["verbosity"] > 1 else None,
            ):
                outcomes.append(outcome)
                if not options["json"]:
                    self._print_line(outcome, shape, dry_run=options["dry_run"])
        total = total_counts(outcomes)
        failed = [outcome for outcome in outcomes if outcome.error]
        if options["json"]:
            self._write_json(
                {
                    "ok": not failed,
                    "source": shape,
                    "dry_run": options["dry_run"],
                    "personal_data_choice": options["personal_data"],
                    "counts": total,
                    "sites": [outcome.as_json() for outcome in outcomes],
                }
            )
        else:
            self.stdout.write(_("All %(number)d sites together:") % {"number": len(outcomes)})
            self._print_counts(total)
        if failed:
            raise CommandError(
                _(
                    "%(failed)d of %(number)d sites were not merged: %(sites)s. Mend what is said about each and "
                    "start again with --resume; the others are done."
                )
                % {
                    "failed": len(failed),
                    "number": len(outcomes),
                    "sites": "; ".join(f"{row.site.code}: {row.error}" for row in failed),
                }
            )

    # -- options ----------------------------------------------------------

    def _plan(self, options: dict[str, Any], names: dict[str, str]) -> OpeningPlan:
        pairs = [entry.partition("=") for entry in options["var"]]
        if any(not separator for _name, separator, _value in pairs):
            raise CommandError(_("Write a variable as NAME=VALUE, for instance --var head=局长"))
        pattern = options["host_pattern"] or beside_administration()
        if options["each_site"] and "{code}" not in pattern:
            raise CommandError(
                _("Put {code} into --host-pattern: each site needs an address of its own.")
            )
        return OpeningPlan(
            host_pattern=pattern,
            blueprint=options["blueprint"],
            portal=options["portal"],
            old_host=options["old_host"],
            channel_pattern=options["channel_pattern"],
            code_prefix=options["code_prefix"],
            names=names,
            variables={name: value for name, _separator, value in pairs},
        )

    def _names(self, path: Path | None, source: Source) -> dict[str, str]:
        """Names by old code from a CSV file; a code the source does not have is an error."""
        if path is None:
            return {}
        try:
            rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(
                _("The list of names %(path)s cannot be read: %(why)s. Save it as CSV in UTF-8.")
                % {"path": path, "why": error}
            ) from error
        names = {row[0].strip(): row[1].strip() for row in rows if len(row) >= 2}
        names.pop("code", None)
        unknown = sorted(names.keys() - {site.code for site in source.sites()})
        if unknown:
            raise CommandError(
                _("%(path)s names sites that the source does not have: %(codes)s.")
                % {"path": path, "codes": ", ".join(unknown)}
            )
        return names

    # -- what is printed --------------------------------------------------

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(_("%(done)d of %(total)d articles") % {"done": done, "total": total})

    def _write_json(self, content: dict[str, object]) -> None:
        self.stdout.write(json.dumps(content, ensure_ascii=False))

    def _print_head(self, outcome: SiteOutcome, source_name: str, *, dry_run: bool) -> None:
        self.stdout.write(
            _("%(source)s: %(sections)d columns, %(articles)d articles in the source")
            % {
                "source": source_name,
                "sections": outcome.site.sections,
                "articles": outcome.site.articles,
            }
        )
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        if outcome.done_before:
            self.stdout.write(_("It was merged before and has not changed since; nothing to do."))
        if outcome.opened:
            words = (
                _("The site “%(code)s” (%(name)s) is missing and would be opened.")
                if dry_run
                else _("Opened the site “%(code)s” (%(name)s).")
            )
            self.stdout.write(words % {"code": outcome.tenant_code, "name": outcome.name})
        for note in outcome.notes:
            self.stdout.write(f"  {note}")

    def _print_line(self, outcome: SiteOutcome, shape: str, *, dry_run: bool) -> None:
        self._print_head(outcome, f"{shape}:{outcome.site.code}", dry_run=dry_run)
        if outcome.error:
            self.stdout.write(_("  not merged: %(why)s") % {"why": outcome.error})
        elif not outcome.done_before:
            for kind in RecordKind:
                self.stdout.write(f"  {self._counted(kind, outcome.counts)}")
            if outcome.report is not None:
                self._print_personal_data(outcome.report)
                for line in outcome.report.differing():
                    self.stdout.write(f"  {line}")

    def _print_personal_data(self, report: Report) -> None:
        counted = held_back(report.personal_data)
        public = len(report.personal_data) - counted["drafts"]
        if counted["held"]:
            self.stdout.write(
                _("  articles kept as drafts for identity or bank card numbers: %(number)d")
                % {"number": counted["held"]}
            )
        if public:
            self.stdout.write(
                _("  public articles to be reviewed for personal data: %(number)d")
                % {"number": public}
            )

    def _print_counts(self, counts: Counts) -> None:
        for kind in RecordKind:
            self.stdout.write(self._counted(kind, counts))

    def _counted(self, kind: RecordKind, counts: Counts) -> str:
        numbers = counts.get(kind.value, {})
        parts = ", ".join(f"{outcome.label} {numbers.get(outcome.value, 0)}" for outcome in Outcome)
        return f"{kind.label}: {parts}"

    def _print_report(self, report: Report) -> None:
        for line in report.differing():
            self.stdout.write(line)
        for code, number in report.findings.most_common():
            self.stdout.write(f"  {FindingCode(code).label}: {number}")
        for outcome in (Outcome.LOST, Outcome.REPAIRED, Outcome.SKIPPED):
            for kind in RecordKind:
                rows = [
                    e
                    for e in report.listed
                    if (e.outcome, e.kind) == (outcome, kind) and not (e.is_routine or e.difference)
                ]
                self._print_rows(outcome, kind, rows)
        for group in report.repeated:
            self.stdout.write(
                _("repeated: %(owner)s “%(title)s” also as %(copies)s")
                % {**group, "copies": ", ".join(map(str, group["copies"]))}  # type: ignore[call-overload]
            )
        for row in report.personal_data:
            words = (
                _("to be reviewed for personal data: %(source_key)s “%(title)s”")
                if row["is_public"]
                else _("kept as a draft for review of personal data: %(source_key)s “%(title)s”")
            )
            self.stdout.write(words % row)

    def _print_rows(self, outcome: Outcome, kind: RecordKind, rows: list[Entry]) -> None:
        for entry in rows[:LISTED_ROWS]:
            reason = "; ".join(entry.reasons)
            self.stdout.write(
                f"{outcome.label} {kind.label} {entry.source_key} “{entry.title}”: {reason}"
            )
        if len(rows) > LISTED_ROWS:
            self.stdout.write(
                _("%(outcome)s %(kind)s: %(number)d more; --json lists them all")
                % {
                    "outcome": outcome.label,
                    "kind": kind.label,
                    "number": len(rows) - LISTED_ROWS,
                }
            )
