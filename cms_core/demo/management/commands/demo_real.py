"""``manage.py demo_real``: real old sites merged on this machine, and served."""

import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from cms_core.demo.management.commands.demo import Command as DemoCommand
from cms_core.demo.processes import answers, demo_services, run_together
from cms_core.demo.real import (
    Merged,
    create_real_accounts,
    declared_sources,
    lead_all_links,
    merge_real_sites,
    missing_data,
)
from cms_core.importer.enums import Outcome, RecordKind
from cms_core.importer.site_groups import Counts, SiteOutcome, total_counts

#: Where the data lies unless REAL_DATA_DIR says otherwise: beside the repository.
DEFAULT_FOLDER = Path("..") / "shared" / "data"


class Command(DemoCommand):
    help = (
        "Merge the real old sites of REAL_DATA_DIR, print the counts, and serve them until Ctrl-C."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--data",
            type=Path,
            default=os.environ.get("REAL_DATA_DIR") or settings.BASE_DIR / DEFAULT_FOLDER,
            help="folder with the data (REAL_DATA_DIR, else ../shared/data)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["data"]).resolve()
        missing = missing_data(folder)
        if len(missing) == len(declared_sources()):
            self.stdout.write(
                f"There is no data of real old sites in {folder}: nothing to merge, nothing was changed. "
                "Set REAL_DATA_DIR to the folder that holds legacy_site_group, legacy_jspxcms and county_portal."
            )
            return
        port: int = options["port"]
        if port != settings.PORT:
            raise CommandError(
                "Set the port by the variable PORT: addresses on the pages carry it too."
            )
        if settings.JIYUE_ENV == "production":
            raise CommandError("The trial merge is never made in production.")
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        if not options["seed_only"]:
            self._require_free(port)
        self._migrate()
        for path in missing:
            self.stdout.write(f"{path}: not there, left out")
        began = time.monotonic()
        failed = self._merge(folder)
        accounts = create_real_accounts()
        self.stdout.write(f"Merged in {time.monotonic() - began:.1f} s.")
        self.stdout.write("")
        self.stdout.write(f"  Portal           http://localhost:{port}/")
        self.stdout.write(f"  A sub-site       http://gov1.localhost:{port}/")
        self.stdout.write(f"  Administration   http://{settings.ADMIN_HOST}:{port}/")
        self.stdout.write("")
        for account in accounts:
            self.stdout.write(
                f"  {account.username:<18} {account.password:<18} {account.role}  {account.place}"
            )
        if failed:
            raise CommandError(f"Not merged: {'; '.join(failed)}")
        if not options["seed_only"]:
            status = run_together(
                demo_services(port, str(settings.DATA_DIR)),
                {"PORT": str(port)},
                first_is_ready=lambda: answers(port),
                on_ready=lambda: self._say("Ready. Ctrl-C ends everything."),
            )
            if status:
                raise SystemExit(status)

    def _merge(self, folder: Path) -> list[str]:
        """Merges everything and prints what became of it; the sites that failed."""
        failed = []
        outcomes: list[SiteOutcome] = []
        for merged in merge_real_sites(folder):
            self._print_merged(merged)
            outcomes.extend(merged.outcomes)
            if merged.error:
                failed.append(f"{merged.source.path}: {merged.error}")
            failed.extend(f"{row.site.code}: {row.error}" for row in merged.outcomes if row.error)
        self.stdout.write(f"{len(outcomes)} sites together:")
        self._print_counts(total_counts(outcomes))
        led = lead_all_links()
        self.stdout.write(
            f"Links between merged pages: {led.links} led to their new places on {led.pages} pages with "
            f"links, {led.left_to_editors} pages left to their editors, {led.dead} links lead nowhere"
        )
        return failed

    def _print_merged(self, merged: Merged) -> None:
        done_before = sum(1 for row in merged.outcomes if row.done_before)
        sites = len(merged.outcomes)
        again = f", {done_before} of them done before" if done_before else ""
        words = "site" if sites == 1 else "sites"
        self.stdout.write(f"{merged.source.path}: {sites} {words}{again}, {merged.seconds:.1f} s")
        if merged.error:
            self.stdout.write(f"  {merged.error}")
        self._print_counts(total_counts(merged.outcomes))
        for outcome in merged.outcomes:
            for note in outcome.notes if outcome.opened else ():
                self.stdout.write(f"  {outcome.tenant_code}: {note}")
            for line in outcome.report.differing() if outcome.report is not None else ():
                self.stdout.write(f"  {outcome.tenant_code}: {line}")
        self.stdout.flush()

    def _print_counts(self, counts: Counts) -> None:
        for kind in RecordKind:
            numbers = ", ".join(f"{o.value} {counts[kind.value][o.value]}" for o in Outcome)
            self.stdout.write(f"  {kind.value:<12} {numbers}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
