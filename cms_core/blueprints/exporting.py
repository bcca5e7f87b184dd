"""Writing a live site as a blueprint: its sections and what other apps offer, none of its content."""

from typing import Any

from sites.registry.blueprint_parts import LiveSite, blueprint_parts
from sites.tenancy.models import Tenant
from sites.tenancy.scope import tenant_scope

from .services import KIND_OF_BLUEPRINT
from .site_tree import keys_of, read_tree
from .toml_text import toml_text

SCHEMA = "jiyue.blueprint/1"


def export_blueprint(*, tenant: Tenant, code: str = "") -> str:
    """The TOML of a blueprint that opens a site as this one is built.

    Names stand as they are: where a unit's name should follow each site, put ``{unit_name}`` in its
    place. Pictures, texts and people stay with the site.
    """
    with tenant_scope(tenant):
        tree = read_tree(tenant)
        keys = keys_of(tree)
        site = LiveSite(tenant, {key: pk for pk, key in keys.items()})
        parts = {name: blueprint_parts.get(name).export(site) for name in blueprint_parts.names()}
        declared: dict[str, Any] = {
            "schema": SCHEMA,
            "code": code or f"site-{tenant.code}",
            "name": tenant.name,
            "kind": _kind(tenant),
            "vars": [],
            "columns": [_column(tree, keys, section) for section in tree.sections],
            **{name: value for name, value in parts.items() if value is not None},
        }
    return toml_text(declared)


def _kind(tenant: Tenant) -> str:
    """The blueprint of the product that opens tenants of this kind."""
    return next(
        (code for code, kind in KIND_OF_BLUEPRINT.items() if kind == tenant.kind), "department"
    )


def _column(tree: Any, keys: dict[int, str], section: Any) -> dict[str, Any]:
    parent = tree.parent_of(section)
    row: dict[str, Any] = {"name": _plain(section.title), "slug": section.slug}
    if keys[section.pk] != section.slug:
        row["key"] = keys[section.pk]
    if parent is not None:
        row["parent"] = keys[parent.pk]
    row["level"] = section.depth - tree.home.depth
    row["kind"] = section.section_kind
    if section.column_type:
        row["column_type"] = _plain(section.column_type)
    if section.update_interval_days is not None:
        row["update_days"] = section.update_interval_days
    if section.is_notice:
        row["notices"] = True
    if section.is_listed_when_empty:
        row["visible_when_empty"] = True
    if section.show_in_menus != (row["level"] == 1):
        row["in_menus"] = section.show_in_menus
    return row


def _plain(text: str) -> str:
    """Braces of a title are no variables."""
    return text.replace("{", "{{").replace("}", "}}")
