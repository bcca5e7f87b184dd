"""Hosts, code without a scope, threads, streams, async views and caches for the isolation probe."""

from django.conf import settings

from sites.registry.isolation import (
    IsolationCases,
    Resident,
    Try,
    register_isolation_cases,
)

from .isolation import code_tries

#: Host headers that no address names, or that pretend.
_HOSTS = (
    "nobody.invalid",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "{own}.",
    "x.{other}",
    "{other}.evil.invalid",
)


def tries(own: Resident, other: Resident) -> list[Try]:
    """Unknown and misleading hosts; the administration asked by another name."""
    found = []
    for pattern in _HOSTS:
        host = pattern.format(own=own.host, other=other.host)
        for path in ("", other.values["live_path"], other.values["draft_path"], "api/v2/pages/"):
            found.append(Try("unknown host", "public", path, headers={"Host": host}))
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL"):
        value = f"host={other.host}" if name == "Forwarded" else other.host
        found.append(Try("unknown host", "public", "api/v2/pages/", headers={name: value}))
        found.append(Try("unknown host", "tenant_admin", "pages/", headers={name: value}))
    private = other.values["draft_path"]
    found += [
        Try("unknown host", "public", path, headers={"Host": settings.ADMIN_HOST})
        for path in (
            f"t/{other.tenant.code}/",
            f"t/{other.tenant.code}/pages/",
            f"T/{other.tenant.code}/",
            private,
        )
    ]
    first = other.first("page")
    found += [
        Try("another tenant's administration", "platform", path)
        for path in (
            f"t/{other.tenant.code}",
            f"t/{other.tenant.code}/../{own.tenant.code}/pages/{first}/edit/",
            f"t/{own.tenant.code}/../{other.tenant.code}/",
            f"t/{own.tenant.code}/t/{other.tenant.code}/",
            f"t/{own.tenant.code}//pages/{first}/edit/",
            f"t/%2e%2e/{other.tenant.code}/",
        )
    ]
    return found


register_isolation_cases(
    "sites_tenancy",
    IsolationCases(
        tries=tries,
        checks=code_tries.CHECKS,
        unfurnished={
            "sites_tenancy.Canary": "the boot proof's own pair; the probe's tenants have none",
            "sites_tenancy.OwnGroup": "made by the platform with the roles",
        },
    ),
)
