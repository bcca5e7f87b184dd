"""``manage.py import_site SOURCE --tenant CODE``: merges one old site into a tenant."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cms_core.importer.enums import FindingCode, Outcome, RecordKind
from cms_core.importer.exceptions import ImportFailed
from cms_core.importer.services import ImportResult, import_site
from cms_core.importer.sources import digest_of_file, open_source
from sites.tenancy.models import Tenant
from sites.tenancy.scope import tenant_scope


class Command(BaseCommand):
    """Prints a report; exit status 0 means that every row of the source has an account."""

    help = "Merge one site of an old system into a tenant: sections, articles, old addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """SOURCE, --tenant, and how to run."""
        parser.add_argument("source", type=Path, help="dump file of the old system (MySQL text)")
        parser.add_argument("--tenant", required=True, help="code of the tenant to import into")
        parser.add_argument(
            "--site-code", default="", help="site of the dump, when it holds several"
        )
        parser.add_argument("--user", default="", help="user name the imported pages belong to")
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
        parser.add_argument(
            "--json", action="store_true", help="print the report as one JSON object"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the import and prints its report."""
        try:
            result = self._import(options)
        except ImportFailed as error:
            if options["json"]:
                self.stdout.write(
                    json.dumps({"ok": False, "error": str(error)}, ensure_ascii=False)
                )
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(self._as_json(result, options), ensure_ascii=False))
        else:
            self._print(result, dry_run=options["dry_run"])

    def _import(self, options: dict[str, Any]) -> ImportResult:
        tenant = Tenant.objects.filter(code=options["tenant"]).first()
        if tenant is None:
            raise ImportFailed(
                _("There is no site with the code “%(code)s”. Open it first.")
                % {"code": options["tenant"]}
            )
        path: Path = options["source"]
        with closing(open_source(path)) as source, tenant_scope(tenant):
            return import_site(
                actor=self._actor(options["user"]),
                tenant=tenant,
                source=source,
                source_digest=digest_of_file(path),
                site_code=options["site_code"],
                dry_run=options["dry_run"],
                progress=self._progress if options["verbosity"] > 1 else None,
            )

    def _actor(self, name: str) -> Any:
        if not name:
            return None
        user_model = get_user_model()
        actor = user_model._default_manager.filter(**{user_model.USERNAME_FIELD: name}).first()
        if actor is None:
            raise ImportFailed(_("Nobody called “%(name)s” works in this site.") % {"name": name})
        return actor

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(_("%(done)d of %(total)d articles") % {"done": done, "total": total})

    def _as_json(self, result: ImportResult, options: dict[str, Any]) -> dict[str, object]:
        return {
            "ok": True,
            "tenant": options["tenant"],
            "source": result.source_name,
            "run": result.run_id,
            "dry_run": options["dry_run"],
            **result.report.as_json(),
        }

    def _print(self, result: ImportResult, *, dry_run: bool) -> None:
        report = result.report
        self.stdout.write(
            _("%(source)s: %(sections)d columns, %(articles)d articles in the source")
            % {
                "source": result.source_name,
                "sections": result.site.sections,
                "articles": result.site.articles,
            }
        )
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        for kind in RecordKind:
            counts = ", ".join(
                f"{outcome.label} {report.counts[kind][outcome]}" for outcome in Outcome
            )
            self.stdout.write(f"{kind.label}: {counts}")
        for code, number in report.findings.most_common():
            self.stdout.write(f"  {FindingCode(code).label}: {number}")
        for outcome in (Outcome.LOST, Outcome.REPAIRED, Outcome.SKIPPED):
            for entry in report.listed:
                if entry.outcome == outcome:
                    reason = "; ".join(entry.reasons)
                    self.stdout.write(
                        f"{outcome.label} {entry.kind.label} {entry.source_key} “{entry.title}”: {reason}"
                    )
        for group in report.repeated:
            self.stdout.write(
                _("repeated: %(owner)s “%(title)s” also as %(copies)s")
                % {**group, "copies": ", ".join(map(str, group["copies"]))}  # type: ignore[call-overload]
            )
        for row in report.personal_data:
            self.stdout.write(
                _("to be reviewed for personal data: %(source_key)s “%(title)s”") % row
            )
