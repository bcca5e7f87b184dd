"""The two tenants of the probe, opened and furnished through the services of the apps."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps

from sites.registry.isolation import IsolationCases, Resident, isolation_cases
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, tenant_scope

#: In every text of both tenants: what is searched for.
NEEDLE = "isolationneedle"
ADMINISTRATOR = "site_administrator"


class ProbeIncomplete(RuntimeError):
    """The probe cannot say anything: a capability is missing or a model has no rows to look for."""


@dataclass(frozen=True, slots=True)
class Canaries:
    """``own``: whose people the probe plays. ``other``: whose rows must stay unseen."""

    own: Resident
    other: Resident


def cases_in_order() -> Iterator[tuple[str, IsolationCases]]:
    """The cases of the installed apps, lowest layer first."""
    for config in apps.get_app_configs():
        cases = isolation_cases.find(config.label)
        if cases is not None:
            yield config.label, cases


def make_canaries() -> Canaries:
    """Open both tenants, the first as the portal of the second, and let the apps fill them.

    :raises ProbeIncomplete: no app offers to open tenants.
    """
    opener = next((c.open_tenant for _label, c in cases_in_order() if c.open_tenant), None)
    if opener is None:
        raise ProbeIncomplete("no app offers open_tenant in its isolation_cases.py")
    run = secrets.token_hex(3)
    own = _resident(opener, f"probe-{run}-own", None, is_own=True)
    other = _resident(opener, f"probe-{run}-other", own.tenant, is_own=False)
    for resident in (other, own):
        _furnish(resident)
    return Canaries(own, other)


def _word() -> str:
    # Letters only, no hyphen: it survives slugs, file names, mail addresses and every escaping.
    return "zq" + "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(14))


def _resident(opener: object, code: str, parent: Tenant | None, *, is_own: bool) -> Resident:
    word, public_word = _word(), _word()
    host = f"{code}.probe.invalid"
    tenant = opener(code, f"{code} {public_word}", host, parent)  # type: ignore[operator]
    resident = Resident(tenant, host, word, public_word, NEEDLE, is_own)
    resident.note("tenant", tenant)
    resident.note("site", tenant.site_id)
    resident.ids["tenant_code"] = [code]
    return resident


def _furnish(resident: Resident) -> None:
    in_order = [cases for _label, cases in cases_in_order() if cases.furnish]
    for cases in sorted(in_order, key=lambda c: not c.furnishes_as_platform):
        scope = (
            opening_scope(resident.tenant, "isolation probe: furnishing a tenant")
            if cases.furnishes_as_platform
            else tenant_scope(resident.tenant, resident.people[ADMINISTRATOR])
        )
        with scope:
            cases.furnish(resident)  # type: ignore[misc]


def unfurnished_reasons() -> dict[str, str]:
    """Label of a model without rows in the probe → why, from all apps."""
    return {
        label: why for _app, cases in cases_in_order() for label, why in cases.unfurnished.items()
    }
