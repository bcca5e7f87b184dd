"""Reviews in blueprints: ``[review]`` with ``is_on``, the site's ``stages`` and those of ``sections``.

The blueprints of the product name profiles beside each section instead (``review = "news"``) and need no
such table; an exported site has it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from swapper import load_model

from sites.registry.blueprint_parts import (
    BlueprintPart,
    Change,
    LiveSite,
    register_blueprint_part,
)
from sites.tenancy.scope import opening_scope

from .enums import ReviewStage
from .models import ReviewPolicy
from .policy_services import set_section_policy, set_site_policy
from .rules import parse_stages, stages_of


def check(declared: Any) -> Sequence[str]:
    if not isinstance(declared, dict) or set(declared) - {"is_on", "stages", "sections"}:
        return ["[review] holds is_on, stages and [review.sections]"]
    sections = declared.get("sections", {})
    if not isinstance(declared.get("is_on", False), bool) or not isinstance(sections, dict):
        return ["[review]: is_on is true or false, sections a table"]
    for name, stages in [("stages", declared.get("stages", [])), *sections.items()]:
        try:
            stages_of(stages)
        except (ValueError, TypeError):
            known = ", ".join(ReviewStage.values)
            return [f"[review] {name}: write some of {known} as a list"]
    return []


def _now(site: LiveSite) -> dict[str, Any]:
    keys = {pk: key for key, pk in site.sections.items()}
    found: dict[str, Any] = {"is_on": False, "stages": []}
    sections: dict[str, list[str]] = {}
    for row in ReviewPolicy.objects.filter(tenant_id=site.tenant.pk).order_by("pk"):
        stages = [stage.value for stage in parse_stages(row.stages)]
        if row.section_id is None:
            found |= {"is_on": row.is_on, "stages": stages}
        elif row.section_id in keys:
            sections[keys[row.section_id]] = stages
    return {**found, "sections": sections} if sections else found


def export(site: LiveSite) -> Any:
    return _now(site)


def _words(stages: Sequence[str]) -> str:
    return " → ".join(str(ReviewStage(stage).label) for stage in stages) or str(_("no review"))


def changes(site: LiveSite, declared: Any) -> Sequence[Change]:
    return [
        Change("review", text, is_made) for text, is_made, _make in _differences(site, declared)
    ]


def apply(site: LiveSite, declared: Any, actor: Any) -> None:
    with opening_scope(site.tenant, "the reviews of a blueprint"):
        for _text, is_made, make in _differences(site, declared):
            if is_made:
                make(actor)


_Difference = tuple[str, bool, Callable[[Any], Any]]


def _differences(site: LiveSite, declared: Any) -> list[_Difference]:
    """In words, whether it is made, and how. A blueprint takes no review away."""
    now = _now(site)
    found: list[_Difference] = []
    stages, is_on = declared.get("stages", []), declared.get("is_on", False)
    if set(stages) != set(now["stages"]):
        text = _("reviews of the site: %(wanted)s instead of %(now)s") % {
            "wanted": _words(stages),
            "now": _words(now["stages"]),
        }
        found.append(
            _strengthened(text, now["stages"], stages, _site_maker(site, stages, now["is_on"]))
        )
    if is_on and not now["is_on"]:
        # With the stages that stand by then: the line above may have changed them.
        kept = stages if set(stages) >= set(now["stages"]) else now["stages"]
        found.append((_("review is switched on"), True, _site_maker(site, kept, True)))
    elif now["is_on"] and not is_on:
        text = _("review is switched on here and not in the blueprint, so it stays on")
        found.append((text, False, _nothing))
    for key, wanted in declared.get("sections", {}).items():
        was = now.get("sections", {}).get(key)
        if was is not None and set(was) == set(wanted):
            continue
        above = now["stages"] if was is None else was
        text = _("reviews of %(section)s: %(wanted)s instead of %(now)s") % {
            "section": key,
            "wanted": _words(wanted),
            "now": _("those above it") if was is None else _words(was),
        }
        if site.is_new or key in site.added:
            above = []
        found.append(_strengthened(text, above, wanted, _section_maker(site, key, wanted)))
    return found


def _strengthened(
    text: str, now: Sequence[str], wanted: Sequence[str], make: Callable[[Any], Any]
) -> _Difference:
    if set(wanted) >= set(now):
        return text, True, make
    return text + _("; a blueprint takes no review away, so it stays"), False, _nothing


def _nothing(actor: Any) -> None:
    return None


def _site_maker(site: LiveSite, stages: Sequence[str], is_on: bool) -> Callable[[Any], Any]:
    return lambda actor: set_site_policy(actor=actor, stages=stages, is_on=is_on)


def _section_maker(site: LiveSite, key: str, stages: Sequence[str]) -> Callable[[Any], Any]:
    def make(actor: Any) -> None:
        if key in site.sections:
            pages = load_model("wagtailcore", "Page").objects
            section = pages.get(pk=site.sections[key], tenant_id=site.tenant.pk)
            set_section_policy(actor=actor, section=section, stages=stages)

    return make


register_blueprint_part("review", BlueprintPart(check, export, changes, apply))
