"""What an opening wrote into the whole database, in a form that two openings can be compared in."""

import json
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import models

from sites.tenancy.scope import system_scope

#: Steps of a tree path that a site shares with nobody begin behind the root's and its own.
_OWN_PATH = 8
#: Columns with a number of their own in each row.
_OF_EACH_ROW = {"mac", "checksum", "translation_key", "content_path_hash", "uuid"}

Written = dict[str, Counter[str]]


def _models() -> list[Any]:
    return [*(m for m in apps.get_models() if m._meta.managed), Group.permissions.through]


def written(code: str, action: Callable[[], Any]) -> Written:
    """Every row of every table that ``action`` added, the site's own ``code`` and keys taken out."""
    with system_scope("test"):
        before = {
            model: set(model._base_manager.values_list("pk", flat=True)) for model in _models()
        }
    action()
    with system_scope("test"):
        new = {
            model: list(model._base_manager.exclude(pk__in=before[model])) for model in _models()
        }
        names = {(model, row.pk): _name(row, code) for model, rows in new.items() for row in rows}
        found: Written = {}
        for model, rows in new.items():
            if rows:
                found[model._meta.label] = Counter(
                    json.dumps(
                        _row(row, code, names), sort_keys=True, default=str, ensure_ascii=False
                    )
                    for row in rows
                )
    return found


def _name(row: Any, code: str) -> str:
    for attribute in ("url_path", "name", "hostname", "object_str", "label", "kind"):
        if isinstance(getattr(row, attribute, None), str):
            return f"{row._meta.label}:{_plain(getattr(row, attribute), code)}"
    return str(row._meta.label)


def _plain(value: Any, code: str) -> Any:
    if isinstance(value, str):
        return value.replace(code, "CODE")
    if isinstance(value, datetime):
        return "a time"
    if isinstance(value, uuid.UUID):
        return "a uuid"
    return value


def _row(row: Any, code: str, names: dict[Any, str]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.primary_key and not field.is_relation:
            continue
        if field.name in _OF_EACH_ROW:
            shown[field.name] = bool(value)
        elif field.is_relation:
            shown[field.name] = _target(field, value, names)
        elif field.name == "path":
            shown[field.name] = value[_OWN_PATH:]
        elif field.name in {"object_id", "subject_id"}:
            shown[field.name] = _subject(row, value, names)
        elif field.name in {"content", "data"} and isinstance(value, dict):
            shown[field.name] = _content(value, code)
        elif field.name in {"chain", "event_id"}:
            shown[field.name] = bool(value)
        else:
            shown[field.name] = _plain(value, code)
    return shown


def _target(field: models.Field[Any, Any], value: Any, names: dict[Any, str]) -> Any:
    model: Any = field.related_model
    return names.get((model, value), value)


def _subject(row: Any, value: str, names: dict[Any, str]) -> str:
    key = int(value)
    found = [name for (_model, pk), name in names.items() if pk == key and "Page:" in name]
    return found[0] if found and hasattr(row, "content_type_id") else str(row._meta.label)


def _content(value: dict[str, Any], code: str) -> dict[str, Any]:
    left_out = {"pk", "latest_revision", "live_revision", "translation_key", "tenant"}
    shown = {}
    for name, part in value.items():
        if name in left_out or name.endswith("_at"):
            shown[name] = part is not None
        elif name == "path":
            shown[name] = part[_OWN_PATH:]
        else:
            shown[name] = _plain(part, code)
    return shown
