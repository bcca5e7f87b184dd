"""What an operator says of an old site that is to be merged."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms_core.blueprints.services import KIND_OF_BLUEPRINT
from sites.accounts.forms import AccessibleErrors
from sites.tenancy.models import Tenant
from sites.tenancy.rules import TENANT_CODE_PATTERN

from . import brought
from .enums import PersonalData
from .openings import DEFAULT_BLUEPRINT
from .orders import OrderOptions

ONE, EACH = "one", "each"
_BLUEPRINTS = {
    "city_portal": gettext_lazy("City portal"),
    "county_portal": gettext_lazy("District or county portal"),
    "department": gettext_lazy("Department"),
    "township_channel": gettext_lazy("Township"),
}
#: Parts of the form, with the names of their fields.
FIRST = ("file", "on_server", "mapping", "where", "tenant", "site_code", "personal_data")
OPENING = ("blueprint", "host_pattern", "portal", "name", "names", "code_prefix", "variables")


class OrderForm(AccessibleErrors, forms.Form):
    """One old site or all of a dump: the file, where to, how missing sites are opened."""

    file = forms.FileField(label=gettext_lazy("File of the old site"), required=False)
    on_server = forms.ChoiceField(
        label=gettext_lazy("Or a file on the server"),
        required=False,
        help_text=gettext_lazy("What lies in the server's folder for old sites."),
    )
    mapping = forms.FileField(
        label=gettext_lazy("Mapping"),
        required=False,
        help_text=gettext_lazy(
            "For CSV, Excel and systems that are not known: a TOML file that says which column means what. It is "
            "checked first."
        ),
    )
    where = forms.ChoiceField(
        label=gettext_lazy("Where to"),
        choices=[
            (ONE, gettext_lazy("Into one site")),
            (EACH, gettext_lazy("Each site of the file into a site of its own")),
        ],
        initial=ONE,
        widget=forms.RadioSelect,
    )
    tenant = forms.CharField(
        label=gettext_lazy("Code of the site"),
        required=False,
        max_length=40,
        help_text=gettext_lazy(
            "For “Into one site”. Where no site has this code, one is opened when merging begins."
        ),
        widget=forms.TextInput(
            attrs={
                "list": "sites",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )
    site_code = forms.CharField(
        label=gettext_lazy("Code of the old site"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Only where the file holds several and you want one of them."),
    )
    personal_data = forms.ChoiceField(
        label=gettext_lazy("Articles with identity or bank card numbers"),
        choices=PersonalData.choices,
        initial=PersonalData.HOLD,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Personal data must not be made public without the consent of the person (个人信息保护法 Article 25). The "
            "choice stands in the audit trail."
        ),
    )
    blueprint = forms.ChoiceField(
        label=gettext_lazy("Kind of site"),
        choices=[(code, _BLUEPRINTS.get(code, code)) for code in sorted(KIND_OF_BLUEPRINT)],
        initial=DEFAULT_BLUEPRINT,
        required=False,
    )
    host_pattern = forms.CharField(
        label=gettext_lazy("Host"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "{code}.example.gov.cn"}),
        help_text=gettext_lazy(
            "{code} stands for the code of each site. Empty: beside the host of the administration."
        ),
    )
    portal = forms.CharField(
        label=gettext_lazy("Portal"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "sites", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Code of a portal: the sites become channels of it, below /bm/, and need no host."
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the site"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("For “Into one site”."),
    )
    names = forms.CharField(
        label=gettext_lazy("Names of the sites"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "gov1,常德市财政局"}),
        help_text=gettext_lazy(
            "For “Each site”: old code and name, one site a line. Many dumps do not hold the names."
        ),
    )
    code_prefix = forms.CharField(
        label=gettext_lazy("Before each code"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("For “Each site”: keeps new codes apart from those that are taken."),
    )
    variables = forms.CharField(
        label=gettext_lazy("What the blueprint asks for"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "head=局长"}),
        help_text=gettext_lazy("NAME=VALUE, one a line. Usually read off the name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = brought.server_files()
        self.fields["on_server"].choices = [  # type: ignore[attr-defined]
            ("", _("none")),
            *((name, name) for name in files),
        ]
        if not files:
            del self.fields["on_server"]
        most = brought.limits().largest_upload // brought.MEGABYTE
        self.fields["file"].help_text = _(
            "Dump of a database as text (sql), CSV, Excel (xlsx), or the folder of web pages as zip; at most "
            "%(most)d MB. Nothing is merged yet."
        ) % {"most": most}

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST if name in self.fields]

    @property
    def opening_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in OPENING]

    @property
    def opening_is_open(self) -> bool:
        """Whether something was said, or is wrong, among what is folded away at first."""
        return any(
            name in self.errors
            or (self.is_bound and self.data.get(name, "") not in ("", self[name].initial))
            for name in OPENING
        )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file:
            brought.check_upload(file.name, file.size, file)
        return file

    def clean_mapping(self) -> Any:
        mapping = self.cleaned_data["mapping"]
        if mapping and mapping.size > brought.limits().largest_mapping:
            raise forms.ValidationError(
                _("This is no mapping: it is far too large. Choose the TOML file.")
            )
        return mapping

    def clean_tenant(self) -> str:
        return str(self.cleaned_data["tenant"]).strip()

    def clean_names(self) -> dict[str, str]:
        names = {}
        lines = str(self.cleaned_data["names"]).replace("，", ",").splitlines()
        for number, cells in enumerate(csv.reader(lines), start=1):
            if not any(cells):
                continue
            if len(cells) != 2 or not all(cell.strip() for cell in cells):
                raise forms.ValidationError(
                    _("Line %(line)d: write the old code, a comma and the name.") % {"line": number}
                )
            names[cells[0].strip()] = cells[1].strip()
        return names

    def clean_variables(self) -> dict[str, str]:
        found = {}
        for number, line in enumerate(str(self.cleaned_data["variables"]).splitlines(), start=1):
            if not line.strip():
                continue
            name, separator, value = line.replace("＝", "=").partition("=")
            if not separator or not name.strip():
                raise forms.ValidationError(
                    _("Line %(line)d: write NAME=VALUE, for instance head=局长.") % {"line": number}
                )
            found[name.strip()] = value.strip()
        return found

    def clean_portal(self) -> str:
        portal = str(self.cleaned_data["portal"]).strip()
        if portal and not Tenant.objects.filter(code=portal).exists():
            raise forms.ValidationError(_("No site has the code %(code)s.") % {"code": portal})
        return portal

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self._check_file(values)
        if values.get("where") == EACH:
            pattern = values.get("host_pattern")
            if pattern and "{code}" not in pattern:
                self.add_error(
                    "host_pattern", _("Put {code} into it: each site needs a host of its own.")
                )
        elif "tenant" in values:
            self._check_tenant(values["tenant"])
        return values

    def _check_file(self, values: dict[str, Any]) -> None:
        file, on_server = values.get("file"), values.get("on_server")
        if "file" in self.errors or "on_server" in self.errors:
            return
        if bool(file) == bool(on_server):
            what = (
                _("Choose one file: uploaded or on the server, not both.")
                if file
                else _("Choose the file of the old site.")
            )
            self.add_error("file", what)
        elif brought.is_table(file.name if file else str(on_server)) and not values.get("mapping"):
            if "mapping" not in self.errors:
                self.add_error(
                    "mapping",
                    _(
                        "A table needs a mapping that says which column is the title, which the text."
                    ),
                )

    def _check_tenant(self, code: str) -> None:
        if not code:
            self.add_error("tenant", _("Say into which site."))
        elif not re.match(TENANT_CODE_PATTERN, code):
            self.add_error(
                "tenant",
                _("A code has small letters, digits and hyphens and begins with a letter."),
            )

    def options(self) -> OrderOptions:
        """The options of the order; the form is valid."""
        values = self.cleaned_data
        is_each = values["where"] == EACH
        return OrderOptions(
            each_site=is_each,
            tenant="" if is_each else values["tenant"],
            site_code="" if is_each else values["site_code"].strip(),
            name="" if is_each else values["name"].strip(),
            blueprint=values["blueprint"] or DEFAULT_BLUEPRINT,
            host_pattern=values["host_pattern"].strip(),
            portal=values["portal"],
            code_prefix=values["code_prefix"].strip() if is_each else "",
            personal_data=values["personal_data"] or PersonalData.HOLD.value,
            names=values["names"] if is_each else {},
            variables=values["variables"],
        )


def site_choices() -> Sequence[tuple[str, str]]:
    """Codes and names of sites, offered while one is typed."""
    return list(Tenant.objects.order_by("code").values_list("code", "name")[:_OFFERED])


#: A browser filters the list by what is typed; more would make the page heavy.
_OFFERED = 2000
