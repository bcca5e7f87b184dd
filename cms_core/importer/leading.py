"""Leads the links of merged pages to where their targets stand now. Runs inside the tenant's scope.

To be run when all sites of a group are in; again whenever another one came. A page that an editor
has changed since is not touched: its old links go by their redirects, and what leads nowhere is
listed for its editors like that of all others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import models, transaction
from django.db.models.functions import Cast
from wagtail.contrib.redirects.models import Redirect

from cms_core.pages.models import ArticlePage, BasePage, HomePage
from cms_core.pages.services import publish_page
from cms_core.workflow.gate import released_by_the_platform
from sites.audit.services import record_event
from sites.tenancy.models import Tenant

from . import merged_elsewhere
from .enums import RecordKind
from .links import (
    DEAD,
    LEAVE,
    LONGEST_ADDRESS,
    LONGEST_WORDS,
    Fate,
    FoundLink,
    Verdict,
    links_in,
    path_here,
    rewritten,
)
from .models import DeadLink, ImportedRecord
from .selectors import old_targets, own_hosts
from .writing import PUBLISHED_BEFORE, applied_digest

#: Pages in one transaction: each that changes is published anew, some 20 ms.
_BATCH = 40


@dataclass
class Led:
    """What one pass did: pages looked at, links led, pages left to their editors, links that are dead."""

    pages: int = 0
    links: int = 0
    left_to_editors: int = 0
    dead: int = 0

    def as_json(self) -> dict[str, int]:
        """Plain values."""
        return {
            "pages": self.pages,
            "links": self.links,
            "left_to_editors": self.left_to_editors,
            "dead": self.dead,
        }


def lead_links(*, actor: Any, tenant: Tenant) -> Led:
    """Looks through every merged article of the tenant whose scope is open. Repeating changes nothing."""
    led = Led()
    judge = _Judge(tenant)
    for batch in _pages_with_links():
        found = {pk: list(links_in(blocks)) for pk, blocks in batch.items()}
        judge.look_up([link.address for links in found.values() for link in links])
        with transaction.atomic():
            for pk, blocks in batch.items():
                led.links += _lead(actor, pk, blocks, judge, led)
            led.dead += _note_dead(found, judge)
        led.pages += len(batch)
    _forget_linkless()
    return led


def _pages_with_links() -> Iterator[dict[int, list[dict[str, Any]]]]:
    """Stored bodies of merged articles that hold a link, by page, batch by batch."""
    merged = ImportedRecord.objects.filter(kind=RecordKind.ARTICLE, page__isnull=False)
    last = 0
    while True:
        rows = (
            ArticlePage.objects.filter(pk__in=merged.values("page_id"), pk__gt=last)
            .annotate(stored=Cast("body", models.TextField()))
            .filter(stored__contains="href=")
            .order_by("pk")
            .values_list("pk", "stored")[:_BATCH]
        )
        batch = {pk: json.loads(stored) for pk, stored in rows}
        if not batch:
            return
        last = max(batch)
        yield batch


def _lead(actor: Any, pk: int, blocks: Sequence[Mapping[str, Any]], judge: _Judge, led: Led) -> int:
    """Rewrites the links of one page that nobody changed since the import; returns their number."""
    body, changed = rewritten(blocks, judge.of)
    if not changed:
        return 0
    page = ArticlePage.objects.get(pk=pk)
    record = (
        ImportedRecord.objects.filter(kind=RecordKind.ARTICLE, page_id=pk)
        .exclude(applied_digest="")
        .first()
    )
    if record is None or record.applied_digest != applied_digest(page):
        led.left_to_editors += 1
        return 0
    value = page.body.stream_block.to_python(body)
    if page.live:
        with released_by_the_platform(PUBLISHED_BEFORE):
            page = publish_page(actor=actor, page=page, changes={"body": value})
    else:
        page.body = value
        page.save()
        page.save_revision(user=actor)
        page.refresh_from_db()
    record.applied_digest = applied_digest(page)
    record.save(update_fields=["applied_digest"])
    record_event(kind="merged_links_led", subject=page, actor=actor, data={"links": changed})
    return changed


def _note_dead(found: Mapping[int, list[FoundLink]], judge: _Judge) -> int:
    """Brings the list of dead links of these pages up to date; returns their number."""
    dead = {
        (pk, link.address[:LONGEST_ADDRESS]): link.words[:LONGEST_WORDS]
        for pk, links in found.items()
        for link in links
        if judge.of(link.address).fate == Fate.DEAD
    }
    listed = {(row.page_id, row.address): row for row in DeadLink.objects.filter(page_id__in=found)}
    DeadLink.objects.filter(
        pk__in=[row.pk for place, row in listed.items() if place not in dead]
    ).delete()
    DeadLink.objects.bulk_create(
        DeadLink(page_id=pk, address=address, words=words)
        for (pk, address), words in dead.items()
        if (pk, address) not in listed
    )
    return len(dead)


def _forget_linkless() -> None:
    """Takes off the list what stood on pages that have no link any more."""
    left = (
        ArticlePage.objects.filter(pk__in=DeadLink.objects.values("page_id"))
        .annotate(stored=Cast("body", models.TextField()))
        .exclude(stored__contains="href=")
    )
    DeadLink.objects.filter(page_id__in=left.values("pk")).delete()


class _Judge:
    """Knows where the addresses of one batch lead now."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._own = own_hosts(tenant)
        #: What a path without a host may mean: a path of a site of the same source, or on our host.
        self._names = {""} | {host for host, prefix in self._own if not prefix}
        self._hosts = {host for host, _prefix in self._own} | merged_elsewhere.hosts(tenant)
        home = HomePage.objects.filter(tenant=tenant).first()
        self._home_path = home.url_path if home else "/"
        self._verdicts: dict[str, Verdict] = {}

    def look_up(self, addresses: Sequence[str]) -> None:
        """Reads all that is asked for next. Queries do not grow with their number."""
        paths = {
            address: path
            for address in dict.fromkeys(addresses)
            if (path := path_here(address, self._hosts)) is not None
        }
        keys = {address: Redirect.normalise_path(path) for address, path in paths.items()}
        wanted = sorted({*keys.values(), *(_bare(key) for key in keys.values())})
        own = old_targets(self._tenant, wanted)
        here = self._pages_here(paths.values())
        others = merged_elsewhere.addresses(self._tenant, [k for k in wanted if k not in own])
        self._verdicts = {
            address: self._verdict(address, paths[address], key, own, here, others)
            for address, key in keys.items()
        }

    def _verdict(
        self,
        address: str,
        path: str,
        key: str,
        own: Mapping[str, tuple[int | None, bool]],
        here: set[str],
        others: Mapping[str, tuple[str, frozenset[str]]],
    ) -> Verdict:
        host = _host_of(address)
        is_own = not host or any(
            host == name and path.startswith(f"{prefix}/") for name, prefix in self._own
        )
        for name in (key, _bare(key)):
            if is_own and name in own:
                page_id, is_live = own[name]
                return Verdict(Fate.PAGE, page_id) if page_id and is_live else LEAVE
        if is_own and (path == "/" or self._below_home(path) in here):
            return LEAVE
        for name in (key, _bare(key)):
            # "" among the hosts: a path without a host is that site's too, and one on our own.
            if name in others and (self._names | {host} if is_own else {host}) & others[name][1]:
                return Verdict(Fate.ADDRESS, address=others[name][0])
        return DEAD if is_own else LEAVE

    def _below_home(self, path: str) -> str:
        """The tree address that a public path stands for."""
        bare = _bare(path)
        for _host, prefix in self._own:
            if prefix and (bare == prefix or bare.startswith(f"{prefix}/")):
                bare = bare[len(prefix) :]
                break
        rest = bare.strip("/")
        return f"{self._home_path}{rest}/" if rest else self._home_path

    def _pages_here(self, paths: Iterable[str]) -> set[str]:
        wanted = {self._below_home(path) for path in paths}
        rows = BasePage.objects.filter(url_path__in=wanted, live=True).order_by()
        return set(rows.values_list("url_path", flat=True))

    def of(self, address: str) -> Verdict:
        """What becomes of a link to this address."""
        return self._verdicts.get(address, LEAVE)


def _bare(path: str) -> str:
    return path.split("?", 1)[0]


def _host_of(address: str) -> str:
    return (urlsplit(address.strip()).hostname or "").lower()
