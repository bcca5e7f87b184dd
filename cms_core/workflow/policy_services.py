"""Writes of the review policy, and the workflow rows that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from wagtail.models import Workflow, WorkflowTask

from sites.audit.services import record_event, record_events_of_sites
from sites.tenancy.models import Tenant
from sites.tenancy.scope import current_scope, current_tenant_id

from . import rules, selectors
from .engine import ReviewTask
from .enums import ReviewStage
from .events import ReviewEvent
from .models import ReviewPolicy, StageWorkflow
from .permissions import may_change_policy
from .rules import Stages


def _require_right(actor: Any) -> None:
    scope = current_scope()
    if scope is not None and scope.all:
        return  # the platform at work, in an opening scope
    if actor is None or not may_change_policy(actor):
        raise PermissionDenied("no right to change the review policy")


@transaction.atomic
def set_site_policy(*, actor: Any, stages: Iterable[str], is_on: bool) -> ReviewPolicy:
    """Switch review on or off for the whole site, and say which stages apply where no section says so.

    What is in review goes on to its end.

    :raises PermissionDenied: not the site's administrator. :raises ValueError: an unknown stage.
    """
    _require_right(actor)
    wanted = rules.stages_of(stages)
    row, _made = ReviewPolicy.objects.update_or_create(
        section=None,
        tenant_id=current_tenant_id(),
        defaults={"stages": rules.stages_code(wanted), "is_on": is_on},
    )
    _changed(actor, row)
    if is_on and wanted:
        ensure_workflow(tenant_id=current_tenant_id(), stages=wanted)
    return row


@transaction.atomic
def set_section_policy(*, actor: Any, section: Any, stages: Iterable[str]) -> ReviewPolicy:
    """Say which stages apply to a section and all below it that says nothing of its own."""
    _require_right(actor)
    wanted = rules.stages_of(stages)
    row, _made = ReviewPolicy.objects.update_or_create(
        section_id=section.pk,
        tenant_id=current_tenant_id(),
        defaults={"stages": rules.stages_code(wanted), "is_on": True},
    )
    _changed(actor, row)
    if wanted:
        ensure_workflow(tenant_id=current_tenant_id(), stages=wanted)
    return row


@transaction.atomic
def clear_section_policy(*, actor: Any, section: Any) -> None:
    """Let a section follow the sections above it again."""
    _require_right(actor)
    row = ReviewPolicy.objects.filter(section_id=section.pk).first()
    if row is not None:
        _changed(actor, row, is_cleared=True)
        row.delete()
    selectors.forget_policy()


@dataclass(frozen=True, slots=True)
class NewSitePolicy:
    """The whole policy of a new site. ``sections``: section id → stages."""

    tenant_id: int
    is_on: bool
    site_stages: Iterable[str]
    sections: Mapping[int, Iterable[str]] = field(default_factory=dict)


@transaction.atomic
def set_policies_in_bulk(
    *, actor: Any, is_on: bool, site_stages: Iterable[str], sections: Mapping[int, Iterable[str]]
) -> None:
    """The whole policy of a new site (section id → stages) in a constant number of statements."""
    _require_right(actor)
    policy = NewSitePolicy(current_tenant_id(), is_on, site_stages, sections)
    row = _write_new_policies([policy])[0]
    _changed(actor, row)


@transaction.atomic
def set_policies_of_new_sites(*, actor: Any, policies: Sequence[NewSitePolicy]) -> None:
    """As :func:`set_policies_in_bulk` for many sites, in a system scope."""
    _require_right(actor)
    rows = _write_new_policies(policies)
    record_events_of_sites(
        kind=ReviewEvent.POLICY_CHANGED,
        subjects=[(row.tenant_id, row, _told(row)) for row in rows],
        actor=actor,
    )


def _write_new_policies(policies: Sequence[NewSitePolicy]) -> list[ReviewPolicy]:
    """The rows; returned are those of the sites themselves."""
    sites, sections = [], []
    for policy in policies:
        sites.append(
            ReviewPolicy(
                tenant_id=policy.tenant_id,
                stages=rules.stages_code(rules.stages_of(policy.site_stages)),
                is_on=policy.is_on,
            )
        )
        sections += [
            ReviewPolicy(
                tenant_id=policy.tenant_id,
                section_id=section_id,
                stages=rules.stages_code(rules.stages_of(stages)),
            )
            for section_id, stages in policy.sections.items()
        ]
    ReviewPolicy.objects.bulk_create([*sites, *sections])
    return sites


def _changed(actor: Any, row: ReviewPolicy, *, is_cleared: bool = False) -> None:
    selectors.forget_policy()
    record_event(
        kind=ReviewEvent.POLICY_CHANGED,
        subject=row,
        actor=actor,
        data=_told(row, is_cleared=is_cleared),
    )


def _told(row: ReviewPolicy, *, is_cleared: bool = False) -> dict[str, Any]:
    """What the audit event says of a policy."""
    return {
        "section": row.section_id,
        "stages": list(row.review_stages),
        "is_on": row.is_on,
        "is_cleared": is_cleared,
    }


@transaction.atomic
def ensure_workflow(*, tenant_id: int, stages: Stages) -> StageWorkflow:
    """The site's workflow for these stages, made where it is missing or was switched off."""
    found = selectors.workflow_for(tenant_id, stages)
    if found is not None:
        if not found.workflow.active:
            Workflow.objects.filter(pk=found.workflow_id).update(active=True)
        return found
    # Two first submissions at once: the second waits here and finds what the first one made.
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant_id)
    made = selectors.workflow_for(tenant_id, stages)
    if made is not None:
        return made
    with translation.override(settings.LANGUAGE_CODE):
        name = " → ".join(str(stage.label) for stage in stages)
        tasks = [_ensure_task(tenant_id, stage) for stage in stages]
    workflow = Workflow.objects.create(name=name)
    for place, task in enumerate(tasks):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=place)
    return StageWorkflow.objects.create(
        tenant_id=tenant_id, stages=rules.stages_code(stages), workflow=workflow
    )


def _ensure_task(tenant_id: int, stage: ReviewStage) -> ReviewTask:
    task = ReviewTask.objects.filter(tenant_id=tenant_id, stage=stage).first()
    if task is None:
        task = ReviewTask.objects.create(tenant_id=tenant_id, stage=stage, name=str(stage.label))
    return task
