"""Real old sites merged on one machine, for trying the importer at full size. Their data is not ours to keep.

Idempotent: what is merged from an unchanged source is left as it is.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cms_core.importer.exceptions import ImportFailed
from cms_core.importer.leading import Led, lead_links
from cms_core.importer.openings import OpeningPlan
from cms_core.importer.selectors import merged_tenants
from cms_core.importer.services import choose_site
from cms_core.importer.site_groups import SiteOutcome, import_each_site, import_into
from cms_core.importer.sources import digest_of_source, open_source
from sites.accounts.enums import RoleCode
from sites.tenancy.models import Tenant
from sites.tenancy.scope import tenant_scope

from .accounts import SampleAccount, StaffRow, create_sample_accounts

_DECLARED = Path(__file__).resolve().parent / "data" / "real_sources.toml"
PORTAL_CODE = "menhu"
#: One sub-site has staff too: an editor who sees nothing of the portal.
SUB_SITE_CODE = "gov1"
_STAFF: tuple[StaffRow, ...] = (
    ("menhu-editor", "门户编辑", PORTAL_CODE, RoleCode.EDITOR),
    ("menhu-first", "门户初审", PORTAL_CODE, RoleCode.FIRST_REVIEWER),
    ("menhu-second", "门户复审", PORTAL_CODE, RoleCode.SECOND_REVIEWER),
    ("menhu-reviewer", "门户终审", PORTAL_CODE, RoleCode.FINAL_REVIEWER),
    ("menhu-admin", "门户管理员", PORTAL_CODE, RoleCode.SITE_ADMINISTRATOR),
    ("gov1-editor", "子站编辑", SUB_SITE_CODE, RoleCode.EDITOR),
    ("gov1-admin", "子站管理员", SUB_SITE_CODE, RoleCode.SITE_ADMINISTRATOR),
)


@dataclass(frozen=True, slots=True)
class RealSource:
    """One declared source.

    ``below``: code of the portal its sites belong to. ``old_host``: see `OpeningPlan`.
    """

    path: str
    blueprint: str
    host_pattern: str
    tenant: str = ""
    name: str = ""
    each_site: bool = False
    below: str = ""
    old_host: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of one source: its sites, or why it could not be read; and how long it took."""

    source: RealSource
    outcomes: list[SiteOutcome]
    seconds: float
    error: str = ""


def declared_sources() -> list[RealSource]:
    """The sources in their order."""
    with _DECLARED.open("rb") as file:
        return [RealSource(**row) for row in tomllib.load(file)["sources"]]


def missing_data(folder: Path) -> list[str]:
    """Declared paths that the folder does not hold."""
    return [source.path for source in declared_sources() if not (folder / source.path).exists()]


def merge_real_sites(folder: Path) -> Iterator[Merged]:
    """Merge every declared source that is there; yields each as it is done.

    :raises ImproperlyConfigured: in production.
    """
    if settings.JIYUE_ENV == "production":
        raise ImproperlyConfigured("the trial merge is never made in production")
    for source in declared_sources():
        path = folder / source.path
        if not path.exists():
            continue
        began = time.monotonic()
        outcomes: list[SiteOutcome] = []
        error = ""
        try:
            outcomes.extend(_merge(source, path))
        except ImportFailed as failure:
            error = str(failure)
        yield Merged(source, outcomes, time.monotonic() - began, error)


def _merge(declared: RealSource, path: Path) -> Iterator[SiteOutcome]:
    fields: dict[str, Any] = {}
    if declared.below:
        fields["parent"] = Tenant.objects.filter(code=declared.below).first()
    with closing(open_source(path)) as source:
        plan = OpeningPlan(
            host_pattern=declared.host_pattern,
            blueprint=declared.blueprint,
            old_host=declared.old_host,
            names={site.code: declared.name for site in source.sites()} if declared.name else {},
            variables=declared.variables,
            fields=fields,
        )
        options: dict[str, Any] = {
            "user_name": "",
            "source": source,
            "source_digest": digest_of_source(path),
            "plan": plan,
            "resume": True,
        }
        if declared.each_site:
            yield from import_each_site(**options)
        else:
            yield import_into(site=choose_site(source), code=declared.tenant, **options)


def lead_all_links() -> Led:
    """Links between the merged pages lead to their new places; the numbers of all sites together."""
    together = Led()
    for tenant in merged_tenants():
        with tenant_scope(tenant):
            led = lead_links(actor=None, tenant=tenant)
        together.pages += led.pages
        together.links += led.links
        together.left_to_editors += led.left_to_editors
        together.dead += led.dead
    return together


def create_real_accounts() -> list[SampleAccount]:
    """Staff of the portal and of one sub-site, where they were merged."""
    there = set(Tenant.objects.values_list("code", flat=True))
    return create_sample_accounts([row for row in _STAFF if row[2] in there])
