"""The hands of the probe: asks as somebody, compares the other tenant's rows, and writes findings down."""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import transaction
from wagtail.models import Revision

from sites.registry.isolation import Mount, Resident, Try
from sites.tenancy.exceptions import CrossTenantWrite, TenantScopeMissing
from sites.tenancy.scope import tenant_scope

from .canaries import Canaries
from .digest import Holdings
from .forms import post_forms
from .report import Report, ServerError
from .traces import Received, trace_of, without_echo
from .visitor import Visitor, undone, written_tables

#: What stops a foreign write: the guard, a row that is not there, a form or right that refuses.
REFUSALS = (
    CrossTenantWrite,
    TenantScopeMissing,
    ObjectDoesNotExist,
    PermissionDenied,
    ValidationError,
)


class ProbeLaboratory:
    """See :class:`sites.registry.isolation.Laboratory`."""

    def __init__(
        self,
        canaries: Canaries,
        mounts: dict[str, Mount],
        holdings: Holdings,
        report: Report,
        visitors: dict[str, Visitor],
    ) -> None:
        self.own: Resident = canaries.own
        self.other: Resident = canaries.other
        self.mounts = mounts
        self.holdings = holdings
        self.report = report
        self.visitors = visitors

    def ask(self, role: str, attempt: Try) -> Received:
        visitor = self.visitors[role]
        host, path = visitor.address(attempt)
        host = attempt.headers.get("Host", host)
        self.report.count(role, attempt.surface)
        self.report.urls[role].add(f"{host}{path}")
        with visitor.asking(attempt) as received:
            changed = self.holdings.changed(received.written) if received.written else []
            if Revision._meta.db_table in received.written:
                changed += self.holdings.named_in_new_drafts()
        method = attempt.method or ("GET" if attempt.data is None else "POST")
        where = f"{method} {host}{path}"
        if changed:
            self.report.leak(role, attempt.surface, where, f"changed {', '.join(changed)}")
        self._read(role, attempt, received, where, path)
        return received

    def _read(self, role: str, attempt: Try, received: Received, where: str, path: str) -> None:
        mount = self.mounts[attempt.place]
        asked = path + " " + _sent(attempt)
        at_home = attempt.whose == "other" and mount.host == "public"
        gathers = bool(mount.gathers and re.search(mount.gathers, path))
        trace = trace_of(
            received, self.other, asked=asked, public_too=not (at_home or gathers), at_home=at_home
        )
        if trace:
            self.report.leak(role, attempt.surface, where, f"{received.status} shows {trace}")
        if received.status >= 500:
            last = received.error.strip().splitlines()[-1:] or ["no exception"]
            self.report.errors.append(ServerError(role, where, f"{received.status} {last[0]}"))
        if attempt.whose == "own" and received.status == 200 and self._shows_own(received, asked):
            self.report.own_pages[role].add(path)
        elif attempt.is_own and role and received.status not in {302, 403}:
            self.report.missing.append(f"own data at {where} for {role} ({received.status})")

    def _shows_own(self, received: Received, asked: str) -> bool:
        words = (self.own.word, self.own.public_word)
        text = received.text
        if not any(word in text for word in words):
            return False
        text = without_echo(text, asked)
        return any(word in text for word in words)

    def form(self, role: str, attempt: Try) -> dict[str, Any]:
        received = self.ask(role, attempt)
        found = post_forms(received.body)
        if received.status != 200 or not found:
            return {}
        largest = max(found, key=lambda form: len(form.fields))
        return {
            name: values[0] if len(values) == 1 else values
            for name, values in largest.fields.items()
            if values
        }

    def inside(self, resident: Resident, role: str = "") -> Any:
        return tenant_scope(resident.tenant, resident.people[role] if role else None)

    def expect(self, surface: str, holds: bool, what: str) -> None:
        self.report.count("code", surface)
        if not holds:
            self.report.leak("code", surface, "code", what)

    def expect_refusal(self, surface: str, action: Callable[[], Any], what: str) -> None:
        self.report.count("code", surface)
        done = False
        changed: list[str] = []
        with undone():
            try:
                # What a refused action wrote went back with its savepoint: its tables are compared
                # all the same, and only they, for a fingerprint of every table takes half a second.
                with written_tables() as tables, transaction.atomic():
                    action()
                done = True
            except REFUSALS:
                pass
            changed = self.holdings.changed(tables)
        if done or changed:
            self.report.leak("code", surface, "code", f"{what} {', '.join(changed)}".strip())

    def expect_clean(self, surface: str, value: Any, what: str) -> None:
        self.report.count("code", surface)
        if self.other.word in str(value).lower():
            self.report.leak("code", surface, "code", f"{what} shows the other tenant's word")


def _sent(attempt: Try) -> str:
    """What a request said beside its address, for telling an echo from a leak."""
    if attempt.data is None:
        return ""
    if isinstance(attempt.data, str):
        return attempt.data
    return " ".join(str(value) for value in attempt.data.values())
