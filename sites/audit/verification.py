"""Verification: finds every row that was changed, removed or added behind the platform's back.

Reads only. Memory stays small however long the chains are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from sites.tenancy.scope import system_scope

from .head_copies import CopiedHead, UnreadableLine, read_copies
from .keys import is_signed
from .models import ChainHead, DomainEvent, PendingSeal, SealedEvent
from .rules import GENESIS_HASH, PLATFORM_CHAIN, Link, head_bytes, link_hash

T = TypeVar("T")
CHUNK = 1000
#: Problems listed; all are counted.
MOST_LISTED = 100


class ProblemCode(StrEnum):
    """What is wrong with a chain."""

    CHANGED = "changed"  # an event or its link is not what was sealed
    EVENT_REMOVED = "event_removed"
    LINK_REMOVED = "link_removed"
    LINK_ADDED = "link_added"  # beyond the head
    UNSEALED = "unsealed"  # added without the platform, or the sealer stands still
    REFUSED = "refused"  # the sealer refused it: gone, or not written by the platform
    HEAD_CHANGED = "head_changed"
    HEAD_UNSIGNED = "head_unsigned"
    HEAD_NOT_COPIED = "head_not_copied"
    COPY_CONTRADICTS = "copy_contradicts"  # the database lost or changed what was copied outside
    COPY_UNSIGNED = "copy_unsigned"
    COPY_UNREADABLE = "copy_unreadable"
    COPIES_REMOVED = "copies_removed"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``place``: sequence, event id or line, by the code."""

    code: ProblemCode
    chain: int | None
    place: str = ""


@dataclass
class Verification:
    """The result."""

    chains: int = 0
    links: int = 0
    copies: int = 0
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.problem_count == 0

    def note(self, code: ProblemCode, chain: int | None, place: object = "") -> None:
        self.problem_count += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(Problem(code, chain, str(place)))


def verify(*, unsealed_after_seconds: int = 60, uncopied_after_seconds: int = 600) -> Verification:
    """Check every chain against its events, its signed head and the copies outside.

    ``unsealed_after_seconds``: an event this old without a place in its chain is a finding;
    ``uncopied_after_seconds``: so is a head without a copy.
    """
    found = Verification()
    with system_scope("verification reads the chain of every tenant"):
        heads_before = {head.chain: head for head in ChainHead.objects.all()}
        linked = SealedEvent.objects.order_by().values_list("chain", flat=True).distinct()
        for chain in sorted(set(linked) | set(heads_before)):
            found.chains += 1
            _verify_chain(found, chain, heads_before.get(chain))
        _verify_unsealed(found, unsealed_after_seconds)
        _verify_copies(found, heads_before, uncopied_after_seconds)
    return found


def _verify_chain(found: Verification, chain: int, head_before: ChainHead | None) -> None:
    expected, previous = 1, GENESIS_HASH
    hash_at_head = GENESIS_HASH
    links = SealedEvent.objects.filter(chain=chain).order_by("sequence").iterator(CHUNK)
    for rows in _chunks(links):
        events = DomainEvent.objects.in_bulk([row.event_id for row in rows])
        for row in rows:
            found.links += 1
            if row.sequence != expected:
                found.note(ProblemCode.LINK_REMOVED, chain, expected)
            event = events.get(row.event_id)
            if event is None:
                found.note(ProblemCode.EVENT_REMOVED, chain, row.sequence)
            elif (
                row.previous_hash != previous and row.sequence == expected
            ) or row.hash != _hash_of(row, event):
                found.note(ProblemCode.CHANGED, chain, row.sequence)
            expected, previous = row.sequence + 1, row.hash
            if head_before is not None and row.sequence == head_before.sequence:
                hash_at_head = row.hash
    _verify_head(found, chain, head_before, hash_at_head, last=expected - 1)


def _hash_of(row: SealedEvent, event: DomainEvent) -> str:
    link = Link(row.chain, row.sequence, row.previous_hash, row.event_id, row.sealed_at)
    return link_hash(link, event.content())


