"""The use of old addresses: counting visits, and which have fallen quiet. Inside the tenant's scope."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from sites.tenancy.models import Tenant

from .models import OldAddressUse

_DATA = Path(__file__).parent / "data" / "old_addresses.toml"


@dataclass(frozen=True, slots=True)
class OldAddress:
    """An old address with its visits. `is_quiet`: it was made, and last asked for, long enough ago."""

    redirect_id: int
    path: str
    page_id: int | None
    page_title: str
    hits: int
    last_on: date | None
    made_on: date
    is_quiet: bool


@cache
def quiet_after() -> timedelta:
    """How long an address must be without a visit to count as quiet; the reason stands with the data."""
    return timedelta(days=tomllib.loads(_DATA.read_text(encoding="utf-8"))["quiet_after_days"])


@transaction.atomic
def count_use(*, redirect_id: int) -> None:
    """Notes a visit to an old address. One statement, two at the first visit."""
    today = timezone.localdate()
    uses = OldAddressUse.objects.filter(redirect_id=redirect_id)
    if not uses.update(hits=F("hits") + 1, last_on=today):
        OldAddressUse.objects.bulk_create(
            [OldAddressUse(redirect_id=redirect_id, hits=0, last_on=today)], ignore_conflicts=True
        )
        uses.update(hits=F("hits") + 1)


def old_addresses(
    tenant: Tenant, *, only_quiet: bool = False, today: date | None = None
) -> list[OldAddress]:
    """The old addresses that imports made on the tenant's site: most visited first, then by path."""
    limit = (today or timezone.localdate()) - quiet_after()
    uses = {
        redirect_id: (hits, last_on)
        for redirect_id, hits, last_on in OldAddressUse.objects.values_list(
            "redirect_id", "hits", "last_on"
        )
    }
    rows = (
        Redirect.objects.filter(site_id=tenant.site_id, automatically_created=True)
        .order_by("old_path", "pk")
        .values_list("pk", "old_path", "redirect_page_id", "redirect_page__title", "created_at")
    )
    found = []
    for pk, path, page_id, title, created_at in rows.iterator(chunk_size=2000):
        hits, last_on = uses.get(pk, (0, None))
        made_on = timezone.localdate(created_at) if created_at else limit
        is_quiet = max(made_on, last_on or made_on) <= limit
        if is_quiet or not only_quiet:
            found.append(
                OldAddress(pk, path, page_id, title or "", hits, last_on, made_on, is_quiet)
            )
    return sorted(found, key=lambda address: -address.hits)
