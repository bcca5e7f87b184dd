"""How the isolation probe opens its tenants: as every site is opened."""

from typing import Any

from sites.registry.isolation import Argument, IsolationCases, Mount, register_isolation_cases

from .services import OpeningRequest, open_tenant


def open_probe_tenant(code: str, name: str, host: str, parent: Any) -> Any:
    """A portal, or a department below ``parent``."""
    blueprint = "city_portal" if parent is None else "department"
    short = name.rpartition(" ")[2]
    return open_tenant(
        actor=None,
        request=OpeningRequest(
            code=code,
            name=name,
            blueprint=blueprint,
            host=host,
            variables={
                "place": short,
                "gov": short,
                "unit_name": short,
                "unit": short,
                "head": short,
            },
            fields={"short_name": code, "parent": parent},
        ),
    )


register_isolation_cases(
    "cms_core_blueprints",
    IsolationCases(
        open_tenant=open_probe_tenant,
        arguments=(Argument(r"^platform/opening/", "pk", values=("1",)),),
        unfurnished={
            "cms_core_blueprints.OpeningRun": "rows of the platform, seen by its own staff only",
        },
        mounts=(
            Mount("public", "cms_core.urls.public", "public", gathers=r"^/(?!api/|documents/)"),
        ),
    ),
)
