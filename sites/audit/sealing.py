"""The sealer: numbers committed events and chains them, one chain a tenant.

Any number of sealers may run: the head's row is locked while links are added to its chain, and
nobody else waits for that lock.
"""

import logging
from dataclasses import dataclass

from django.utils import timezone

from sites.outbox.attempts import short_transaction
from sites.outbox.faults import commit_point
from sites.tenancy.scope import system_scope

from .keys import is_event_mac, signer
from .models import ChainHead, DomainEvent, PendingSeal, SealedEvent
from .rules import GENESIS_HASH, PLATFORM_CHAIN, Link, content_bytes, head_bytes, link_hash

log = logging.getLogger("jiyue.security")

#: Events sealed in one transaction: a fraction of the time such a transaction may take.
BATCH = 200


@dataclass(frozen=True, slots=True)
class SealReport:
    """``refused``: events that are gone or were not written by the platform."""

    sealed: int
    refused: int


def seal_pending() -> SealReport:
    """Seal every committed event of every chain."""
    sealed = refused = 0
    with system_scope("the sealer numbers the events of every tenant"):
        chains = PendingSeal.objects.filter(is_refused=False).order_by("chain")
        for chain in chains.values_list("chain", flat=True).distinct():
            while batch := _seal_batch(chain):
                sealed += batch.sealed
                refused += batch.refused
    return SealReport(sealed, refused)


def _seal_batch(chain: int) -> SealReport | None:
    """Seal up to :data:`BATCH` events of one chain; ``None`` when none was waiting."""
    with short_transaction("the sealer"):
        tenant_id = None if chain == PLATFORM_CHAIN else chain
        head, _is_new = ChainHead.objects.select_for_update().get_or_create(
            chain=chain, defaults={"tenant_id": tenant_id, "hash": GENESIS_HASH}
        )
        waiting = list(
            PendingSeal.objects.filter(chain=chain, is_refused=False).order_by("event_id")[:BATCH]
        )
        if not waiting:
            return None
        events = DomainEvent.objects.in_bulk([row.event_id for row in waiting])
        good, refused = [], []
        for row in waiting:
            event = events.get(row.event_id)
            if event is None or event.chain != chain or not _is_ours(event):
                refused.append(row)
            else:
                good.append(event)
        _append(head, good)
        refused_ids = [row.pk for row in refused]
        PendingSeal.objects.filter(pk__in=[row.pk for row in waiting]).exclude(
            pk__in=refused_ids
        ).delete()
        if refused:
            PendingSeal.objects.filter(pk__in=refused_ids).update(is_refused=True)
            log.error(
                "chain %s: events %s were not sealed: gone, or not written by the platform",
                chain,
                [row.event_id for row in refused],
            )
        commit_point("audit.sealed_in_transaction")
    commit_point("audit.sealed")
    return SealReport(len(good), len(refused))


def _is_ours(event: DomainEvent) -> bool:
    return is_event_mac(content_bytes(event.content()), event.mac)


def _append(head: ChainHead, events: list[DomainEvent]) -> None:
    """Add links for ``events`` to the chain whose head is locked, and sign the new head."""
    if not events:
        return
    now = timezone.now()
    links = []
    for event in events:
        link = Link(head.chain, head.sequence + 1, head.hash, event.pk, now)
        head.sequence, head.hash = link.sequence, link_hash(link, event.content())
        links.append(
            SealedEvent(
                tenant_id=head.tenant_id,
                chain=link.chain,
                sequence=link.sequence,
                event_id=link.event_id,
                previous_hash=link.previous_hash,
                hash=head.hash,
                sealed_at=now,
            )
        )
    SealedEvent.objects.bulk_create(links)
    signed = signer()
    head.key_id = signed.key_id
    head.signature = signed.sign(
        head_bytes(chain=head.chain, sequence=head.sequence, digest=head.hash)
    )
    head.sealed_at = now
    head.save()
