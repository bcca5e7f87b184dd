"""``manage.py join_theme_css``: write the style sheet each theme serves from its parts."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from themes.manifest import THEMES, joined_stylesheet, stylesheet_path


class Command(BaseCommand):
    """Join the parts; with ``--check`` write nothing and fail when a file is out of date."""

    help = "Join the style sheet parts of every theme into the file its pages link."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; exit with 1 when a joined file is out of date.",
        )
        parser.add_argument(
            "--json", action="store_true", help="Print one JSON object as the last line."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stale: list[str] = []
        sizes: dict[str, int] = {}
        for code, theme in THEMES.items():
            path = stylesheet_path(theme)
            joined = joined_stylesheet(theme)
            sizes[code] = len(joined.encode())
            if not path.exists() or path.read_text(encoding="utf-8") != joined:
                stale.append(code)
                if not options["check"]:
                    path.write_text(joined, encoding="utf-8")
        if options["json"]:
            self.stdout.write(json.dumps({"bytes": sizes, "changed": stale}))
        else:
            for code, size in sizes.items():
                state = "out of date" if code in stale and options["check"] else "up to date"
                self.stdout.write(f"{code}: {size} bytes, {state}")
        if stale and options["check"]:
            raise CommandError(f"Out of date: {', '.join(stale)}. Run manage.py join_theme_css.")
