"""Texts that several sites published, for the operator who merged them: no site may see the others'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope
from sites.tenancy.selectors import primary_address

from .enums import RecordKind
from .models import ImportedRecord
from .repeats_rules import Copy, Proposal, propose_owner

#: Groups read at once.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class RepeatedText:
    """One text with all its copies, the proposed owner first."""

    title: str
    proposal: Proposal
    copies: tuple[Copy, ...]
    digest: str = ""

    @property
    def sites(self) -> int:
        """How many sites have it."""
        return len({copy.tenant_code for copy in self.copies})

    def as_json(self) -> dict[str, object]:
        """Plain values."""
        return {
            "title": self.title,
            "owner": self.proposal.owner.tenant_code,
            "reason": self.proposal.reason.value,
            "copies": [
                {
                    "tenant": copy.tenant_code,
                    "page": copy.page_id,
                    "address": copy.address,
                    "published_at": copy.published_at.isoformat() if copy.published_at else None,
                    "source_name": copy.source_name,
                }
                for copy in self.copies
            ],
        }


def repeated_texts() -> Iterator[RepeatedText]:
    """Groups of equal texts in two sites or more, the largest first, then by checksum.

    Compared are the texts as they were merged: an editor's later change does not make a copy another
    text. What is in the recycle bin does not count.
    """
    yield from groups_of(list(shared_digests()))


def groups_of(digests: Sequence[str]) -> Iterator[RepeatedText]:
    """The groups of these checksums in their order; a checksum that no page has is left out."""
    for start in range(0, len(digests), _BATCH):
        yield from _groups(digests[start : start + _BATCH])


def shared_digests(tenant_code: str = "") -> dict[str, int]:
    """Checksum → number of sites, of all texts in two sites or more, or of those that one site has too."""
    with system_scope("texts that several sites brought along, for the operator who merged them"):
        rows = _merged()
        if tenant_code:
            own = _merged().filter(tenant__code=tenant_code).order_by()
            rows = rows.filter(text_digest__in=own.values("text_digest"))
        return dict(
            rows.values("text_digest")
            .annotate(sites=Count("tenant_id", distinct=True))
            .filter(sites__gt=1)
            .order_by("-sites", "text_digest")
            .values_list("text_digest", "sites")
        )


def _merged() -> Any:
    return ImportedRecord.objects.filter(
        kind=RecordKind.ARTICLE, page__isnull=False, page__live=True
    ).exclude(text_digest="")


def _groups(digests: Sequence[str]) -> list[RepeatedText]:
    with system_scope("texts that several sites brought along, for the operator who merged them"):
        rows = list(
            _merged()
            .filter(text_digest__in=digests)
            .order_by("tenant_id", "page_id")
            .values_list(
                "text_digest",
                "tenant_id",
                "page_id",
                "page__title",
                "page__url_path",
                "page__published_at",
                "page__source_name",
            )
        )
        tenants = _tenants({row[1] for row in rows})
        homes = {pk: primary_address(pk) for pk in tenants}
    copies: dict[str, list[Copy]] = defaultdict(list)
    for digest, tenant_id, page_id, title, url_path, published_at, source_name in rows:
        address = homes[tenant_id]
        copies[digest].append(
            Copy(
                tenants[tenant_id].code,
                page_id,
                title,
                f"{address.home_url}{url_path.split('/', 2)[2]}" if address else "",
                published_at,
                source_name,
                _names(tenants[tenant_id]),
            )
        )
    return [_repeated(digest, copies[digest]) for digest in digests if digest in copies]


def _repeated(digest: str, copies: Sequence[Copy]) -> RepeatedText:
    proposal = propose_owner(copies)
    others = tuple(copy for copy in copies if copy is not proposal.owner)
    return RepeatedText(proposal.owner.title, proposal, (proposal.owner, *others), digest)


def _tenants(ids: set[int]) -> dict[int, Tenant]:
    rows = Tenant.objects.filter(pk__in=ids).select_related(
        "sponsor_organization", "operator_organization"
    )
    return {tenant.pk: tenant for tenant in rows}


def _names(tenant: Tenant) -> tuple[str, ...]:
    bodies = (tenant.sponsor_organization, tenant.operator_organization)
    names = [tenant.name, tenant.short_name]
    for body in bodies:
        if body is not None:
            names += [body.name, body.short_name]
    return tuple(dict.fromkeys(name for name in names if name))
