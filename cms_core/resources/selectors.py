"""Reads of the resource library."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sites.outbox.dependencies import record_dependency
from sites.tenancy.enums import AddressKind
from sites.tenancy.models import Address, Tenant
from sites.tenancy.scope import current_tenant_id
from sites.tenancy.selectors import root_url_of

from .models import PublishedResource
from .rules import is_absolute


@dataclass(frozen=True, slots=True)
class GatheredResource:
    """One line of a list that gathers from several sites. ``url`` is absolute."""

    uuid: UUID
    kind: str
    title: str
    summary: str
    url: str
    source_name: str
    published_at: datetime
    tenant_id: int
    tenant_code: str
    tenant_name: str


@dataclass(frozen=True, slots=True)
class _GatheredSite:
    code: str
    name: str
    home_url: str


def gathered(
    *, kinds: Iterable[str], tenants: Iterable[str] | None = None, limit: int
) -> list[GatheredResource]:
    """The newest resources of the current tenant's sub-sites, newest first. Two queries.

    ``tenants``: codes of the sub-sites to gather from, ``None`` for all; others than sub-sites of
    the current tenant, and sites that are not open, contribute nothing. ``limit``: most lines.
    """
    wanted = sorted(set(kinds))
    portal_id = current_tenant_id()
    for kind in wanted:
        record_dependency(f"gathered:{portal_id}:{kind}")
    sites = _sub_sites(portal_id, tenants)
    if not sites or not wanted:
        return []
    rows = (
        PublishedResource.objects.current()
        .filter(kind__in=wanted, tenant_id__in=list(sites))
        .newest_first()
        .values_list(
            "uuid", "kind", "title", "summary", "url", "source_name", "published_at", "tenant_id"
        )[:limit]
    )
    return [
        GatheredResource(
            uuid=row[0],
            kind=row[1],
            title=row[2],
            summary=row[3],
            url=row[4] if is_absolute(row[4]) else sites[row[7]].home_url + row[4],
            source_name=row[5],
            published_at=row[6],
            tenant_id=row[7],
            tenant_code=sites[row[7]].code,
            tenant_name=sites[row[7]].name,
        )
        for row in rows
    ]


def _sub_sites(portal_id: int, codes: Iterable[str] | None) -> dict[int, _GatheredSite]:
    """Open sub-sites with an address, by tenant id. One query."""
    served = Tenant.objects.served().filter(parent_id=portal_id)
    if codes is not None:
        served = served.filter(code__in=list(codes))
    rows = Address.objects.filter(kind=AddressKind.PRIMARY, tenant__in=served).values_list(
        "tenant_id", "tenant__code", "tenant__name", "tenant__short_name", "host", "prefix"
    )
    return {
        tenant_id: _GatheredSite(code, short or name, f"{root_url_of(host)}{prefix}/")
        for tenant_id, code, name, short, host, prefix in rows
    }
