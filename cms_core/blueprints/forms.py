"""Forms of the platform's screens for opening sites and for blueprints."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sites.accounts.forms import AccessibleErrors
from sites.tenancy.models import Tenant

from .opening_list import MOST_BYTES
from .rules import Blueprint, BlueprintError
from .selectors import all_blueprints, blueprint, read_blueprint

#: The longest blueprint of the product has 60 kB; beyond this it is another file.
_MOST_BLUEPRINT_BYTES = 1024 * 1024


class ListForm(forms.Form):
    """A list of sites as a file."""

    file = forms.FileField(
        label=_("List of sites"),
        help_text=_("CSV (UTF-8 or GBK) or TOML, at most 4 MB. Nothing is opened yet."),
    )

    def clean_file(self) -> Any:
        found = self.cleaned_data["file"]
        if found.size > MOST_BYTES:
            raise forms.ValidationError(_("The list is larger than 4 MB. Divide it."))
        return found


def _site_field() -> forms.CharField:
    return forms.CharField(
        label=_("Code of the site"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "list": "sites",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
            }
        ),
    )


def _site_called(code: str) -> Tenant:
    tenant = Tenant.objects.filter(code=code.strip()).first()
    if tenant is None:
        raise forms.ValidationError(
            gettext("No site has the code %(code)s.") % {"code": code.strip()}
        )
    return tenant


class ExportForm(AccessibleErrors, forms.Form):
    """Which live site becomes a blueprint."""

    site = _site_field()
    code = forms.RegexField(
        r"\A[a-z][a-z0-9_-]*\Z",
        label=_("Code of the blueprint"),
        max_length=60,
        required=False,
        help_text=_("Small letters, digits and hyphens. Empty: site- and the code of the site."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "export_%s", **kwargs})

    def clean_site(self) -> Tenant:
        return _site_called(self.cleaned_data["site"])


class ApplyForm(AccessibleErrors, forms.Form):
    """Which site is compared with which blueprint. ``plan``: the blueprint, once the form is valid."""

    plan: Blueprint

    tenant = _site_field()
    blueprint = forms.ChoiceField(label=_("Blueprint"), required=False)
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("A blueprint as TOML, not kept here.")
    )
    variables = forms.CharField(
        label=_("What the blueprint asks for"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "head=局长"}),
        help_text=_("NAME=VALUE, one a line. Name and code of the site are known."),
    )
    #: An uploaded blueprint between the look and the making.
    text = forms.CharField(
        required=False, max_length=_MOST_BLUEPRINT_BYTES, strip=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "apply_%s", **kwargs})
        plans, _faults = all_blueprints()
        self.fields["blueprint"].choices = [  # type: ignore[attr-defined]
            ("", gettext("none")),
            *((plan.code, plan.name) for plan in plans.values()),
        ]

    def clean_tenant(self) -> Tenant:
        return _site_called(self.cleaned_data["tenant"])

    def clean_variables(self) -> dict[str, str]:
        found = {}
        for number, line in enumerate(self.cleaned_data["variables"].splitlines(), start=1):
            name, sign, value = line.replace("＝", "=").partition("=")
            if not line.strip():
                continue
            if not sign or not name.strip():
                raise forms.ValidationError(
                    gettext("Line %(line)d: write NAME=VALUE, for instance head=局长.")
                    % {"line": number}
                )
            found[name.strip()] = value.strip()
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file, code, text = values.get("file"), values.get("blueprint"), values.get("text", "")
        if self.errors:
            return values
        if bool(file or text) == bool(code):
            self.add_error("blueprint", gettext("Choose a blueprint or a file: one of them."))
            return values
        try:
            if file:
                values["text"] = text = self._read(file)
            self.plan = (
                read_blueprint(text, file.name if file else "") if text else blueprint(str(code))
            )
        except BlueprintError as error:
            self.add_error("file" if text or file else "blueprint", str(error))
        return values

    def _read(self, file: Any) -> str:
        try:
            if file.size > _MOST_BLUEPRINT_BYTES:
                raise BlueprintError(gettext("This is no blueprint: it is far too large."))
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise BlueprintError(
                gettext("The file is not UTF-8. Save the blueprint in UTF-8.")
            ) from error

    def carried(self) -> list[tuple[str, str]]:
        """Names and values for the form that makes what was shown."""
        values = self.cleaned_data
        return [
            ("tenant", values["tenant"].code),
            ("blueprint", values["blueprint"]),
            ("text", values["text"]),
            (
                "variables",
                "\n".join(f"{name}={value}" for name, value in values["variables"].items()),
            ),
        ]
