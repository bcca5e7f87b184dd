"""Writes of the practice site: opening it, and bringing it back to its template."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from cms_core.blueprints.selectors import blueprint
from cms_core.blueprints.services import OpeningRequest, make_home, make_sections, open_tenant
from cms_core.pages.models import HomePage, SectionPage
from cms_core.pages.selectors import forget_private_paths
from cms_core.pages.services import bulk_create_articles
from cms_core.workflow.gate import released_by_the_platform
from cms_core.workflow.models import ReviewPolicy
from cms_core.workflow.policy_selectors import forget_policy
from cms_core.workflow.policy_services import set_policies_in_bulk
from sites.audit.services import record_event
from sites.tenancy.models import Tenant
from sites.tenancy.scope import opening_scope, tenant_scope
from sites.tenancy.selectors import practice_site

from .enums import PracticeEvent
from .rules import last_due
from .template import article_rows, template
from .wiping import empty_site


@dataclass(frozen=True, slots=True)
class ResetResult:
    """``deleted``: rows of the day before. ``texts``: articles of the template."""

    code: str
    deleted: int
    texts: int


@transaction.atomic
def open_practice_site(*, actor: Any, host: str, is_demo: bool = False) -> Tenant:
    """Open the installation's practice site on ``host``, as its template says.

    :raises ValidationError: there is one already, or the address is wrong or taken.
    """
    if Tenant.objects.filter(is_practice=True).exists():
        raise ValidationError(_("There is a practice site already."))
    plan = template()
    tenant = open_tenant(
        actor=actor,
        request=OpeningRequest(
            code=plan.code,
            name=plan.name,
            blueprint=plan.blueprint,
            host=host,
            variables=plan.variables,
            fields={"short_name": plan.short_name, "is_practice": True, "is_demo": is_demo},
        ),
    )
    with opening_scope(tenant, "practice site: its reviews and texts"):
        ReviewPolicy.objects.filter(tenant=tenant).delete()
        _fill(
            actor, tenant, dict(SectionPage.objects.filter(tenant=tenant).values_list("slug", "pk"))
        )
        record_event(kind=PracticeEvent.OPENED, subject=tenant, actor=actor, data={})
    return tenant


@transaction.atomic
def reset_practice_site(*, actor: Any) -> ResetResult:
    """Delete everything in the practice site and make it anew from its template, all or nothing.

    Guests, their accounts and the audit trail stay.

    :raises ValidationError: there is no practice site.
    """
    found = practice_site()
    if found is None:
        raise ValidationError(_("There is no practice site. Open one first."))
    # Two resets, or a reset and a guest coming in, wait for each other.
    # Locked without its address row, which an outer join would bring and PostgreSQL does not lock.
    tenant = Tenant.objects.select_for_update(of=("self",)).get(pk=found.pk)
    deleted = empty_site(tenant)
    with opening_scope(tenant, "practice site: made anew from its template"):
        home = make_home(actor=actor, tenant=tenant)
        _answer_with(tenant, home)
        made = make_sections(
            actor=actor,
            tenant=tenant,
            home=home,
            plan=blueprint(template().blueprint),
            variables=template().variables,
        )
        texts = _fill(actor, tenant, {slug: page.pk for slug, page in made.items()})
        result = ResetResult(tenant.code, deleted, texts)
        record_event(
            kind=PracticeEvent.RESET,
            subject=tenant,
            actor=actor,
            data={"deleted": deleted, "texts": texts},
        )
    return result


def _answer_with(tenant: Tenant, home: HomePage) -> None:
    """Saved, not updated: Wagtail forgets the former home page of the address."""
    site: Site = tenant.site  # type: ignore[assignment]
    site.root_page_id = home.pk
    site.save(update_fields=["root_page"])


def _fill(actor: Any, tenant: Tenant, section_ids: dict[str, int]) -> int:
    """Reviews and texts of the template, in the site's opening scope. Returns how many texts."""
    set_policies_in_bulk(
        actor=actor,
        is_on=True,
        site_stages=(),
        sections={section_ids[slug]: stages for slug, stages in template().reviewed.items()},
    )
    rows = article_rows(section_ids, _morning())
    with tenant_scope(tenant), released_by_the_platform("the texts of the practice site"):
        forget_policy()
        forget_private_paths()
        bulk_create_articles(actor=actor, rows=rows)
    return len(rows)


def _morning() -> datetime:
    """The texts are as old as they were at the last reset that was due."""
    return last_due(timezone.localtime())
