"""Pages in blueprints: the blocks of the home page, and single pages that wait for their text.

``[[home]]``: ``block = "section"`` with ``section`` and ``count``, or ``block = "gathered"`` with ``title``
and ``count``. Without it a home page shows what the product's blueprint of its kind declares.
``[[pages]]``: ``title``, ``slug`` and the ``section`` they stand in; made as drafts, since a page without
text is none for the public.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from cms_core.workflow.gate import released_by_the_platform
from sites.registry.blueprint_parts import (
    BlueprintPart,
    Change,
    LiveSite,
    register_blueprint_part,
)
from sites.registry.home_defaults import home_rows_of

from .models import BasePage, HomePage, SinglePage
from .services import create_page, publish_page

_NEEDED = {"section": {"section", "count"}, "gathered": {"title", "count"}}


def _home(site: LiveSite) -> HomePage:
    found: HomePage = HomePage.objects.get(depth=2, tenant_id=site.tenant.pk)
    return found


def check_home(declared: Any) -> Sequence[str]:
    rows: list[Any] = declared if isinstance(declared, list) else [None]
    for row in rows:
        needed = _NEEDED.get(row.get("block", "")) if isinstance(row, dict) else None
        if needed is None or set(row) - {"block"} != needed or not isinstance(row["count"], int):
            return [
                "[[home]]: block section with section and count, or gathered with title and count"
            ]
        if not 1 <= row["count"] <= 20:
            return ["[[home]]: count is 1 to 20"]
    return []


def export_home(site: LiveSite) -> Any:
    keys = {pk: key for key, pk in site.sections.items()}
    found = []
    for block in _home(site).blocks:
        if block.block_type == "gathered":
            title, count = block.value["title"], block.value["count"]
            found.append({"block": "gathered", "title": title, "count": count})
        elif block.value["section"] is not None and block.value["section"].pk in keys:
            key = keys[block.value["section"].pk]
            found.append({"block": "section", "section": key, "count": block.value["count"]})
    return found or None


def home_comes_by_itself(kind: str, declared: Any) -> bool:
    """A home page without blocks shows what the product's blueprint of its kind declares."""
    return bool(declared) and list(home_rows_of(kind)) == list(declared)


def home_changes(site: LiveSite, declared: Any) -> Sequence[Change]:
    now = export_home(site) or []
    if now == declared or (not now and home_comes_by_itself(site.tenant.kind, declared)):
        return []
    home = _home(site)
    # Whoever arranged the blocks wanted them so; a draft is somebody's work.
    is_free = not now and not home.has_unpublished_changes
    text = _("home page: %(count)d blocks") % {"count": len(declared)}
    if not is_free:
        text += _("; it was arranged on the site, so it stays")
    return [Change("home", text, is_made=is_free)]


def apply_home(site: LiveSite, declared: Any, actor: Any) -> None:
    if not any(change.is_made for change in home_changes(site, declared)):
        return
    blocks = []
    for row in declared:
        value = {"count": row["count"]}
        if row["block"] == "gathered":
            value["title"] = row["title"]
        elif row["section"] in site.sections:
            value["section"] = site.sections[row["section"]]
        else:
            continue
        blocks.append({"type": row["block"], "value": value, "id": str(uuid4())})
    stream = HomePage._meta.get_field("blocks").stream_block.to_python(blocks)
    with released_by_the_platform("the home page of a blueprint"):
        publish_page(actor=actor, page=_home(site), changes={"blocks": stream})


def check_pages(declared: Any) -> Sequence[str]:
    for row in declared if isinstance(declared, list) else [None]:
        if not isinstance(row, dict) or set(row) != {"title", "slug", "section"}:
            return ["[[pages]]: each has title, slug and section"]
        if not all(isinstance(value, str) and value for value in row.values()):
            return ["[[pages]]: title, slug and section are texts"]
    return []


def export_pages(site: LiveSite) -> Any:
    """Title and place of the single pages; their text stays with the site."""
    paths = dict(
        BasePage.objects.filter(pk__in=list(site.sections.values())).values_list("path", "pk")
    )
    keys = {pk: key for key, pk in site.sections.items()}
    found = []
    for title, slug, path in SinglePage.objects.order_by("path").values_list(
        "title", "slug", "path"
    ):
        section = keys.get(paths.get(path[: -BasePage.steplen], 0))
        if section is not None:
            found.append({"title": title, "slug": slug, "section": section})
    return found or None


def _missing(site: LiveSite, declared: Any) -> list[dict[str, str]]:
    there = {(row["section"], row["slug"]) for row in export_pages(site) or []} | _taken(
        site, declared
    )
    return [row for row in declared if (row["section"], row["slug"]) not in there]


def _taken(site: LiveSite, declared: Any) -> set[tuple[str, str]]:
    """Places where a page of another type stands."""
    sections = [
        site.sections[row["section"]] for row in declared if row["section"] in site.sections
    ]
    paths = dict(BasePage.objects.filter(pk__in=sections).values_list("path", "pk"))
    keys = {pk: key for key, pk in site.sections.items()}
    slugs = [row["slug"] for row in declared]
    rows = BasePage.objects.filter(slug__in=slugs).values_list("slug", "path")
    return {
        (keys[paths[path[: -BasePage.steplen]]], slug)
        for slug, path in rows
        if path[: -BasePage.steplen] in paths
    }


def page_changes(site: LiveSite, declared: Any) -> Sequence[Change]:
    return [
        Change(
            "pages",
            _("page “%(title)s” in %(section)s, as a draft that waits for its text") % row,
            is_made=site.is_new or row["section"] in site.sections,
        )
        for row in _missing(site, declared)
    ]


def apply_pages(site: LiveSite, declared: Any, actor: Any) -> None:
    for row in _missing(site, declared):
        if row["section"] in site.sections:
            create_page(
                actor=actor,
                parent=BasePage.objects.get(pk=site.sections[row["section"]]),
                page=SinglePage(title=row["title"], slug=row["slug"]),
                live=False,
            )


register_blueprint_part(
    "home", BlueprintPart(check_home, export_home, home_changes, apply_home, home_comes_by_itself)
)
register_blueprint_part(
    "pages", BlueprintPart(check_pages, export_pages, page_changes, apply_pages)
)
