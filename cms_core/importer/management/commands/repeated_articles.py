"""``manage.py repeated_articles``: texts that several merged sites published, with a proposed owner."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from cms_core.importer.repeats import repeated_texts
from cms_core.importer.wording import OWNER_WORDS


class Command(BaseCommand):
    help = (
        "List texts that several merged sites published, each with the site that should own it. "
        "Reads only: what becomes of a copy is for its site to decide."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """--json."""
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the groups."""
        groups = list(repeated_texts())
        if options["json"]:
            self.stdout.write(
                json.dumps({"groups": [group.as_json() for group in groups]}, ensure_ascii=False)
            )
            return
        for group in groups:
            self.stdout.write(
                _("“%(title)s” in %(number)d sites; proposed owner: %(owner)s (%(reason)s)")
                % {
                    "title": group.title,
                    "number": group.sites,
                    "owner": group.proposal.owner.tenant_code,
                    "reason": OWNER_WORDS[group.proposal.reason],
                }
            )
            for copy in group.copies:
                self.stdout.write(f"  {copy.tenant_code}: {copy.address or copy.page_id}")
        self.stdout.write(_("%(number)d texts stand in several sites.") % {"number": len(groups)})
