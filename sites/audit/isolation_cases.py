"""Audit rows for the isolation probe. They hold codes only, so it looks for rows, not for words."""

from django.db import transaction
from django.utils import timezone

from sites.registry.isolation import (
    IsolationCases,
    Laboratory,
    Resident,
    register_isolation_cases,
)

from .models import ChainHead, DomainEvent, PendingSeal, SealedEvent
from .services import record_event


def furnish(resident: Resident) -> None:
    """A recorded event, its place in a chain, and the chain's head."""
    with transaction.atomic():
        event = record_event(
            kind="probe_happened", subject=resident.tenant, actor=resident.people["editor"]
        )
    chain = event.chain
    sealed = SealedEvent.objects.create(
        chain=chain,
        sequence=1,
        event_id=event.pk,
        previous_hash="",
        hash=resident.word,
        sealed_at=timezone.now(),
    )
    ChainHead.objects.get_or_create(
        chain=chain, defaults={"tenant_id": resident.tenant.pk, "hash": resident.word}
    )
    resident.note("domain_event", event)
    resident.note("sealed_event", sealed)


def check_trail(laboratory: Laboratory) -> None:
    """Events of another tenant, and of the platform, are not there."""
    own, other = laboratory.own, laboratory.other
    surface = "audit trail"
    theirs = {
        DomainEvent: other.ids["domain_event"],
        SealedEvent: other.ids["sealed_event"],
    }
    with laboratory.inside(own, "site_administrator"):
        for model in (DomainEvent, PendingSeal, SealedEvent, ChainHead):
            owners = set(model.objects.values_list("tenant_id", flat=True))
            laboratory.expect(
                surface, owners <= {own.tenant.pk}, f"{model.__name__} rows of {owners}"
            )
            keys = theirs.get(model)
            if keys:
                found = model.objects.filter(pk__in=keys)
                laboratory.expect(surface, not found.exists(), f"{model.__name__} by its key")
        laboratory.expect_refusal(
            surface,
            lambda: PendingSeal.objects.create(tenant_id=other.tenant.pk, chain=1, event_id=1),
            "an event was put into another tenant's chain",
        )


register_isolation_cases(
    "sites_audit", IsolationCases(furnish=furnish, checks={"audit trail": check_trail})
)
