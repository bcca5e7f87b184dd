"""``manage.py seal_audit``: what the sealer task does every second, now."""

from typing import Any

from sites.audit.head_copies import copy_heads
from sites.audit.sealing import seal_pending
from sites.outbox.reporting import Report, ReportingCommand


class Command(ReportingCommand):
    help = (
        "Seal every committed audit event and copy the signed heads outside the database. "
        "Exit status 1 when an event was refused."
    )

    def report(self, **options: Any) -> Report:
        sealed = seal_pending()
        copied = copy_heads()
        figures = {"sealed": sealed.sealed, "refused": sealed.refused, "heads_copied": copied}
        return Report(
            sealed.refused == 0,
            figures,
            [f"sealed {sealed.sealed}, refused {sealed.refused}, heads copied {copied}"],
        )
