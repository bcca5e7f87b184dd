"""Reads of tenants and their addresses. Directory tables: no scope is needed, no row is private."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from . import rules
from .enums import AddressKind, TenantStatus
from .exceptions import UnknownHost
from .models import Address, Tenant
from .scope import Scope, current_scope


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where a tenant's pages answer. ``root_url``: scheme, host and port without a path."""

    site_id: int | None
    host: str
    root_url: str
    prefix: str

    @property
    def home_url(self) -> str:
        return f"{self.root_url}{self.prefix}/"


@dataclass(frozen=True, slots=True)
class ResolvedAddress:
    """A request's tenant, the address that matched and the path below it (starts with ``/``)."""

    tenant: Tenant
    kind: str
    host: str
    prefix: str
    path: str


def practice_site() -> Tenant | None:
    """The open site that staff train in, or ``None``. One query."""
    return Tenant.objects.filter(is_practice=True, status=TenantStatus.OPEN).first()


def root_url_of(host: str) -> str:
    """``https://host`` with the platform's public scheme and, where it is not the usual one, port."""
    scheme: str = settings.PUBLIC_SCHEME
    port: int = settings.PUBLIC_PORT
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{host}" if port == usual else f"{scheme}://{host}:{port}"


def public_address(tenant_id: int) -> PublicAddress | None:
    """Where links to a tenant's pages lead: the address its visitor came by, else its primary one."""
    scope = current_scope()
    if scope is not None and _came_by(tenant_id) in scope.memo:
        found: PublicAddress = scope.memo[_came_by(tenant_id)]
        return found
    return primary_address(tenant_id)


def primary_address(tenant_id: int) -> PublicAddress | None:
    """The primary address of a tenant, or ``None``. One query for each scope and tenant."""
    scope = current_scope()
    memo = scope.memo if scope is not None else {}
    key = _primary(tenant_id)
    if key not in memo:
        row = (
            Address.objects.filter(tenant_id=tenant_id, kind=AddressKind.PRIMARY)
            .values_list("tenant__site_id", "host", "prefix")
            .first()
        )
        memo[key] = PublicAddress(row[0], row[1], root_url_of(row[1]), row[2]) if row else None
    found: PublicAddress | None = memo[key]
    return found


def note_visit(scope: Scope, resolved: ResolvedAddress) -> None:
    """Let links on the pages of ``scope`` stay on the address by which the visitor came."""
    tenant = resolved.tenant
    address = PublicAddress(
        tenant.site_id, resolved.host, root_url_of(resolved.host), resolved.prefix
    )
    scope.memo[_came_by(tenant.pk)] = address
    if resolved.kind == AddressKind.PRIMARY:
        scope.memo[_primary(tenant.pk)] = address


def _came_by(tenant_id: int) -> str:
    return f"address:{tenant_id}"


def _primary(tenant_id: int) -> str:
    return f"primary_address:{tenant_id}"


def resolve_address(host: str, path: str) -> ResolvedAddress:
    """Which tenant answers ``path`` on ``host``, with all that its pages say of it. One query.

    It reads the few addresses that ``path`` may lie under, since a portal can carry hundreds of
    channels, and in the form that the unique index on addresses has.

    :raises UnknownHost: no address matches; never a default tenant.
    """
    host = rules.normalize_host(host)
    rows = {
        (address.tenant_id, address.prefix): address
        for address in Address.objects.filter(
            Exact(Lower("host"), host), prefix__in=rules.prefixes_of(path)
        )
        .select_related(
            "tenant__site__root_page",
            "tenant__parent",
            "tenant__sponsor_organization",
            "tenant__operator_organization",
        )
        .order_by()
    }
    match = rules.match_address(
        (rules.AddressRow(a.tenant_id, a.host, a.prefix, a.kind) for a in rows.values()), path
    )
    if match is None:
        raise UnknownHost(host)
    address = rows[match.row.tenant_id, match.row.prefix]
    return ResolvedAddress(address.tenant, address.kind, host, address.prefix, match.path)
