"""From address templates to addresses: arguments filled with keys of both tenants."""

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from sites.registry.isolation import Argument, Resident

from .addresses import AddressTemplate

#: Kinds tried where no rule says what an argument takes.
_GUESSED = ("page", "image", "document", "user")
_MOST_COMBINATIONS = 6
#: Own keys of a kind: they show that a page works, the other tenant's that it does not.
_MOST_OWN = 2


def rule_for(
    template: AddressTemplate, argument: str, rules: tuple[Argument, ...]
) -> Argument | None:
    """The first rule that speaks of this argument."""
    for rule in rules:
        if re.search(rule.route, template.route) and re.fullmatch(rule.name, argument):
            return rule
    return None


def values_for(
    template: AddressTemplate, argument: str, resident: Resident, rules: tuple[Argument, ...]
) -> list[Any]:
    """What the argument is filled with from ``resident``."""
    rule = rule_for(template, argument, rules)
    if rule is None:
        return [key for kind in _GUESSED for key in resident.ids.get(kind, [])[:1]]
    most = min(rule.most, _MOST_OWN) if resident.is_own else rule.most
    keys = [key for kind in rule.kinds for key in resident.ids.get(kind, [])[:most]]
    return [*keys, *rule.values]


def filled(
    template: AddressTemplate, own: Resident, other: Resident, rules: tuple[Argument, ...]
) -> Iterator[tuple[str, bool]]:
    """Addresses of one template: ``(path, whether it names anything of the other tenant)``.

    With one argument: every key of both. With several: all of the other tenant, all of one's own,
    and each argument alone from the other tenant, because a view may check the first key only.
    """
    names = [name for name, _converter in template.arguments]
    if not names:
        yield template.form.replace("%%", "%"), False
        return
    theirs = {name: values_for(template, name, other, rules) for name in names}
    mine = {name: values_for(template, name, own, rules) for name in names}
    seen: set[str] = set()
    for values, foreign in _combinations(names, theirs, mine):
        path = template.form % values
        if path not in seen:
            seen.add(path)
            yield path, foreign


def _combinations(
    names: list[str], theirs: Mapping[str, list[Any]], mine: Mapping[str, list[Any]]
) -> Iterator[tuple[dict[str, Any], bool]]:
    if len(names) == 1:
        name = names[0]
        yield from (({name: value}, True) for value in theirs[name])
        yield from (({name: value}, False) for value in mine[name])
        return
    yield from ((values, True) for values in _product(names, theirs))
    yield from ((values, False) for values in _product(names, mine))
    for single in names:
        if theirs[single] == mine[single]:
            continue  # the name of a model or an action: nobody's
        mixed = {name: (theirs if name == single else mine)[name][:1] for name in names}
        yield from ((values, True) for values in _product(names, mixed))


def _product(names: list[str], values: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    combinations = product(*(values[name] for name in names))
    for _number, combination in zip(range(_MOST_COMBINATIONS), combinations, strict=False):
        yield dict(zip(names, combination, strict=True))
