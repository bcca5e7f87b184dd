"""What is taken in the directory: asked row by row for one site, or read once for hundreds.

The checks of :mod:`sites.tenancy.services` ask one of these two, so that a list of sites is checked by
the same rules, in the same words, as a single one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from swapper import load_model

from .enums import AddressKind
from .models import Address, Tenant

#: Values in one IN of a statement; SQLite takes 32,766 parameters.
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Portal:
    """Who answers on a bare host. ``home_path``: path of its home page in the tree, empty without one."""

    name: str
    home_path: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one site wants to hold: for reading a whole list's worth of the directory at once."""

    code: str
    host: str
    prefix: str
    identification_code: str = ""


class Directory:
    """Asks the database each time."""

    def code_holder(self, code: str) -> str:
        """Name of the site with this code, or empty."""
        return Tenant.objects.filter(code=code).values_list("name", flat=True).first() or ""

    def identification_holder(self, code: str, exclude: int = 0) -> str:
        """Name of the site with this identification code, or empty."""
        found = Tenant.objects.filter(site_identification_code=code).exclude(pk=exclude)
        return found.values_list("name", flat=True).first() or ""

    def address_holder(self, host: str, prefix: str, exclude_tenant: int = 0) -> str:
        """Name of the site that holds the address, or empty."""
        found = Address.objects.filter(host=host, prefix=prefix).exclude(tenant_id=exclude_tenant)
        return found.values_list("tenant__name", flat=True).first() or ""

    def portal(self, host: str) -> Portal | None:
        """Who answers on the bare host."""
        found = _portals([host])
        return found.get(host)

    def page_title(self, url_path: str) -> str | None:
        """Title of the page at this path of the tree."""
        pages = load_model("wagtailcore", "Page")._base_manager.filter(url_path=url_path)
        return pages.order_by("pk").values_list("title", flat=True).first()


class LoadedDirectory(Directory):
    """Read in a fixed number of statements for all of ``claims``; grows by what is planned beside it."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        wanted = list(claims)
        self.codes: dict[str, str] = {}
        self.identification_codes: dict[str, str] = {}
        self.addresses: dict[tuple[str, str], str] = {}
        for some in _batches({claim.code for claim in wanted}):
            self.codes.update(Tenant.objects.filter(code__in=some).values_list("code", "name"))
        for some in _batches({c.identification_code for c in wanted if c.identification_code}):
            rows = Tenant.objects.filter(site_identification_code__in=some)
            self.identification_codes.update(rows.values_list("site_identification_code", "name"))
        hosts = {claim.host for claim in wanted}
        for some in _batches(hosts):
            held = Address.objects.filter(host__in=some)
            self.addresses.update(
                {
                    (host, prefix): name
                    for host, prefix, name in held.values_list("host", "prefix", "tenant__name")
                }
            )
        self.portals: dict[str, Portal] = {}
        for some in _batches({claim.host for claim in wanted if claim.prefix}):
            self.portals.update(_portals(some))
        paths = {
            f"{self.portals[claim.host].home_path}{claim.prefix[1:]}/"
            for claim in wanted
            if claim.prefix and claim.host in self.portals
        }
        self.titles: dict[str, str] = {}
        pages = load_model("wagtailcore", "Page")._base_manager
        for some in _batches(paths):
            rows = pages.filter(url_path__in=some).order_by("-pk")
            self.titles.update(rows.values_list("url_path", "title"))

    def plan(self, claim: Claim, name: str) -> None:
        """From now on ``claim`` counts as taken by the site ``name``."""
        self.codes[claim.code] = name
        if claim.identification_code:
            self.identification_codes[claim.identification_code] = name
        self.addresses[claim.host, claim.prefix] = name
        if not claim.prefix:
            self.portals.setdefault(claim.host, Portal(name))

    def code_holder(self, code: str) -> str:
        return self.codes.get(code, "")

    def identification_holder(self, code: str, exclude: int = 0) -> str:
        return self.identification_codes.get(code, "")

    def address_holder(self, host: str, prefix: str, exclude_tenant: int = 0) -> str:
        return self.addresses.get((host, prefix), "")

    def portal(self, host: str) -> Portal | None:
        return self.portals.get(host)

    def page_title(self, url_path: str) -> str | None:
        return self.titles.get(url_path)


def _portals(hosts: Iterable[str]) -> dict[str, Portal]:
    rows: Any = (
        Address.objects.filter(host__in=list(hosts), prefix="")
        .exclude(kind=AddressKind.REDIRECT)
        .values_list("host", "tenant__name", "tenant__site__root_page_id")
    )
    found = list(rows)
    pages = load_model("wagtailcore", "Page")._base_manager
    homes = dict(
        pages.filter(pk__in={home for _host, _name, home in found if home}).values_list(
            "pk", "url_path"
        )
    )
    return {host: Portal(name, homes.get(home, "")) for host, name, home in found}


def _batches(values: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted(values)
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