def _verify_head(
    found: Verification, chain: int, before: ChainHead | None, hash_at_head: str, *, last: int
) -> None:
    """Compare the last link with the head before the walk, and with the head now: sealing goes on."""
    now = ChainHead.objects.filter(chain=chain).first()
    if now is None or last > now.sequence:
        found.note(ProblemCode.LINK_ADDED, chain, last)
    if before is None:
        return
    if last < before.sequence:
        found.note(ProblemCode.LINK_REMOVED, chain, last + 1)
    elif hash_at_head != before.hash:
        found.note(ProblemCode.HEAD_CHANGED, chain, before.sequence)
    if before.sequence and not _is_signed(before):
        found.note(ProblemCode.HEAD_UNSIGNED, chain, before.sequence)


def _is_signed(head: ChainHead | CopiedHead) -> bool:
    message = head_bytes(chain=head.chain, sequence=head.sequence, digest=head.hash)
    return is_signed(message, key_id=head.key_id, signature=head.signature)


def _verify_unsealed(found: Verification, after_seconds: int) -> None:
    """Events without a place. One that does not even wait for one was not recorded by the platform."""
    now = timezone.now()
    chain = Coalesce(OuterRef("tenant_id"), PLATFORM_CHAIN)
    unsealed = DomainEvent.objects.filter(
        ~Exists(SealedEvent.objects.filter(chain=chain, event_id=OuterRef("pk")))
    )
    waiting = PendingSeal.objects.filter(chain=chain, event_id=OuterRef("pk"), is_refused=False)
    overdue = Q(at__lt=now - timedelta(seconds=after_seconds)) | Q(at__gt=now)
    for event in unsealed.filter(~Exists(waiting) | overdue).order_by("pk").iterator(CHUNK):
        found.note(ProblemCode.UNSEALED, event.chain, event.pk)
    for row in PendingSeal.objects.filter(is_refused=True).order_by("pk").iterator(CHUNK):
        found.note(ProblemCode.REFUSED, row.chain, row.event_id)


def _verify_copies(
    found: Verification, heads: dict[int, ChainHead], uncopied_after_seconds: int
) -> None:
    newest: dict[int, int] = {}
    for lines in _chunks(read_copies()):
        copies = []
        for line in lines:
            if isinstance(line, UnreadableLine):
                found.note(ProblemCode.COPY_UNREADABLE, None, f"{line.file}:{line.number}")
            elif not _is_signed(line):
                found.note(ProblemCode.COPY_UNSIGNED, line.chain, line.sequence)
            else:
                copies.append(line)
                newest[line.chain] = max(line.sequence, newest.get(line.chain, 0))
        found.copies += len(copies)
        _compare(found, copies)
    limit = timezone.now() - timedelta(seconds=uncopied_after_seconds)
    for chain, head in heads.items():
        if newest.get(chain, 0) < head.copied_sequence:
            found.note(ProblemCode.COPIES_REMOVED, chain, head.copied_sequence)
        elif head.sealed_at is not None and head.sealed_at < limit:
            if newest.get(chain, 0) < head.sequence:
                found.note(ProblemCode.HEAD_NOT_COPIED, chain, head.sequence)


def _compare(found: Verification, copies: list[CopiedHead]) -> None:
    """Each copied head is still in the database as it was."""
    wanted = Q(pk__in=[])
    by_chain: dict[int, set[int]] = {}
    for copy in copies:
        by_chain.setdefault(copy.chain, set()).add(copy.sequence)
    for chain, sequences in by_chain.items():
        wanted |= Q(chain=chain, sequence__in=sequences)
    rows = SealedEvent.objects.filter(wanted).values_list("chain", "sequence", "hash")
    kept = {(chain, sequence): digest for chain, sequence, digest in rows}
    for copy in copies:
        if kept.get((copy.chain, copy.sequence)) != copy.hash:
            found.note(ProblemCode.COPY_CONTRADICTS, copy.chain, copy.sequence)


def _chunks(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
