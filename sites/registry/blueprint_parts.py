"""What apps offer to blueprints (站点模板): each part applies itself, exports itself, says the difference.

A blueprint's sections are the tree that every part hangs on; what else a site begins with (reviews, the
look, the blocks of the home page, roles) belongs to the app that knows it. The app writes
``blueprint_parts.py``; the name of the part is the name of its table in the TOML of a blueprint.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .registry import Registry


@dataclass(frozen=True, slots=True)
class LiveSite:
    """A site as parts see it, inside its scope.

    ``sections``: key of a section in the blueprint → primary key of the page, those that stand.
    ``is_new``: it is being opened, so nobody has chosen anything yet. ``added``: keys of sections that
    this application adds.
    """

    tenant: Any
    sections: Mapping[str, int] = field(default_factory=dict)
    is_new: bool = False
    added: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a site and a blueprint, in words.

    ``is_made``: applying makes it; otherwise it is only told, because it is an editor's or needs one.
    """

    part: str
    text: str
    is_made: bool = True


@dataclass(frozen=True, slots=True)
class BlueprintPart:
    """One table of a blueprint.

    ``check``: the declared value → what is wrong with it, before anything is written. ``export``: what
    the site has, as the table's value; ``None`` where it has chosen nothing. ``changes``: how the site
    differs. ``apply``: ``(site, declared, actor)`` makes those changes that are made, and no others.
    ``comes_by_itself``: ``(kind of tenant, declared)``, whether a new site has it without a write, so
    that opening hundreds of sites asks nothing of it.
    """

    check: Callable[[Any], Sequence[str]]
    export: Callable[[LiveSite], Any]
    changes: Callable[[LiveSite, Any], Sequence[Change]]
    apply: Callable[[LiveSite, Any, Any], None]
    comes_by_itself: Callable[[str, Any], bool] = lambda kind, declared: False


blueprint_parts: Registry[BlueprintPart] = Registry("parts of blueprints", module="blueprint_parts")


def register_blueprint_part(name: str, part: BlueprintPart) -> BlueprintPart:
    """Offer a part; called in an app's ``blueprint_parts.py``."""
    return blueprint_parts.register(name, part)
