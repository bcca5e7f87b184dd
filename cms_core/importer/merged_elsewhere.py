"""What an import may know of the other sites of its group: where their old addresses lead now.

A reference across sites is a public address, never a row: what is read here is what any visitor of
the other site is told by its redirect.
"""

from __future__ import annotations

from collections.abc import Sequence

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from cms_core.pages.models import BasePage
from sites.tenancy.enums import TenantStatus
from sites.tenancy.models import Address, Tenant
from sites.tenancy.scope import system_scope
from sites.tenancy.selectors import primary_address

from .models import ImportRun


def hosts(tenant: Tenant) -> set[str]:
    """The hosts of all other tenants. Addresses are public."""
    return set(Address.objects.exclude(tenant=tenant).values_list("host", flat=True))


def addresses(tenant: Tenant, paths: Sequence[str]) -> dict[str, tuple[str, frozenset[str]]]:
    """For old paths that other sites answer: the public address of the page, and the hosts on which
    the path is that site's own: it has the whole host, or the folder on it that the path lies in.

    A path without a host counts where the other site came from the same source: two old systems may
    both have had an article ``/info/43``. One that several sites claim is nobody's.
    """
    if not paths:
        return {}
    with system_scope("where the old addresses of the other sites of a group lead"):
        siblings = set(
            ImportRun.objects.filter(
                source_digest__in=ImportRun.objects.filter(tenant=tenant).values("source_digest")
            )
            .exclude(tenant=tenant)
            .values_list("tenant_id", flat=True)
        )
        rows = list(
            Redirect.objects.filter(old_path__in=paths, redirect_page__live=True)
            .exclude(site_id=tenant.site_id)
            .values_list("old_path", "redirect_page_id")
        )
        pages = {
            page.pk: page
            for page in BasePage.objects.filter(
                pk__in=[page_id for _path, page_id in rows],
                tenant__status=TenantStatus.OPEN,
                tenant__is_practice=False,
            )
        }
        private = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    found: dict[str, set[tuple[str, frozenset[str]]]] = {}
    for path, page_id in rows:
        page = pages.get(page_id or 0)
        if page is None or page.tenant_id is None or page.path.startswith(private):
            continue
        names = _hosts_of(page.tenant_id, path) | ({""} if page.tenant_id in siblings else set())
        address = primary_address(page.tenant_id)
        if address is None:
            continue
        rest = page.url_path.split("/", 2)[2]
        found.setdefault(path, set()).add((f"{address.home_url}{rest}", frozenset(names)))
    return {path: next(iter(some)) for path, some in found.items() if len(some) == 1}


def _hosts_of(tenant_id: int, path: str) -> set[str]:
    rows = Address.objects.filter(tenant_id=tenant_id).values_list("host", "prefix")
    return {host for host, prefix in rows if path.startswith(f"{prefix}/")}
