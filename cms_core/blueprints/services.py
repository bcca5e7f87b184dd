"""Opening a tenant: its row, home page, Wagtail site, collection, roles, sections and address in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Collection, Site

from cms_core.pages.models import HomePage, SectionPage
from cms_core.pages.services import bulk_create_sections, create_home
from cms_core.workflow.policy_services import set_policies_in_bulk
from sites.accounts.services import provision_roles
from sites.audit.services import record_event
from sites.tenancy import services as tenancy
from sites.tenancy.enums import AddressKind
from sites.tenancy.models import Tenant
from sites.tenancy.rules import UNROUTABLE_SUFFIX, normalize_host
from sites.tenancy.scope import opening_scope, system_scope, tenant_scope

from .enums import KIND_OF_BLUEPRINT as KIND_OF_BLUEPRINT
from .rules import Blueprint, section_reviews, section_rows
from .selectors import blueprint, declared_parts, review_profiles


@dataclass(frozen=True, slots=True)
class OpeningRequest:
    """What is needed to open a site.

    ``host`` and ``prefix``: its address; a channel gives its portal's host and a prefix. ``fields``:
    further columns of the tenant (sponsor_organization, site_identification_code …).
    """

    code: str
    name: str
    blueprint: str | Blueprint
    host: str
    prefix: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    opened_on: date | None = None


def plan_of(request: OpeningRequest) -> Blueprint:
    """The blueprint of a request: one that comes with the product, or a declaration of its own."""
    named = request.blueprint
    return named if isinstance(named, Blueprint) else blueprint(named)


def open_tenant(*, actor: Any, request: OpeningRequest) -> Tenant:
    """Open a site, all or nothing.

    :raises ValidationError: code, name, address or identification code is wrong or taken.
    :raises BlueprintError: the blueprint is unknown or a variable is missing.
    """
    plan = plan_of(request)
    with system_scope("opening a tenant"), transaction.atomic():
        tenancy.check_address(normalize_host(request.host), request.prefix)
        tenant = tenancy.create_tenant(
            actor=actor,
            code=request.code,
            name=request.name,
            kind=KIND_OF_BLUEPRINT[plan.kind],
            **request.fields,
        )
        with opening_scope(tenant):
            home = make_home(actor=actor, tenant=tenant)
            tenant.site = _wagtail_site(tenant, home, request)
            tenant.save(update_fields=["site"])
            made = make_sections(
                actor=actor, tenant=tenant, home=home, plan=plan, variables=request.variables
            )
            reviews = section_reviews(plan, review_profiles())
            set_policies_in_bulk(
                actor=actor,
                is_on=plan.is_review_on,
                site_stages=plan.site_review,
                sections={page.pk: reviews[slug] for slug, page in made.items() if slug in reviews},
            )
            open_parts(
                actor=actor,
                tenant=tenant,
                plan=plan,
                sections={key: page.pk for key, page in made.items()},
            )
            tenancy.add_address(
                actor=actor,
                tenant=tenant,
                host=request.host,
                prefix=request.prefix,
                kind=AddressKind.PRIMARY,
            )
            tenancy.open_for_visitors(
                actor=actor, tenant=tenant, opened_on=request.opened_on or timezone.localdate()
            )
            record_event(
                kind="tenant_opened", subject=tenant, actor=actor, data={"blueprint": plan.code}
            )
    return tenant


def open_parts(*, actor: Any, tenant: Tenant, plan: Blueprint, sections: Mapping[str, int]) -> None:
    """What other apps offer to a new site, where its blueprint asks for more than they do by themselves."""
    if declared_parts(plan, is_new=True):
        from .differences import apply_parts

        with tenant_scope(tenant, actor):
            apply_parts(actor=actor, tenant=tenant, plan=plan, sections=sections, is_new=True)


def make_home(*, actor: Any, tenant: Tenant) -> HomePage:
    """The home page of a site, in its opening scope."""
    return create_home(actor=actor, tenant_id=tenant.pk, slug=tenant.code, title=tenant.name)


def make_sections(
    *,
    actor: Any,
    tenant: Tenant,
    home: HomePage,
    plan: Blueprint,
    variables: Mapping[str, str],
) -> dict[str, SectionPage]:
    """The folder for files, the groups of the roles and the sections of ``plan``; slug → section."""
    _collection(tenant)
    provision_roles(actor=actor, tenant=tenant, roles=plan.roles)
    return bulk_create_sections(actor=actor, rows=section_rows(plan, home.pk, variables))


def wagtail_host(request: OpeningRequest) -> str:
    """Host name of the Wagtail site: for a channel a reserved one that nothing routes to."""
    if request.prefix:
        return f"{request.code}{UNROUTABLE_SUFFIX}"
    return normalize_host(request.host)


def _wagtail_site(tenant: Tenant, home: Any, request: OpeningRequest) -> Site:
    return Site.objects.create(
        hostname=wagtail_host(request), port=80, site_name=tenant.name, root_page_id=home.pk
    )


def _collection(tenant: Tenant) -> Collection:
    """The tenant's own folder of images and files, below the root that everybody shares."""
    root = Collection.objects.select_for_update().get(depth=1)
    return root.add_child(name=tenant.name)


def check_opening(request: OpeningRequest) -> None:
    """Check a request without opening anything, for previews of lists.

    :raises ValidationError: see :func:`open_tenant`. :raises BlueprintError: see there.
    """
    if Tenant.objects.filter(code=request.code).exists():
        raise ValidationError(
            {"code": _("A site with the code %(code)s exists already.") % {"code": request.code}}
        )
    plan = plan_of(request)
    section_rows(plan, None, request.variables)
    tenancy.check_address(normalize_host(request.host), request.prefix)
    tenancy.check_identification_code(
        str(request.fields.get("site_identification_code", "")), request.fields.get("division")
    )
