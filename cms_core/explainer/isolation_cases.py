"""Explanations for the isolation probe: pages, pictures, files and people of others have none."""

from sites.registry.isolation import (
    Argument,
    IsolationCases,
    Laboratory,
    Resident,
    Try,
    register_isolation_cases,
)

from .page_facts import facts_of
from .people import people_here

_SURFACE = "explanations of rights"


def tries(own: Resident, other: Resident) -> list[Try]:
    """Another tenant's things by their keys, and another tenant's person asked about one's own page."""
    page, user = own.first("page"), other.first("user")
    paths = (
        f"explain/page/{other.first('page')}/",
        f"explain/page/{page}/?person={user}",
        f"explain/picture/{other.first('image')}/",
        f"explain/file/{other.first('document')}/",
        f"explain/person/{user}/",
    )
    return [Try(_SURFACE, "tenant_admin", path) for path in paths]


def check_code(laboratory: Laboratory) -> None:
    """The people and pages of the other tenant, asked for in code."""
    own, other = laboratory.own, laboratory.other
    with laboratory.inside(own, "site_administrator"):
        here = [(person.name, person.roles) for person in people_here()]
        laboratory.expect_clean(_SURFACE, here, "the people of the site")
        laboratory.expect(
            _SURFACE, facts_of(other.first("page")) is None, "facts of a foreign page"
        )


register_isolation_cases(
    "cms_core_explainer",
    IsolationCases(
        tries=tries,
        checks={_SURFACE: check_code},
        arguments=(
            Argument(r"^explain/", "image_id", ("image",)),
            Argument(r"^explain/", "document_id", ("document",)),
            Argument(r"^explain/", "pk", ("user",)),
        ),
    ),
)
