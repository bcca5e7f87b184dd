"""``manage.py repeated_articles``: texts that several merged sites published, with a proposed owner."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms_core.importer.repeats import repeated_texts
from cms_core.importer.repeats_rules import OwnerReason

_WORDS = {
    OwnerReason.NAMED: gettext_lazy("named as the source"),
    OwnerReason.FIRST: gettext_lazy("published it first"),
    OwnerReason.ONLY_DATED: gettext_lazy("the only one with a date"),
    OwnerReason.NONE: gettext_lazy("nothing speaks for one of them"),
}


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
                    "number": len({copy.tenant_code for copy in group.copies}),
                    "owner": group.proposal.owner.tenant_code,
                    "reason": _WORDS[group.proposal.reason],
                }
            )
            for copy in group.copies:
                self.stdout.write(f"  {copy.tenant_code}: {copy.address or copy.page_id}")
        self.stdout.write(_("%(number)d texts stand in several sites.") % {"number": len(groups)})
