"""Seeding the sample city, and its accounts. Idempotent: what is there is left as it is."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from cms_core.blueprints.services import OpeningRequest, open_tenant
from cms_core.pages.models import SectionPage
from cms_core.pages.services import bulk_create_articles
from cms_core.practice.services import open_practice_site
from cms_core.workflow.gate import released_by_the_platform
from sites.tenancy import services as tenancy
from sites.tenancy.models import AdministrativeDivision, Organization, Tenant
from sites.tenancy.scope import system_scope, tenant_scope

from . import rules
from .accounts import SampleAccount, create_sample_accounts
from .page_types import fill_page_types

_DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class SeedResult:
    """What one seeding did: ``sites`` and ``articles`` made now, and the sign-ins."""

    sites: int
    articles: int
    accounts: list[SampleAccount]


def seed(report: Callable[[str], None] = lambda line: None) -> SeedResult:
    """Make the sample city as far as it is missing. One transaction a site, so it can be cut short.

    :raises ImproperlyConfigured: in production, where no sample may exist.
    """
    if settings.JIYUE_ENV == "production":
        raise ImproperlyConfigured("the sample city is never made in production")
    declared = _read("organizations.toml")
    articles = _read("articles.toml")["articles"]
    with system_scope("seeding the sample city"):
        tenancy.record_divisions(actor=None, rows=rules.division_rows(declared))
        tenancy.record_organizations(actor=None, rows=rules.organization_rows(declared))
        there = set(Tenant.objects.values_list("code", flat=True))
        first = {site.blueprint: site.code for site in reversed(rules.sample_sites(declared))}
        missing = [site for site in rules.sample_sites(declared) if site.code not in there]
    made = 0
    for number, site in enumerate(missing, start=1):
        with transaction.atomic():  # a site without its texts would count as made at the next start
            tenant = _open(site)
            made += _fill(site, tenant, articles)
            if first[site.blueprint] == site.code:
                with tenant_scope(tenant), released_by_the_platform("sample pages"):
                    fill_page_types(site, tenant)
        report(f"  {number}/{len(missing)} {site.name}")
    with system_scope("seeding the sample city"):
        if not Tenant.objects.filter(is_practice=True).exists():
            open_practice_site(actor=None, host=rules.PRACTICE_HOST, is_demo=True)
    return SeedResult(len(missing), made, create_sample_accounts())


def _read(name: str) -> dict[str, Any]:
    with (_DATA / name).open("rb") as file:
        return tomllib.load(file)


def _open(site: rules.SampleSite) -> Tenant:
    organizations = {
        o.code: o
        for o in Organization.objects.filter(code__in=[site.sponsor_code, site.operator_code])
    }
    sponsor = organizations[site.sponsor_code]
    return open_tenant(
        actor=None,
        request=OpeningRequest(
            code=site.code,
            name=site.name,
            blueprint=site.blueprint,
            host=site.host,
            prefix=site.prefix,
            variables=site.variables,
            fields={
                "short_name": site.short_name,
                "parent": Tenant.objects.filter(code=site.portal).first() if site.portal else None,
                "division": AdministrativeDivision.objects.filter(
                    division_code=site.division_code
                ).first(),
                "sponsor_organization": sponsor,
                "operator_organization": organizations.get(site.operator_code, sponsor),
                "site_identification_code": site.identification_code,
                "icp_license_number": "湘ICP备00000000号-1（示例）",
                "police_record_number": "湘公网安备 43070002000001号（示例）",
                "contact_phone": "0000-0000000（示例）",
                "is_demo": True,
            },
        ),
    )


def _fill(site: rules.SampleSite, tenant: Tenant, articles: list[dict[str, Any]]) -> int:
    with tenant_scope(tenant):
        section_ids = dict(SectionPage.objects.values_list("slug", "pk"))
        rows = list(rules.article_rows(articles, site, section_ids, timezone.now()))
        bulk_create_articles(actor=None, rows=rows)
    return len(rows)
