"""A fingerprint of everything that belongs to a tenant, and of every row that points to it.

The rows are listed once, right after they were made; later fingerprints look at those keys and at
foreign keys, not at the guard: it would not notice a change behind a broken guard otherwise.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Max, Q
from wagtail.models import ReferenceIndex, Revision

from sites.registry.isolation import Resident
from sites.tenancy.models import Address, Tenant
from sites.tenancy.scope import system_scope, tenant_scope
from sites.tenancy.visibility import VisibilityKind, visibility_map

#: Pairs of columns that name any row.
_GENERIC_KEYS = (
    ("content_type", "object_id"),
    ("base_content_type", "object_id"),
    ("to_content_type", "to_object_id"),
)
_SKIPPED_KINDS = {VisibilityKind.CLOSED, VisibilityKind.PLATFORM, VisibilityKind.DIRECTORY}
#: Keys in one condition; SQLite refuses more than 32,766 parameters.
_MOST_KEYS = 20_000


def watched_models() -> list[type[models.Model]]:
    """Every stored model whose rows belong to tenants."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        visibility = visibility_map.of(model)
        if (
            not model._meta.proxy
            and visibility is not None
            and visibility.kind not in _SKIPPED_KINDS
        ):
            found.append(model)
    return found


def compared_fields(model: type[models.Model]) -> list[Any]:
    """The columns that only the tenant's own people change.

    A model that counts visits names the columns that every visitor of the public site changes, staff of
    another site too, in ``visitors_change``.
    """
    counted = getattr(model, "visitors_change", ())
    return [field for field in model._meta.local_concrete_fields if field.name not in counted]


@dataclass
class Holdings:
    """The rows of one tenant: model → primary keys, and the fingerprint of each table."""

    resident: Resident
    keys: dict[type[models.Model], set[Any]]
    prints: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[type[models.Model]]] = field(default_factory=dict)
    newest_draft: int = 0

    @property
    def empty_models(self) -> list[str]:
        """Labels of watched models of which the tenant has no row."""
        return sorted(model._meta.label for model, keys in self.keys.items() if not keys)

    def changed(self, tables: Iterable[str] | None = None) -> list[str]:
        """Tables whose rows differ from the first fingerprint, of ``tables`` or of all."""
        wanted = self.tables if tables is None else [t for t in tables if t in self.tables]
        with system_scope("isolation probe: fingerprint of a probe tenant's rows"):
            return sorted(table for table in wanted if self._print(table) != self.prints[table])

    def take_prints(self) -> None:
        """Remember the present state as the right one."""
        with system_scope("isolation probe: fingerprint of a probe tenant's rows"):
            self.prints = {table: self._print(table) for table in self.tables}

    def _print(self, table: str) -> str:
        digest = hashlib.sha256()
        for model in self.tables[table]:
            fields = compared_fields(model)
            names = [f.attname for f in fields]
            rows = model._base_manager.filter(self._condition(model)).order_by("pk")
            for pk, *values in rows.values_list("pk", *names):
                # As stored: a StreamField's Python value prints where it lies in memory.
                stored = [f.get_prep_value(v) for f, v in zip(fields, values, strict=True)]
                digest.update(repr((pk, stored)).encode())
        return digest.hexdigest()

    def _condition(self, model: type[models.Model]) -> Q:
        found = Q(pk__in=list(self.keys.get(model, ()))[:_MOST_KEYS])
        for key in model._meta.local_concrete_fields:
            if not key.is_relation or key.related_model is None or key.primary_key:
                continue
            target = key.related_model
            if target is Tenant:
                found |= Q(**{key.attname: self.resident.tenant.pk})
            else:
                concrete = target._meta.concrete_model
                pointed = self.keys.get(concrete, set()) if concrete is not None else set()
                if pointed:
                    found |= Q(**{f"{key.attname}__in": list(pointed)[:_MOST_KEYS]})
        return found | self._by_object_id(model)

    def _by_object_id(self, model: type[models.Model]) -> Q:
        """Rows that name an object by content type and number (drafts, log entries, references)."""
        names = {f.name for f in model._meta.local_concrete_fields}
        found = Q()
        for type_name, id_name in _GENERIC_KEYS:
            if not {type_name, id_name} <= names:
                continue
            for target, keys in self.keys.items():
                if keys and not target._meta.auto_created:
                    content_type = ContentType.objects.get_for_model(target)
                    wanted = {type_name: content_type, f"{id_name}__in": [str(k) for k in keys]}
                    found |= Q(**wanted)
        return found

    def named_in_new_drafts(self) -> list[str]:
        """What drafts that were written since the first fingerprint refer to of this tenant."""
        found = []
        with system_scope("isolation probe: read the drafts that a try has written"):
            for revision in Revision.objects.filter(pk__gt=self.newest_draft).order_by("pk"):
                draft = revision.as_object()
                for (
                    type_id,
                    key,
                    _model_path,
                    path,
                ) in ReferenceIndex._extract_references_from_object(draft):
                    target = ContentType.objects.get_for_id(type_id).model_class()
                    if target is not None and self._is_mine(target, key):
                        found.append(
                            f"{path} of a draft of {draft.pk} names {target._meta.label} {key}"
                        )
        return found

    def _is_mine(self, target: type[models.Model], key: Any) -> bool:
        keys = self.keys.get(target) or self.keys.get(target._meta.concrete_model or target, set())
        return str(key) in {str(k) for k in keys}


def holdings_of(resident: Resident) -> Holdings:
    """List and fingerprint everything of ``resident``."""
    keys: dict[type[models.Model], set[Any]] = {model: set() for model in watched_models()}
    # Some rows are seen by one person only (their sessions, uploads, second factors).
    for person in (None, *resident.people.values()):
        with tenant_scope(resident.tenant, person):
            for model, found in keys.items():
                visibility = visibility_map.of(model)
                rows = model._base_manager.order_by()
                if visibility is not None and visibility.kind is VisibilityKind.PUBLISHED:
                    rows = rows.filter(**{f"{visibility.owner}_id": resident.tenant.pk})
                found.update(rows.values_list("pk", flat=True))
    holdings = Holdings(resident, keys)
    with system_scope("isolation probe: the shared roots are nobody's rows"):
        holdings.newest_draft = Revision.objects.aggregate(newest=Max("pk"))["newest"] or 0
        for model, found in keys.items():
            if any(f.name == "depth" for f in model._meta.concrete_fields):
                found -= set(model._base_manager.filter(depth=1).values_list("pk", flat=True))
    watched: list[type[models.Model]] = [*keys, Tenant, Address]
    for model in watched:
        holdings.tables.setdefault(model._meta.db_table, []).append(model)
    keys[Tenant] = {resident.tenant.pk}
    with system_scope("isolation probe: the addresses of a probe tenant"):
        keys[Address] = set(
            Address.objects.filter(tenant=resident.tenant).values_list("pk", flat=True)
        )
    holdings.take_prints()
    return holdings
