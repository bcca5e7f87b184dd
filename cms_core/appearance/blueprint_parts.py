"""The look in blueprints: ``[look]`` with ``theme`` and, where they are a site's own, its colours.

The logo is a picture of the site and goes with no blueprint. A site that has chosen a look keeps it.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from sites.registry.blueprint_parts import (
    BlueprintPart,
    Change,
    LiveSite,
    register_blueprint_part,
)
from themes.manifest import THEMES

from .models import LookVersion
from .selectors import default_theme_code, live_look, site_look
from .services import LookRow, adopt_look, look_faults

_COLOURS = ("brand", "deep", "seal")


def _row(declared: Any) -> LookRow:
    return LookRow(theme=declared["theme"], **{name: declared.get(name, "") for name in _COLOURS})


def check(declared: Any) -> Sequence[str]:
    if not isinstance(declared, dict) or declared.get("theme") not in THEMES:
        return [f"[look] names one theme of {', '.join(THEMES)}"]
    unknown = set(declared) - {"theme", *_COLOURS}
    if unknown or not all(isinstance(value, str) for value in declared.values()):
        return [f"[look] holds theme, {', '.join(_COLOURS)}, each a text"]
    return look_faults(_row(declared))


def export(site: LiveSite) -> Any:
    live = live_look()
    if live is None:
        return {"theme": site_look().theme_code}
    colours = {name: getattr(live, name) for name in _COLOURS if getattr(live, name)}
    return {"theme": live.theme, **colours}


def changes(site: LiveSite, declared: Any) -> Sequence[Change]:
    now = export(site)
    if now == {name: value for name, value in declared.items() if value}:
        return []
    is_chosen = LookVersion.objects.exists()
    text = _("look: %(wanted)s instead of %(now)s") % {
        "wanted": " ".join(declared.values()),
        "now": " ".join(now.values()),
    }
    if is_chosen:
        text += _("; the site has chosen its look, so it stays")
    return [Change("look", text, is_made=not is_chosen)]


def apply(site: LiveSite, declared: Any, actor: Any) -> None:
    if any(change.is_made for change in changes(site, declared)):
        adopt_look(actor=actor, row=_row(declared))


def comes_by_itself(kind: str, declared: Any) -> bool:
    return bool(declared == {"theme": default_theme_code(kind)})


register_blueprint_part("look", BlueprintPart(check, export, changes, apply, comes_by_itself))
