"""Checking a list of sites against what stands: the rules of opening one site, read at once for all.

The number of statements does not grow with the list.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sites.tenancy import services as tenancy
from sites.tenancy.directory import Claim, LoadedDirectory
from sites.tenancy.enums import AddressKind
from sites.tenancy.models import Address, AdministrativeDivision, Organization, Tenant
from sites.tenancy.rules import find_cycle, normalize_host

from .bulk import unsaved_tenant
from .opening_list import Finding, ListedSite, column_word
from .rules import Blueprint, missing_variables
from .selectors import blueprints
from .services import KIND_OF_BLUEPRINT, OpeningRequest

#: Column of a list → field of the tenant that takes its text as it is.
_TEXTS = {
    "short_name": "short_name",
    "identification_code": "site_identification_code",
    "icp": "icp_license_number",
    "police": "police_record_number",
    "conac": "conac_id",
    "phone": "contact_phone",
    "address": "contact_address",
}
#: Field that a check of the platform names → column of the list.
_COLUMNS = {
    **{name: column for column, name in _TEXTS.items()},
    "language_code": "language",
    "sponsor_organization": "sponsor",
}
#: What is compared with a site that stands.
_COMPARED = (
    "name",
    "short_name",
    "blueprint",
    "address",
    "portal",
    "edition_of",
    "language",
    "sponsor",
    "operator",
    "division",
    "identification_code",
)


@dataclass(frozen=True, slots=True)
class CheckedList:
    """What is to be done with a list.

    ``to_open``: request by line, portals before what names them. ``standing``: lines of sites that stand
    as the list says; ``differing``: of those that stand otherwise, with what differs; nothing of either
    is touched. ``waves``: lines of ``to_open`` in groups that need nothing of one another.
    """

    to_open: Mapping[int, OpeningRequest] = field(default_factory=dict)
    waves: Sequence[Sequence[int]] = ()
    standing: Sequence[int] = ()
    differing: Mapping[int, Sequence[str]] = field(default_factory=dict)
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """In which order a list is opened, before any site of it is checked.

    ``standing``: sites whose codes are there. ``waves``: the others in groups that need nothing of one
    another, portals first. ``lost``: those that no order opens, with ``findings`` that say why.
    """

    standing: Sequence[ListedSite]
    waves: Sequence[Sequence[ListedSite]]
    lost: Sequence[ListedSite]
    findings: Sequence[Finding]


def order_list(sites: Sequence[ListedSite]) -> Order:
    """Put a list into the order in which it is opened. One query."""
    codes = {site["code"] for site in sites}
    there = set(Tenant.objects.filter(code__in=codes).values_list("code", flat=True))
    fresh = [site for site in sites if site["code"] not in there]
    waves, circle = _waves(fresh)
    placed = {site.line for wave in waves for site in wave}
    return Order(
        standing=[site for site in sites if site["code"] in there],
        waves=[_portals_first(wave) for wave in waves],
        lost=[site for site in fresh if site.line not in placed],
        findings=circle,
    )


@dataclass
class _Known:
    """Rows of the directory that the list names, by code."""

    tenants: dict[str, Tenant]
    bodies: dict[str, Organization]
    divisions: dict[str, AdministrativeDivision]
    addresses: dict[int, Address]
    blueprints: dict[str, Blueprint]


def check_list(sites: Sequence[ListedSite]) -> CheckedList:
    """Sort the sites of a list into what can be opened, what stands and what is wrong.

    Runs in a system scope: it looks for pages of portals that a channel would hide.
    """
    known = _known(sites)
    findings: list[Finding] = []
    standing: list[int] = []
    differing: dict[int, list[str]] = {}
    fresh: list[ListedSite] = []
    for site in sites:
        there = known.tenants.get(site["code"])
        if there is None:
            fresh.append(site)
            continue
        differences = _differences(site, there, known)
        if differences:
            differing[site.line] = differences
        else:
            standing.append(site.line)
    waves, circle = _waves(fresh)
    findings += circle
    directory = LoadedDirectory(_claims(fresh))
    requests: dict[int, OpeningRequest] = {}
    opened: set[str] = set()
    kept: list[list[int]] = []
    for wave in waves:
        lines = []
        for site in _portals_first(wave):
            request, wrong = _request(site, known, opened, directory)
            findings += wrong
            if request is not None:
                requests[site.line] = request
                opened.add(site["code"])
                directory.plan(_claim(site), site["name"])
                lines.append(site.line)
        kept.append(lines)
    findings.sort(key=lambda one: (one.line, one.column))
    return CheckedList(requests, kept, standing, differing, findings)


def _known(sites: Sequence[ListedSite]) -> _Known:
    codes = {s[c] for s in sites for c in ("code", "portal", "edition_of") if s[c]}
    tenants = {
        tenant.code: tenant
        for tenant in Tenant.objects.filter(code__in=codes).select_related(
            "parent", "edition_of", "sponsor_organization", "operator_organization", "division"
        )
    }
    bodies = {s[c] for s in sites for c in ("sponsor", "operator") if s[c]}
    divisions = {s["division"] for s in sites if s["division"]}
    return _Known(
        tenants,
        {row.code: row for row in Organization.objects.filter(code__in=bodies)},
        {
            row.division_code: row
            for row in AdministrativeDivision.objects.filter(division_code__in=divisions)
        },
        {
            row.tenant_id: row
            for row in Address.objects.filter(
                tenant__in=list(tenants.values()), kind=AddressKind.PRIMARY
            )
        },
        blueprints(),
    )


def _claim(site: ListedSite) -> Claim:
    return Claim(
        site["code"], normalize_host(site["host"]), site["prefix"], site["identification_code"]
    )


def _claims(sites: Iterable[ListedSite]) -> list[Claim]:
    return [_claim(site) for site in sites]


def _waves(sites: Sequence[ListedSite]) -> tuple[list[list[ListedSite]], list[Finding]]:
    """Sites of the list after the portals and originals of the same list that they name."""
    by_code = {site["code"]: site for site in sites}
    needs: dict[str, set[str]] = {
        site["code"]: {
            site[column] for column in ("portal", "edition_of") if site[column] in by_code
        }
        for site in sites
    }
    findings = []
    circle = find_cycle({code: min(named, default=None) for code, named in needs.items()})
    if circle:
        text = _("the sites %(codes)s name each other in a circle. Correct one of them.")
        findings.append(
            Finding(by_code[circle[0]].line, "portal", text % {"codes": " → ".join(circle)})
        )
    waves: list[list[ListedSite]] = []
    done: set[str] = set()
    waiting = list(sites)
    while waiting:
        ready = [site for site in waiting if needs[site["code"]] <= done]
        if not ready:
            if not findings:
                text = _("the site needs a site of the list that needs it. Correct one of them.")
                findings.append(Finding(waiting[0].line, "portal", text))
            break
        waves.append(ready)
        done |= {site["code"] for site in ready}
        waiting = [site for site in waiting if site["code"] not in done]
    return waves, findings


def _portals_first(wave: Sequence[ListedSite]) -> list[ListedSite]:
    """A portal of the same list stands before its channels: bare hosts first."""
    return sorted(wave, key=lambda one: (bool(one["prefix"]), one.line))


def _request(
    site: ListedSite, known: _Known, opened: set[str], directory: LoadedDirectory
) -> tuple[OpeningRequest | None, list[Finding]]:
    """The request of one line, or what is wrong with it."""
    wrong: list[Finding] = []

    def refuse(column: str, text: str) -> None:
        wrong.append(Finding(site.line, column, text))

    plan = known.blueprints.get(site["blueprint"])
    if plan is None:
        refuse(
            "blueprint",
            _("there is no blueprint %(blueprint)s. Known are %(known)s.")
            % {"blueprint": site["blueprint"], "known": ", ".join(known.blueprints)},
        )
        return None, wrong
    fields, opened_on = _fields(site, known, opened, refuse)
    request = OpeningRequest(
        code=site["code"],
        name=site["name"],
        blueprint=plan,
        host=normalize_host(site["host"]),
        prefix=site["prefix"],
        variables=site.variables,
        fields=fields,
        opened_on=opened_on,
    )
    missing = missing_variables(plan, site.variables)
    if missing:
        refuse(
            f"var:{missing[0]}",
            _(
                "the blueprint %(blueprint)s needs a value for %(names)s. Add a column of that name, or "
                "write %(first)s=VALUE into the column variables."
            )
            % {
                "blueprint": plan.code,
                "names": ", ".join(
                    column_word(f"var:{name}").removeprefix("var:") for name in missing
                ),
                "first": missing[0],
            },
        )
    for check in (
        lambda: tenancy.check_tenant(unsaved_tenant(request), directory=directory),
        lambda: tenancy.check_address(request.host, request.prefix, directory=directory),
    ):
        try:
            check()
        except ValidationError as error:
            for name, texts in error.update_error_dict({}).items():
                for text in ValidationError(texts).messages:
                    refuse(_COLUMNS.get(name, "" if name == "__all__" else name), text)
    return (None, wrong) if wrong else (request, [])


def _fields(
    site: ListedSite, known: _Known, opened: set[str], refuse: Any
) -> tuple[dict[str, Any], date | None]:
    """Columns of the tenant; rows of the directory are looked up, those of this list come later."""
    fields: dict[str, Any] = {name: site[column] for column, name in _TEXTS.items()}
    fields["language_code"] = site["language"] or settings.LANGUAGE_CODE
    for column, name, found, what in (
        ("sponsor", "sponsor_organization", known.bodies, _("organization")),
        ("operator", "operator_organization", known.bodies, _("organization")),
        ("division", "division", known.divisions, _("administrative division")),
        ("portal", "parent", known.tenants, _("site")),
        ("edition_of", "edition_of", known.tenants, _("site")),
    ):
        code = site[column]
        if code and code in found:
            fields[name] = found[code]
        elif code and not (column in {"portal", "edition_of"} and code in opened):
            refuse(
                column,
                _("there is no %(what)s %(code)s. Record it first, or correct the code.")
                % {"what": what, "code": code},
            )
    opened_on = None
    if site["opened_on"]:
        try:
            opened_on = date.fromisoformat(site["opened_on"].replace("/", "-"))
        except ValueError:
            refuse("opened_on", _("write the day as YYYY-MM-DD."))
    return fields, opened_on


def _differences(site: ListedSite, there: Tenant, known: _Known) -> list[str]:
    """Columns in which a site that stands is not as the list says, with both values."""
    address = known.addresses.get(there.pk)
    stands = {
        "name": there.name,
        "short_name": there.short_name,
        "blueprint": there.kind,
        "address": str(address) if address else "",
        "portal": there.parent.code if there.parent else "",
        "edition_of": there.edition_of.code if there.edition_of else "",
        "language": there.language_code,
        "sponsor": there.sponsor_organization.code if there.sponsor_organization else "",
        "operator": there.operator_organization.code if there.operator_organization else "",
        "division": there.division.division_code if there.division else "",
        "identification_code": there.site_identification_code,
    }
    plan = known.blueprints.get(site["blueprint"])
    kind = KIND_OF_BLUEPRINT[plan.kind] if plan is not None else site["blueprint"]
    wanted = {
        **{name: site[name] for name in _COMPARED},
        "blueprint": kind,
        "address": f"{normalize_host(site['host'])}{site['prefix']}/",
        "language": site["language"] or settings.LANGUAGE_CODE,
    }
    return [
        _("%(column)s: stands as “%(stands)s”, the list says “%(wanted)s”")
        % {"column": column_word(name), "stands": stands[name], "wanted": wanted[name]}
        for name in _COMPARED
        if stands[name] != wanted[name]
    ]
