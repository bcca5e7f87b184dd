"""Opening many sites in one transaction, by the bulk forms of the services that open one.

The platform's own work, in a system scope: each row carries its tenant, and where the guard would note
the open tenant as owner, the owner is written here. A test proves the rows equal to those of
:func:`cms_core.blueprints.services.open_tenant`.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from wagtail.models import Collection, Site

from cms_core.pages.forest import note_references
from cms_core.pages.new_sites import MadeSitePages, NewSitePages, plant_sites
from cms_core.workflow.policy_services import NewSitePolicy, set_policies_of_new_sites
from sites.accounts.services import provision_roles_in_bulk
from sites.audit.services import record_events_of_sites
from sites.tenancy import services as tenancy
from sites.tenancy.enums import AddressKind, TenantStatus
from sites.tenancy.models import Address, OwnCollection, Tenant
from sites.tenancy.rules import normalize_host
from sites.tenancy.scope import system_scope

from .rules import Blueprint, section_reviews, section_rows
from .selectors import review_profiles
from .services import KIND_OF_BLUEPRINT, OpeningRequest, open_parts, plan_of, wagtail_host


def unsaved_tenant(request: OpeningRequest) -> Tenant:
    """The tenant's row as it will be, open for visitors from the day of the request."""
    return Tenant(
        code=request.code,
        name=request.name,
        kind=KIND_OF_BLUEPRINT[plan_of(request).kind],
        status=TenantStatus.OPEN,
        opened_on=request.opened_on or timezone.localdate(),
        **request.fields,
    )


def open_in_bulk(*, actor: Any, requests: Sequence[OpeningRequest]) -> list[Tenant]:
    """Open all of ``requests`` or none. They were checked: nothing is taken, every variable is there.

    :raises IntegrityError: something was taken meanwhile. :raises BlueprintError: see ``open_tenant``.
    """
    if not requests:
        return []
    with system_scope("opening tenants in bulk"), transaction.atomic():
        plans = [plan_of(request) for request in requests]
        tenants = [unsaved_tenant(request) for request in requests]
        tenancy.create_tenants_in_bulk(actor=actor, tenants=tenants)
        made = plant_sites(
            actor=actor,
            sites=[
                NewSitePages(tenant.pk, tenant.code, tenant.name, _rows(plan, request))
                for tenant, plan, request in zip(tenants, plans, requests, strict=True)
            ],
        )
        _answer(tenants, made, requests)
        _collections(tenants)
        _roles(actor, tenants, plans)
        _policies(actor, tenants, plans, made)
        tenancy.add_addresses_in_bulk(
            actor=actor,
            addresses=[
                Address(
                    tenant=tenant,
                    host=normalize_host(request.host),
                    prefix=request.prefix,
                    kind=AddressKind.PRIMARY,
                )
                for tenant, request in zip(tenants, requests, strict=True)
            ],
        )
        for tenant, plan, pages in zip(tenants, plans, made, strict=True):
            keys = {key: page.pk for key, page in pages.sections.items()}
            open_parts(actor=actor, tenant=tenant, plan=plan, sections=keys)
        note_references([pages.home for pages in made])
        record_events_of_sites(
            kind="tenant_opened",
            subjects=[
                (tenant.pk, tenant, {"blueprint": plan.code})
                for tenant, plan in zip(tenants, plans, strict=True)
            ],
            actor=actor,
        )
    return tenants


def _rows(plan: Blueprint, request: OpeningRequest) -> Any:
    return section_rows(plan, None, request.variables)


def _answer(
    tenants: Sequence[Tenant], made: Sequence[MadeSitePages], requests: Sequence[OpeningRequest]
) -> None:
    """The Wagtail site of each tenant, with its home page."""
    sites = Site.objects.bulk_create(
        [
            Site(
                hostname=wagtail_host(request),
                port=80,
                site_name=tenant.name,
                root_page_id=pages.home.pk,
            )
            for tenant, pages, request in zip(tenants, made, requests, strict=True)
        ]
    )
    for tenant, site in zip(tenants, sites, strict=True):
        tenant.site = site
    Tenant.objects.filter(pk__in=[tenant.pk for tenant in tenants]).update(
        site=Subquery(Site.objects.filter(root_page__tenant_id=OuterRef("pk")).values("pk")[:1])
    )
    Site.clear_site_root_paths_cache()


def _collections(tenants: Sequence[Tenant]) -> None:
    """Each tenant's folder of images and files, below the root that everybody shares."""
    root = Collection.objects.select_for_update().get(depth=1)
    last = Collection.objects.filter(depth=2).order_by("-path").values_list("path", flat=True)
    highest = last.first()
    step = Collection._str2int(highest[-Collection.steplen :]) if highest else 0
    folders = Collection.objects.bulk_create(
        [
            Collection(name=tenant.name, depth=2, path=Collection._get_path(root.path, 2, place))
            for place, tenant in enumerate(tenants, start=step + 1)
        ]
    )
    OwnCollection.objects.bulk_create(
        [
            OwnCollection(target_id=folder.pk, tenant_id=tenant.pk)
            for folder, tenant in zip(folders, tenants, strict=True)
        ]
    )
    Collection.objects.filter(pk=root.pk).update(numchild=F("numchild") + len(folders))


def _roles(actor: Any, tenants: Sequence[Tenant], plans: Sequence[Blueprint]) -> None:
    for roles in dict.fromkeys(plan.roles for plan in plans):
        some = [t for t, plan in zip(tenants, plans, strict=True) if plan.roles == roles]
        provision_roles_in_bulk(actor=actor, tenants=some, roles=roles)


def _policies(
    actor: Any,
    tenants: Sequence[Tenant],
    plans: Sequence[Blueprint],
    made: Sequence[MadeSitePages],
) -> None:
    reviews = {plan.code: section_reviews(plan, review_profiles()) for plan in plans}
    set_policies_of_new_sites(
        actor=actor,
        policies=[
            NewSitePolicy(
                tenant.pk,
                plan.is_review_on,
                plan.site_review,
                {
                    page.pk: reviews[plan.code][slug]
                    for slug, page in pages.sections.items()
                    if slug in reviews[plan.code]
                },
            )
            for tenant, plan, pages in zip(tenants, plans, made, strict=True)
        ],
    )
