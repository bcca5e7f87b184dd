"""Texts of several sites that an operator has dealt with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from sites.audit.services import record_platform_event
from sites.tenancy.scope import system_scope

from .models import SettledRepeat
from .repeats import shared_digests

#: Seconds for which the number of open texts is remembered: it is counted over all merged articles.
_KNOWN_FOR = 300
_OPEN = "importer_open_repeats"


def open_repeats() -> int:
    """How many texts of several sites nobody has settled."""
    number: int | None = cache.get(_OPEN)
    if number is None:
        shared = shared_digests()
        number = len(shared) - len(settled_digests(shared))
        cache.set(_OPEN, number, _KNOWN_FOR)
    return number


def settled_digests(shared: Mapping[str, int]) -> set[str]:
    """Those of ``shared`` (checksum → sites) that were settled and that no further site has brought since."""
    with system_scope("which texts of several sites an operator has settled"):
        rows = dict(SettledRepeat.objects.values_list("text_digest", "sites"))
    return {digest for digest, sites in shared.items() if rows.get(digest, 0) >= sites}


@transaction.atomic
def settle(*, actor: Any, digest: str, sites: int) -> None:
    """Note that the text was dealt with while ``sites`` sites have it."""
    with system_scope("an operator settles a text of several sites"):
        row, _made = SettledRepeat.objects.update_or_create(
            text_digest=digest,
            defaults={"sites": sites, "settled_by": actor, "settled_at": timezone.now()},
        )
        record_platform_event(
            kind="repeat_settled", subject=row, actor=actor, data={"sites": sites}
        )
    transaction.on_commit(lambda: cache.delete(_OPEN))


@transaction.atomic
def reopen(*, actor: Any, digest: str) -> None:
    """Take that back."""
    with system_scope("an operator opens a settled text of several sites again"):
        for row in SettledRepeat.objects.filter(text_digest=digest):
            record_platform_event(kind="repeat_reopened", subject=row, actor=actor)
            row.delete()
    transaction.on_commit(lambda: cache.delete(_OPEN))
