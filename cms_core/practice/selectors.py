"""Reads of the practice site."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from cms_core.pages.models import BasePage
from sites.audit.models import DomainEvent
from sites.tenancy.models import Tenant
from sites.tenancy.scope import tenant_scope

from .enums import PracticeEvent
from .rules import last_due


def last_reset(tenant: Tenant) -> datetime | None:
    """When the site was last brought to its template, or opened."""
    with tenant_scope(tenant):
        newest: datetime | None = (
            DomainEvent.objects.filter(kind__in=PracticeEvent.values)
            .order_by("-at", "-pk")
            .values_list("at", flat=True)
            .first()
        )
    return newest


def is_due(tenant: Tenant, now: datetime) -> bool:
    """Whether a reset was missed: a machine that slept at midnight resets when it wakes."""
    newest = last_reset(tenant)
    return newest is None or newest < last_due(timezone.localtime(now))


def content_digest(tenant: Tenant) -> str:
    """What the pages of the site say and where they stand, without keys and times, as SHA-256."""
    with tenant_scope(tenant):
        lines = [_line(page) for page in BasePage.objects.exclude(depth=1).order_by("path", "pk")]
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()


def _line(page: BasePage) -> list[Any]:
    own: Any = page.specific
    body = own.body.get_prep_value() if hasattr(own, "body") else []
    return [
        page.depth,
        type(own).__name__,
        page.slug,
        page.title,
        page.draft_title,
        page.live,
        page.has_unpublished_changes,
        page.locked,
        page.show_in_menus,
        getattr(own, "summary", ""),
        _without_ids(body),
    ]


def _without_ids(value: Any) -> Any:
    """Blocks get a random name each time they are made."""
    if isinstance(value, dict):
        return {key: _without_ids(inner) for key, inner in value.items() if key != "id"}
    if isinstance(value, list):
        return [_without_ids(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
