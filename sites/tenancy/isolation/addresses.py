"""Every address that a URL configuration knows, as templates with named arguments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils.regex_helper import normalize

_ROUTE_ARGUMENT = re.compile(r"<(?:(?P<converter>[^>:]+):)?(?P<name>[^>]+)>")


@dataclass(frozen=True, slots=True)
class AddressTemplate:
    """One address. ``route``: as written, for rules; ``form``: with ``%(name)s`` for each argument.

    ``arguments``: name → converter (``str`` where a regular expression captures). ``name``: with
    namespaces. ``view``: what answers.
    """

    route: str
    form: str
    arguments: tuple[tuple[str, str], ...]
    name: str
    view: Any


def address_templates(urlconf: str) -> list[AddressTemplate]:
    """All addresses of ``urlconf``, each once, in the order of the resolvers."""
    found: dict[str, AddressTemplate] = {}
    for template in _walk(get_resolver(urlconf), "", (("", ()),), ()):
        found.setdefault(template.form, template)
    return list(found.values())


_Variants = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def _walk(
    resolver: URLResolver, route: str, variants: _Variants, names: tuple[str, ...]
) -> Iterator[AddressTemplate]:
    for entry in resolver.url_patterns:
        own_route = route + str(entry.pattern)
        own = tuple(
            (before + form, arguments + further)
            for before, arguments in variants
            for form, further in _forms(entry.pattern)
        )
        if isinstance(entry, URLResolver):
            inner = (*names, entry.namespace) if entry.namespace else names
            yield from _walk(entry, own_route, own, inner)
        elif isinstance(entry, URLPattern):
            name = ":".join((*names, entry.name or ""))
            for form, arguments in own:
                yield AddressTemplate(own_route, form, arguments, name, entry.callback)


def _forms(pattern: Any) -> _Variants:
    """The forms one pattern can take, each with its arguments."""
    if isinstance(pattern, RoutePattern):
        text = str(pattern)
        arguments = tuple(
            (m["name"], m["converter"] or "str") for m in _ROUTE_ARGUMENT.finditer(text)
        )
        escaped = text.replace("%", "%%")
        return ((_ROUTE_ARGUMENT.sub(lambda m: f"%({m['name']})s", escaped), arguments),)
    # The empty regular expression of a resolver normalizes to nothing.
    forms = normalize(str(pattern)) or [("", [])]
    return tuple((form, tuple((name, "str") for name in names)) for form, names in forms)
