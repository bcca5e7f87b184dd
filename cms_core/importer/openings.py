"""Opening the site that an old one moves into, where there is none yet.

`plan_opening` is pure: code, name, address and blueprint variables of the new
site from what the old one is called. `target_of` finds the site, opens it, or,
for a dry run, stands in for it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms_core.blueprints.rules import BlueprintError, without_blank_sections
from cms_core.blueprints.selectors import blueprint as declared_blueprint
from cms_core.blueprints.services import OpeningRequest, check_opening, open_tenant
from cms_core.pages.models import ArticlePage
from sites.tenancy.enums import AddressKind
from sites.tenancy.models import Tenant
from sites.tenancy.rules import TENANT_CODE_PATTERN
from sites.tenancy.scope import system_scope, tenant_scope
from sites.tenancy.selectors import primary_address
from sites.tenancy.services import add_address

from .exceptions import ImportFailed
from .models import ImportRun
from .sources.records import LegacySite
from .texts import decode_text, find_mojibake

#: The sub-sites of an old group belong to the bureaus of a city: far the most numerous kind, and the only
#: blueprint besides the township's that needs to know nothing of the place.
DEFAULT_BLUEPRINT = "department"
#: Where the national layout rules put the channels of departments below a portal.
DEFAULT_CHANNEL = "/bm/{code}"
_LONGEST_CODE = 40
_LONGEST_NAME = 100
#: What a portal's name holds beside the place: 桃源县人民政府门户网站 is the portal of 桃源.
_PLACE = re.compile(
    r"\A(?:.*(?:省|自治区))?(?P<place>[\u4e00-\u9fff]{1,12}?)(?P<level>市|县|区|旗)?"
    r"(?:人民政府|政府)?(?:门户)?(?:网站|网|主站)?\Z"
)
_HEADS = {"township_channel": "镇长", "department": "局长"}


@dataclass(frozen=True, slots=True)
class OpeningPlan:
    """How missing sites are opened; `{code}` in a pattern is the new site's code.

    `old_host`: host of the old group; the folders that its sites had there lead to them from now on.
    `names`: old code → name. `fields`: further columns of the new tenants, such as their parent.
    """

    host_pattern: str
    blueprint: str = DEFAULT_BLUEPRINT
    portal: str = ""
    channel_pattern: str = DEFAULT_CHANNEL
    code_prefix: str = ""
    old_host: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """The site that an old one moves into. `notes` tell what was made of a name or code that would not do."""

    tenant: Tenant
    opened: bool
    notes: tuple[str, ...] = ()


def beside_administration() -> str:
    """Hosts beside that of the administration: admin.city.gov.cn gives {code}.city.gov.cn."""
    host = settings.ADMIN_HOST.partition(":")[0]
    _first, separator, domain = host.partition(".")
    return f"{{code}}.{domain if separator else host}"


def tenant_codes(sites: Sequence[LegacySite], shape: str, prefix: str = "") -> dict[str, str]:
    """Old site code → code of its new site: small Latin letters, digits and hyphens, no two alike."""
    codes: dict[str, str] = {}
    for site in sites:
        plain = re.sub(r"[^a-z0-9]+", "-", site.code.lower()).strip("-")
        if not plain:
            plain = _short_digest(site.code)
        code = f"{prefix}{plain}"
        if not code[0].isalpha():
            code = f"{shape}-{code}"
        code = code[:_LONGEST_CODE].rstrip("-")
        if code in codes.values() or not re.match(TENANT_CODE_PATTERN, code):
            code = f"{code[: _LONGEST_CODE - 9].rstrip('-') or shape}-{_short_digest(site.code)}"
        codes[site.code] = code
    return codes


def _short_digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def site_name(site: LegacySite, wanted: str = "") -> tuple[str, tuple[str, ...]]:
    """A name fit to stand on every page, and what was wrong with the old one."""
    if wanted:
        return wanted, ()
    name = decode_text(site.name).text[:_LONGEST_NAME]
    stand_in = _("Old site %(code)s") % {"code": decode_text(site.code).text}
    if not name or name == site.code:
        return stand_in, (
            _("the source does not tell its name; it is called “%(name)s” until somebody names it")
            % {"name": stand_in},
        )
    if find_mojibake(name):
        return stand_in, (
            _("its name is garbled (“%(text)s”); it is called “%(name)s” until somebody names it")
            % {"text": name[:20], "name": stand_in},
        )
    return name, ()


def blueprint_variables(name: str, code: str, blueprint: str) -> dict[str, str]:
    """What the blueprints ask for, read off the name as far as it tells."""
    match = _PLACE.match(name)
    place, level = (match["place"], match["level"]) if match else (name, None)
    return {
        "unit_name": name,
        "unit": code,
        "head": _HEADS.get(blueprint, "局长"),
        "gov": name,
        "place": place,
        "level": level or "县",
    }


def opening_request(site: LegacySite, code: str, plan: OpeningPlan) -> OpeningRequest:
    """What is needed to open the site; the sections it brings are not to stand behind blank ones.

    Raises `ImportFailed` for an unknown portal or one without an address, `BlueprintError` for an
    unknown blueprint.
    """
    name, _notes = site_name(site, plan.names.get(site.code, ""))
    host, prefix = plan.host_pattern.replace("{code}", code), ""
    fields = dict(plan.fields)
    if plan.portal:
        portal = Tenant.objects.filter(code=plan.portal).first()
        address = primary_address(portal.pk) if portal is not None else None
        if portal is None or address is None:
            raise ImportFailed(
                _("There is no portal with the code “%(code)s” that has an address. Open it first.")
                % {"code": plan.portal}
            )
        host, prefix = address.host, plan.channel_pattern.replace("{code}", code)
        fields["parent"] = portal
    return OpeningRequest(
        code=code,
        name=name,
        blueprint=without_blank_sections(declared_blueprint(plan.blueprint)),
        host=host,
        prefix=prefix,
        variables={**blueprint_variables(name, code, plan.blueprint), **plan.variables},
        fields=fields,
    )


def target_of(
    *, actor: Any, site: LegacySite, code: str, plan: OpeningPlan, dry_run: bool
) -> Target:
    """The site with this code; where it is missing it is opened, all or nothing.

    A dry run opens none: it checks the opening and gives a stand-in without rows.

    Raises `ImportFailed` when it cannot be opened.
    """
    tenant = Tenant.objects.filter(code=code).first()
    if tenant is not None:
        return Target(tenant, opened=False)
    notes = site_name(site, plan.names.get(site.code, ""))[1]
    try:
        request = opening_request(site, code, plan)
        if dry_run:
            check_opening(request)
            # The number 0 is nobody's: in nobody's scope every table is empty.
            return Target(Tenant(pk=0, code=code, name=request.name, site_id=0), True, notes)
        return Target(open_tenant(actor=actor, request=request), True, notes)
    except ValidationError as error:
        raise ImportFailed(
            _("The site “%(code)s” cannot be opened: %(why)s")
            % {"code": code, "why": " ".join(error.messages)}
        ) from error
    except BlueprintError as error:
        raise ImportFailed(
            _("The site “%(code)s” cannot be opened: %(why)s")
            % {"code": code, "why": _("%(why)s. Give it as --var NAME=VALUE.") % {"why": error}}
        ) from error


def lead_folder(*, site: LegacySite, tenant: Tenant, old_host: str) -> str:
    """What stood in the folder of the old site leads to the new one; why not, where it cannot be."""
    if not old_host or not site.folder:
        return ""
    try:
        with system_scope("the folder that a merged site had on the host of its group"):
            add_address(
                actor=None,
                tenant=tenant,
                host=old_host,
                prefix=site.folder,
                kind=AddressKind.OLD_FOLDER,
            )
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def require_own(target: Target, source_name: str) -> None:
    """Refuses a site that merely has the code an old one would get.

    A site with articles that none of this source's runs has touched is somebody
    else's: raises `ImportFailed`.
    """
    if target.opened:
        return
    with tenant_scope(target.tenant):
        if ImportRun.objects.filter(source_name=source_name).exists():
            return
        if not ArticlePage.objects.exists():
            return
    raise ImportFailed(
        _(
            "The site “%(code)s” (%(name)s) exists and has articles of its own; the old site %(source)s was never "
            "merged into it. Choose other codes with --code-prefix, or merge it by itself with --site-code and "
            "--tenant %(code)s."
        )
        % {"code": target.tenant.code, "name": target.tenant.name, "source": source_name}
    )
