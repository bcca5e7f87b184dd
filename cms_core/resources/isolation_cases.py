"""Published and withdrawn resources for the isolation probe."""

import uuid

from django.utils import timezone

from sites.registry.isolation import (
    IsolationCases,
    Laboratory,
    Resident,
    register_isolation_cases,
)

from .enums import ResourceKind
from .models import PublishedResource
from .selectors import gathered
from .services import publish_resource, withdraw_resource


def furnish(resident: Resident) -> None:
    """One resource that is public, one that was withdrawn and is its owner's alone."""
    actor = resident.people["site_administrator"]
    public = publish_resource(
        actor=actor,
        kind=ResourceKind.ARTICLE,
        source_uuid=uuid.uuid4(),
        title=resident.public_text("published resource"),
        body_text=resident.public_text("text"),
        url="/probe/published/",
        published_at=timezone.now(),
    )
    withdrawn = publish_resource(
        actor=actor,
        kind=ResourceKind.ARTICLE,
        source_uuid=uuid.uuid4(),
        title=resident.text("withdrawn resource"),
        url="/probe/withdrawn/",
        published_at=timezone.now(),
    )
    withdraw_resource(actor=actor, kind=withdrawn.kind, source_uuid=withdrawn.source_uuid)
    resident.note("resource", public, withdrawn)


def check_library(laboratory: Laboratory) -> None:
    """A portal gathers what is published, never what was withdrawn, and writes none of it."""
    own, other = laboratory.own, laboratory.other
    surface = "resource library"
    public, withdrawn = other.ids["resource"]
    with laboratory.inside(own, "site_administrator"):
        rows = gathered(kinds=[ResourceKind.ARTICLE], limit=100)
        laboratory.expect_clean(surface, rows, "the portal's gathered list")
        laboratory.expect(
            surface,
            any(row.tenant_id == other.tenant.pk for row in rows),
            "the portal gathers nothing from its sub-site: the probe sees nothing there",
        )
        laboratory.expect_clean(
            surface,
            list(PublishedResource.objects.values_list("title", "body_text")),
            "all resources",
        )
        found = PublishedResource.objects.filter(pk=withdrawn)
        laboratory.expect(surface, not found.exists(), "a withdrawn resource of another site")
        changed = PublishedResource.objects.filter(pk=public).update(title="taken over")
        laboratory.expect(surface, changed == 0, "a published resource was written by another site")
        gone, _by_model = PublishedResource.objects.filter(pk=public).delete()
        laboratory.expect(surface, gone == 0, "a published resource was deleted by another site")


register_isolation_cases(
    "cms_core_resources",
    IsolationCases(furnish=furnish, checks={"resource library": check_library}),
)
