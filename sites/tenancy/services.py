"""Writes of tenants, bodies, divisions and addresses: the platform's work, in a system or opening scope.

Each function is one transaction and checks everything before the first row is written. Errors are
:class:`django.core.exceptions.ValidationError` naming the field, the value and the way out.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from . import rules
from .directory import Directory
from .enums import AddressKind, TenantStatus
from .models import Address, AdministrativeDivision, Organization, Tenant
from .rows import DivisionRow, OrganizationRow

#: What is taken, asked of the database.
ASKED = Directory()


def check_identification_code(
    code: str,
    division: AdministrativeDivision | None,
    *,
    exclude: int = 0,
    directory: Directory = ASKED,
) -> None:
    """Check a website identification code (网站标识码).

    :raises ValidationError: wrong shape, another division's digits, or already used.
    """
    if not code:
        return
    if not rules.is_identification_code(code):
        raise ValidationError(
            {
                "site_identification_code": _(
                    "%(code)s is not a site identification code: it has ten digits, or bm and eight digits."
                )
                % {"code": code}
            }
        )
    if division is not None and not rules.code_matches_division(code, division.division_code):
        raise ValidationError(
            {
                "site_identification_code": _(
                    "%(code)s does not start with %(digits)s, the code of %(name)s. Correct the code or the division."
                )
                % {"code": code, "digits": division.division_code[:6], "name": division.name}
            }
        )
    holder = directory.identification_holder(code, exclude)
    if holder:
        raise ValidationError(
            {
                "site_identification_code": _(
                    "%(code)s already belongs to %(name)s. Each site has a code of its own."
                )
                % {"code": code, "name": holder}
            }
        )


def check_address(
    host: str,
    prefix: str,
    *,
    exclude_tenant: int = 0,
    directory: Directory = ASKED,
    kind: str = AddressKind.ALIAS,
) -> None:
    """Check that ``host`` + ``prefix`` is well formed, free, and hides nothing.

    Nothing is served in the folder of an old site: its name may have signs that a channel's has not.

    :raises ValidationError: bad shape, reserved segment, taken address, a prefix whose portal does not
        exist, or a prefix that would hide a page of the portal.
    """
    if not rules.is_host(host):
        raise ValidationError(
            {
                "host": _("%(host)s is not a host name. Write it like www.example.gov.cn.")
                % {"host": host}
            }
        )
    if kind == AddressKind.OLD_FOLDER:
        if not rules.is_old_folder(prefix):
            raise ValidationError(
                {
                    "prefix": _(
                        "%(prefix)s is not a folder of an old site. Write what stood before the pages of this "
                        "site alone: one to three segments, like /s.php/gov2."
                    )
                    % {"prefix": prefix}
                }
            )
    elif not rules.is_prefix(prefix):
        raise ValidationError(
            {
                "prefix": _(
                    "%(prefix)s is not a channel prefix. Write one to three segments of small letters, "
                    "digits and hyphens, like /bm/czj."
                )
                % {"prefix": prefix}
            }
        )
    if rules.is_reserved_prefix(prefix):
        raise ValidationError(
            {
                "prefix": _("%(prefix)s is used by the platform itself. Choose another.")
                % {"prefix": prefix}
            }
        )
    holder = directory.address_holder(host, prefix, exclude_tenant)
    if holder:
        raise ValidationError(
            {
                "host": _(
                    "%(address)s already belongs to %(name)s. Close that address first, or choose another."
                )
                % {"address": f"{host}{prefix}/", "name": holder}
            }
        )
    if prefix:
        _check_prefix_on_portal(host, prefix, directory)


def _check_prefix_on_portal(host: str, prefix: str, directory: Directory) -> None:
    portal = directory.portal(host)
    if portal is None:
        raise ValidationError(
            {
                "prefix": _(
                    "No portal answers on %(host)s, so it can carry no channel. Open the portal first."
                )
                % {"host": host}
            }
        )
    if not portal.home_path:
        return
    hidden = directory.page_title(f"{portal.home_path}{prefix[1:]}/")
    if hidden is not None:
        raise ValidationError(
            {
                "prefix": _(
                    "%(prefix)s would hide the page “%(title)s” of %(name)s. Choose another prefix or rename the page."
                )
                % {"prefix": prefix, "title": hidden, "name": portal.name}
            }
        )


@transaction.atomic
def record_divisions(*, actor: Any, rows: Iterable[DivisionRow]) -> int:
    """Record divisions, parents first. Existing codes are left as they are.

    :returns: how many were new. :raises ValidationError: an unknown parent or a cycle, naming the codes.
    """
    rows = list(rows)
    _refuse_cycle({row.division_code: row.parent_code or None for row in rows}, _("divisions"))
    known = {d.division_code: d for d in AdministrativeDivision.objects.all()}
    made = 0
    for row in _parents_first(rows, lambda r: r.division_code, lambda r: r.parent_code):
        if row.division_code in known:
            continue
        if row.parent_code and row.parent_code not in known:
            raise ValidationError(
                _(
                    "Division %(code)s names the unknown parent %(parent)s. Add the parent to the list."
                )
                % {"code": row.division_code, "parent": row.parent_code}
            )
        division = AdministrativeDivision(
            division_code=row.division_code,
            name=row.name,
            level=row.level,
            parent=known.get(row.parent_code),
        )
        division.full_clean(exclude=["parent"], validate_unique=False)
        division.save(force_insert=True)
        known[row.division_code] = division
        made += 1
    return made


@transaction.atomic
def record_organizations(*, actor: Any, rows: Iterable[OrganizationRow]) -> int:
    """Record bodies of government. Existing codes are left as they are.

    :returns: how many were new. :raises ValidationError: a cycle, an unknown parent or division.
    """
    rows = list(rows)
    _refuse_cycle({row.code: row.parent_code or None for row in rows}, _("organizations"))
    known = {o.code: o for o in Organization.objects.all()}
    divisions = {d.division_code: d for d in AdministrativeDivision.objects.all()}
    made = 0
    for row in _parents_first(rows, lambda r: r.code, lambda r: r.parent_code):
        if row.code in known:
            continue
        if row.parent_code and row.parent_code not in known:
            raise ValidationError(
                _(
                    "Organization %(code)s names the unknown parent %(parent)s. Add the parent to the list."
                )
                % {"code": row.code, "parent": row.parent_code}
            )
        if row.division_code and row.division_code not in divisions:
            raise ValidationError(
                _(
                    "Organization %(code)s names the unknown division %(division)s. Record the division first."
                )
                % {"code": row.code, "division": row.division_code}
            )
        organization = Organization(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            kind=row.kind,
            division=divisions.get(row.division_code),
            parent=known.get(row.parent_code),
        )
        organization.full_clean(exclude=["parent", "division"], validate_unique=False)
        organization.save(force_insert=True)
        known[row.code] = organization
        made += 1
    return made


@transaction.atomic
def set_organization_parent(
    *, actor: Any, organization: Organization, parent: Organization | None
) -> Organization:
    """Move a body below another one. :raises ValidationError: it would become its own superior."""
    parents: dict[str, str | None] = dict(Organization.objects.values_list("code", "parent__code"))
    parents[organization.code] = parent.code if parent else None
    _refuse_cycle(parents, _("organizations"))
    organization.parent = parent
    organization.save(update_fields=["parent"])
    return organization


def _refuse_cycle(parents: dict[str, str | None], what: str) -> None:
    cycle = rules.find_cycle(parents)
    if cycle:
        raise ValidationError(
            _(
                "The %(what)s %(codes)s contain each other in a circle. Correct the parent of one of them."
            )
            % {"what": what, "codes": " → ".join([*cycle, cycle[0]])}
        )


def _parents_first(rows: Sequence[Any], key: Any, parent: Any) -> list[Any]:
    by_key = {key(row): row for row in rows}
    ordered: dict[str, Any] = {}
    for row in rows:
        chain = []
        step: Any = row
        while step is not None and key(step) not in ordered:
            chain.append(step)
            step = by_key.get(parent(step))
        for step in reversed(chain):
            ordered[key(step)] = step
    return list(ordered.values())


@transaction.atomic
def create_tenants_in_bulk(*, actor: Any, tenants: Sequence[Tenant]) -> None:
    """As :func:`create_tenant` for many unsaved rows, already checked, in one statement."""
    Tenant.objects.bulk_create(tenants)


@transaction.atomic
def add_addresses_in_bulk(*, actor: Any, addresses: Sequence[Address]) -> None:
    """As :func:`add_address` for many rows, already checked, in one statement."""
    Address.objects.bulk_create(addresses)


def check_tenant(tenant: Tenant, *, directory: Directory = ASKED) -> None:
    """Check a tenant's row before it is made, all but its address.

    :raises ValidationError: a field is wrong or taken, by field.
    """
    errors: dict[str, Any] = {}
    # Keys are rows that were read just now; Django would read each again.
    keys = {field.name for field in tenant._meta.concrete_fields if field.is_relation}
    try:
        tenant.clean_fields(exclude={"site_identification_code", *keys})
    except ValidationError as error:
        errors.update(error.update_error_dict({}))
    holder = directory.code_holder(tenant.code)
    if holder:
        errors["code"] = [
            _("A site with the code %(code)s exists already.") % {"code": tenant.code}
        ]
    for check in (
        lambda: check_identification_code(
            tenant.site_identification_code, tenant.division, directory=directory
        ),
        lambda: check_edition(tenant),
    ):
        try:
            check()
        except ValidationError as error:
            errors.update(error.update_error_dict({}))
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def create_tenant(*, actor: Any, code: str, name: str, kind: str, **fields: Any) -> Tenant:
    """Create the tenant's own row; its pages, roles and addresses are made by ``cms_core.blueprints``.

    :raises ValidationError: a field is wrong or taken.
    """
    tenant = Tenant(code=code, name=name, kind=kind, **fields)
    tenant.full_clean(exclude=["site_identification_code"])
    check_identification_code(tenant.site_identification_code, tenant.division)
    check_edition(tenant)
    tenant.save(force_insert=True)
    return tenant


def check_edition(tenant: Tenant) -> None:
    """An edition (外文版) says the same site in a language that the site does not have yet.

    :raises ValidationError: an edition of an edition, or a second one in one language.
    """
    original = tenant.edition_of
    if original is None:
        return
    if original.edition_of_id is not None:
        raise ValidationError(
            {
                "edition_of": _("%(site)s is an edition itself: name the site that it is of.")
                % {"site": original}
            }
        )
    taken = Tenant.objects.filter(Q(pk=original.pk) | Q(edition_of=original)).exclude(pk=tenant.pk)
    other = taken.filter(language_code=tenant.language_code).first()
    if other is not None:
        raise ValidationError(
            {"language_code": _("%(site)s is in this language already.") % {"site": other}}
        )


@transaction.atomic
def add_address(
    *, actor: Any, tenant: Tenant, host: str, prefix: str = "", kind: str = AddressKind.ALIAS
) -> Address:
    """Let ``tenant`` answer on one more address; one of its own former addresses answers again.

    :raises ValidationError: see :func:`check_address`.
    """
    host = rules.normalize_host(host)
    check_address(host, prefix, exclude_tenant=tenant.pk, kind=kind)
    former = Address.objects.filter(tenant=tenant, host=host, prefix=prefix).first()
    if former is None:
        return Address.objects.create(tenant=tenant, host=host, prefix=prefix, kind=kind)
    if former.kind == AddressKind.REDIRECT:
        former.kind = kind
        former.save(update_fields=["kind"])
    return former


@transaction.atomic
def move_tenant(*, actor: Any, tenant: Tenant, host: str, prefix: str = "") -> Address:
    """Make ``host`` + ``prefix`` the tenant's primary address; the former one redirects from now on.

    Moves between an own host and a channel of the portal: address rows change, no page does.

    :raises ValidationError: see :func:`check_address`.
    """
    host = rules.normalize_host(host)
    check_address(host, prefix, exclude_tenant=tenant.pk)
    Address.objects.filter(tenant=tenant, kind=AddressKind.PRIMARY).exclude(
        host=host, prefix=prefix
    ).update(kind=AddressKind.REDIRECT)
    address, _created = Address.objects.update_or_create(
        tenant=tenant, host=host, prefix=prefix, defaults={"kind": AddressKind.PRIMARY}
    )
    return address


@transaction.atomic
def open_for_visitors(*, actor: Any, tenant: Tenant, opened_on: Any) -> Tenant:
    """From now on the tenant's addresses answer."""
    tenant.status = TenantStatus.OPEN
    tenant.opened_on = opened_on
    tenant.save(update_fields=["status", "opened_on"])
    return tenant


@transaction.atomic
def close_tenant(
    *, actor: Any, tenant: Tenant, notice: str, closed_on: Any, successor: Tenant | None = None
) -> Tenant:
    """Close the site: its addresses answer with the notice (国办发〔2017〕47号: at least 30 days).

    :raises ValidationError: no notice text, or the site would succeed itself.
    """
    if not notice.strip():
        raise ValidationError(
            {"notice": _("Say why the site is closed and where its content went.")}
        )
    if successor is not None and successor.pk == tenant.pk:
        raise ValidationError({"successor": _("A site cannot be its own successor.")})
    tenant.status = TenantStatus.CLOSED
    tenant.notice = notice
    tenant.closed_on = closed_on
    tenant.successor = successor
    tenant.save(update_fields=["status", "notice", "closed_on", "successor"])
    return tenant
