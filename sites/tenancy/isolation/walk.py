"""Walking every address of every mount, by GET and by POST, with both tenants' keys."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from sites.registry.isolation import Argument, Mount, Resident, Try

from .addresses import address_templates
from .canaries import cases_in_order
from .filling import filled
from .forms import PageForm
from .surfaces import surface_of

#: What a careless view would write when it is sent to a foreign row.
_FORM = {
    "title": "stolen",
    "name": "stolen",
    "slug": "stolen",
    "action-publish": "1",
    "confirm": "1",
    "next": "/",
    "comment": "stolen",
    "password": "stolen",
    "tags": "stolen",
    "restriction_type": "none",
}
_GARBAGE = "987654321"
#: Deliberate errors of Wagtail, for looking at its error page.
DELIBERATE = frozenset({"failwhale/"})
#: Foreign addresses of one template that are also sent a form: the keys differ, the code does not.
_MOST_SENT = 2
#: Fields of one own form that are tried with foreign keys.
_MOST_FIELDS = 12


def argument_rules() -> tuple[Argument, ...]:
    """The rules of all apps."""
    return tuple(rule for _label, cases in cases_in_order() for rule in cases.arguments)


def field_rules() -> dict[str, str]:
    """Name of a form field (regular expression) → kind of key, of all apps."""
    return {name: kind for _label, cases in cases_in_order() for name, kind in cases.fields.items()}


def walk(mount: Mount, own: Resident, other: Resident) -> Iterator[Try]:
    """All addresses of ``mount`` in the own tenant; those that name the other one also by POST."""
    rules = argument_rules()
    for template in address_templates(mount.urlconf):
        if template.form in DELIBERATE:
            continue
        surface = surface_of(mount.name, template.route)
        sent = 0
        for number, (path, is_foreign) in enumerate(filled(template, own, other, rules)):
            yield Try(surface, mount.name, path)
            if is_foreign and sent < _MOST_SENT:
                sent += 1
                yield Try(surface, mount.name, path, data=dict(_FORM))
                if template.name.startswith("wagtailapi_v3"):
                    yield from _other_methods(surface, mount, path)
            if not template.arguments and number == 0:
                yield Try(surface, mount.name, f"{path}?q={other.needle}&p=1")


def _other_methods(surface: str, mount: Mount, path: str) -> Iterator[Try]:
    for method in ("PATCH", "DELETE"):
        yield Try(
            surface,
            mount.name,
            path,
            data='{"title": "stolen"}',
            content_type="application/json",
            method=method,
        )


def walk_other_tenant(mount: Mount, own: Resident, other: Resident) -> Iterator[Try]:
    """The same addresses inside the other tenant: its administration is closed, its host is public."""
    surface = (
        "another tenant's administration"
        if mount.host == "admin"
        else "another tenant's host with own session"
    )
    rules = argument_rules()
    for template in address_templates(mount.urlconf):
        if template.form in DELIBERATE:
            continue
        for path, _is_foreign in islice(filled(template, own, other, rules), 1):
            yield Try(surface, mount.name, path, whose="other")
            if mount.host == "admin" and template.arguments:
                yield Try(surface, mount.name, path, whose="other", data=dict(_FORM))


def with_foreign_keys(attempt: Try, form: PageForm, other: Resident) -> Iterator[Try]:
    """Copies of an own form, each with one field turned to a key of the other tenant."""
    rules = field_rules()
    tried = 0
    for name in dict.fromkeys([*form.fields, *form.selects]):
        kind = next((kind for pattern, kind in rules.items() if re.search(pattern, name)), None)
        if kind is None or not other.ids.get(kind):
            continue
        tried += 1
        if tried > _MOST_FIELDS:
            return
        sent: dict[str, Any] = {key: values for key, values in form.fields.items() if values}
        sent[name] = other.first(kind)
        yield replace(attempt, surface="foreign keys in own forms", data=sent, is_own=False)


def garbage_of(attempt: Try, other: Resident) -> Try:
    """The same request with keys that nobody has in place of the other tenant's."""
    keys = {str(key) for found in other.ids.values() for key in found}

    def garbled(value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return [garbled(item) for item in value]
        return _GARBAGE if str(value) in keys else value

    path = re.sub(r"(?<=[/=])\w+(?=[/&?]|$)", lambda match: garbled(match[0]), attempt.path)
    data = attempt.data
    if isinstance(data, Mapping):
        data = {name: garbled(value) for name, value in data.items()}
    return replace(attempt, path=path, data=data)
