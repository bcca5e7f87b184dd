"""``manage.py crawl_site URL FOLDER``: copies the pages of an old site, for ``import_site FOLDER``."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms_core.importer.crawling.crawl import MOST_PAGES, PAUSE_SECONDS, Crawl
from cms_core.importer.crawling.enums import CrawlOutcome
from cms_core.importer.crawling.fetcher import GuardedFetcher
from cms_core.importer.crawling.wagtail_api import WagtailCopy
from cms_core.importer.exceptions import ImportFailed


class Command(BaseCommand):
    """Prints how many addresses ended how; the same command goes on where an earlier one stopped."""

    help = "Copy the pages of an old site into a folder, politely; then import the folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """URL, FOLDER, and limits."""
        parser.add_argument("url", help="home page of the old site, or a folder of it ending in /")
        parser.add_argument("folder", type=Path, help="where the copy goes; made if needed")
        parser.add_argument(
            "--most-pages", type=int, default=MOST_PAGES, help="stop after so many pages"
        )
        parser.add_argument(
            "--pause", type=float, default=PAUSE_SECONDS, help="seconds between two requests"
        )
        parser.add_argument(
            "--wagtail",
            action="store_true",
            help="URL is another Wagtail's API: https://host/api/v2/",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Copies the site and prints the counts."""
        fetcher = GuardedFetcher(allowed=settings.IMPORT_NETWORKS)
        limits: dict[str, Any] = {
            "start": options["url"],
            "folder": options["folder"],
            "fetcher": fetcher,
            "most_pages": options["most_pages"],
            "pause": options["pause"],
            "progress": self._progress if options["verbosity"] > 1 else None,
        }
        try:
            with closing(fetcher):
                counts = self._counts(limits, wagtail=options["wagtail"])
        except ImportFailed as error:
            if options["json"]:
                self.stdout.write(
                    json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False)
                )
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"ok": True, "counts": counts}, ensure_ascii=False))
            return
        for outcome in CrawlOutcome:
            if counts.get(outcome):
                self.stdout.write(f"{outcome.label}: {counts[outcome]}")
        self.stdout.write(
            _("Next: manage.py import_site %(folder)s --tenant CODE --dry-run")
            % {"folder": options["folder"]}
        )

    def _counts(self, limits: dict[str, Any], *, wagtail: bool) -> dict[str, int]:
        if wagtail:
            return {CrawlOutcome.KEPT.value: WagtailCopy(**limits).run()}
        return dict(Crawl(**limits).run())

    def _progress(self, done: int, known: int) -> None:
        self.stderr.write(
            _("%(done)d of %(known)d known addresses") % {"done": done, "known": known}
        )
