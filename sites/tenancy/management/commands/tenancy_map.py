"""``manage.py tenancy_map``: every installed model and how it is seen."""

import json
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser

from sites.tenancy.exceptions import VisibilityUndeclared
from sites.tenancy.visibility import visibility_map


class Command(BaseCommand):
    help = "Print the kind of visibility of every installed model. Exit 1 when one is undeclared."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object as the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = []
        undeclared = 0
        for model in apps.get_models(include_auto_created=True):
            try:
                visibility = visibility_map.of(model)
            except VisibilityUndeclared:
                visibility = None
            if visibility is None:
                undeclared += 1
            kind = visibility.kind.value if visibility else "undeclared"
            rows.append((kind, model._meta.label, visibility.detail if visibility else ""))
        rows.sort()
        if options["json"]:
            models = {label: {"visibility": kind, "detail": detail} for kind, label, detail in rows}
            self.stdout.write(
                json.dumps({"models": models, "undeclared": undeclared}, ensure_ascii=False)
            )
        else:
            width = max(len(label) for _kind, label, _detail in rows)
            for kind, label, detail in rows:
                self.stdout.write(f"{kind:<11} {label:<{width}}  {detail}")
            self.stdout.write(f"{len(rows)} models, {undeclared} undeclared")
        if undeclared:
            raise SystemExit(1)
