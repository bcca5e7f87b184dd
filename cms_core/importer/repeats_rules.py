"""Who should own a text that several sites published. Pure: values in, a proposal with its reason out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OwnerReason(StrEnum):
    """Why a site is proposed as the owner."""

    NAMED = "named_as_source"
    FIRST = "published_first"
    ONLY_DATED = "only_one_with_a_date"
    NONE = "no_reason"


@dataclass(frozen=True, slots=True)
class Copy:
    """One site's page with the text. `source_name`: whom the page names as its source (来源).

    `site_names`: what the site and those who run it are called.
    """

    tenant_code: str
    page_id: int
    title: str
    address: str
    published_at: datetime | None
    source_name: str
    site_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """The copy that should stay the original, and why."""

    owner: Copy
    reason: OwnerReason


def propose_owner(copies: Sequence[Copy]) -> Proposal:
    """The site that the copies name as their source; else the one that published first.

    A name counts where it is the site's own or that of the body behind it, as a whole: “教育局” in the
    source of a page means the site called so, and not every site whose name contains it. Where the
    copies name two of the sites, the names decide nothing.
    """
    named = {
        copy.tenant_code: copy
        for copy in copies
        if any(_is_called(other.source_name, copy.site_names) for other in copies)
    }
    if len(named) == 1:
        return Proposal(next(iter(named.values())), OwnerReason.NAMED)
    dated = sorted(
        (copy for copy in copies if copy.published_at is not None),
        key=lambda copy: (copy.published_at, copy.tenant_code, copy.page_id),
    )
    if not dated:
        return Proposal(
            min(copies, key=lambda copy: (copy.tenant_code, copy.page_id)), OwnerReason.NONE
        )
    if len(dated) == 1:
        return Proposal(dated[0], OwnerReason.ONLY_DATED)
    if dated[0].published_at == dated[1].published_at:
        return Proposal(dated[0], OwnerReason.NONE)
    return Proposal(dated[0], OwnerReason.FIRST)


def _is_called(source_name: str, names: Sequence[str]) -> bool:
    wanted = _letters(source_name)
    return bool(wanted) and any(wanted == _letters(name) for name in names)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()
