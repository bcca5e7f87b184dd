"""Forms of a site's look and of notices."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser

from sites.accounts.forms import AccessibleErrors
from sites.tenancy.enums import TenantKind, TenantStatus
from sites.tenancy.models import Tenant
from themes.manifest import THEMES
from themes.tokens import theme_colours

from .enums import NoticeKind
from .models import HEX_COLOUR, LookVersion
from .notices import NoticeRow
from .rules import NAVIGATION_LIMIT
from .selectors import navigable_sections
from .services import LookRow, NavigationRow

#: Names of the looks; a look without one is shown by its code.
THEME_NAMES = {
    "portal": _("Portal: a bound book"),
    "department": _("Department: a ledger"),
    "township": _("Township: a notice board"),
}
#: As browsers send a date with its time.
LOCAL_MINUTE = "%Y-%m-%dT%H:%M"


def add_service_errors(form: forms.Form, error: ValidationError) -> None:
    """What a service refused, at the fields it named."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else None, found)


def theme_choices() -> list[tuple[str, Any]]:
    return [(code, THEME_NAMES.get(code, code)) for code in THEMES]


class _ColourInput(forms.TextInput):
    """A colour as #rrggbb, or nothing; the script sets a field to pick it from beside it."""

    class Media:
        js = ("cms_core_appearance/colours.js",)

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        return {
            **super().build_attrs(base_attrs, extra_attrs),
            "data-pick": gettext("Choose from a picture of colours"),
        }


def _colour(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=7,
        validators=[HEX_COLOUR],
        widget=_ColourInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )


class LookForm(forms.Form):
    """Theme, logo and colours of a draft."""

    theme = forms.ChoiceField(label=_("Look"), choices=theme_choices, widget=forms.RadioSelect)
    logo = forms.ModelChoiceField(
        label=_("Logo"),
        queryset=None,
        required=False,
        widget=AdminImageChooser,
        help_text=_("A picture with a clear ground, stands in place of the seal. The name stays."),
    )
    brand = _colour(_("Main colour"), _("Links and buttons. Empty: the look's own."))
    deep = _colour(_("Dark colour"), _("Ground of toolbar and footer. Empty: the look's own."))
    seal = _colour(_("Accent colour"), _("Seal, warnings, focus. Empty: the look's own."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["logo"]
        field.queryset = get_image_model().objects.all()
        own = theme_colours(THEMES.get(self._theme_code(), next(iter(THEMES.values()))))
        for name in ("brand", "deep", "seal"):
            self.fields[name].widget.attrs["placeholder"] = own.get(f"--{name}", "")

    def _theme_code(self) -> str:
        return str(self.data.get("theme") or self.initial.get("theme") or "")

    def clean_logo(self) -> Any:
        logo = self.cleaned_data["logo"]
        if logo is not None and logo.file.name.lower().endswith(".svg"):
            # A drawing can carry script, and readers' browsers would open it from this site.
            raise ValidationError(_("Choose a picture (PNG, JPEG or WebP), not a drawing (SVG)."))
        return logo

    def row(self, navigation: list[NavigationRow]) -> LookRow:
        """What the form holds, once it is valid."""
        logo = self.cleaned_data["logo"]
        return LookRow(
            theme=self.cleaned_data["theme"],
            logo_id=logo.pk if logo else None,
            brand=self.cleaned_data["brand"],
            deep=self.cleaned_data["deep"],
            seal=self.cleaned_data["seal"],
            navigation=navigation,
        )


class NavigationForm(forms.Form):
    """One entry of the navigation; an empty row is no entry."""

    sort_order = forms.IntegerField(
        label=_("Place"), required=False, min_value=1, max_value=99, widget=forms.NumberInput()
    )
    section = forms.TypedChoiceField(
        label=_("Section"), required=False, coerce=int, empty_value=None
    )
    url = forms.CharField(label=_("or address elsewhere"), required=False, max_length=300)
    title = forms.CharField(label=_("Wording"), required=False, max_length=20)

    def __init__(self, *args: Any, sections: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.choices = [("", "-"), *sections]

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.get(name) for name in ("section", "url", "title"))

    def row(self) -> NavigationRow:
        return NavigationRow(
            title=self.cleaned_data["title"],
            section_id=self.cleaned_data["section"],
            url=self.cleaned_data["url"].strip(),
        )


class _Rows(BaseFormSet):  # type: ignore[type-arg]
    def rows(self) -> list[NavigationRow]:
        """The entries in the order of their places; those without one come last, as written."""
        filled = [form for form in self.forms if form.cleaned_data and not form.is_blank]
        filled.sort(key=lambda form: form.cleaned_data.get("sort_order") or 100)
        return [form.row() for form in filled]


NavigationRows = formset_factory(
    NavigationForm,
    formset=_Rows,
    extra=0,
    min_num=NAVIGATION_LIMIT,
    max_num=NAVIGATION_LIMIT,
    absolute_max=NAVIGATION_LIMIT,
)


def section_choices() -> list[tuple[int, str]]:
    """Sections to choose from, children set in below their parents. One query."""
    return [
        (pk, f"{'　' * (depth - 3)}{title}")
        for pk, depth, title in navigable_sections().values_list("pk", "depth", "title")
    ]


def navigation_rows(data: Any = None, version: LookVersion | None = None) -> Any:
    """The rows of the navigation, filled from ``version``."""
    initial = []
    for entry in version.entries.all() if version is not None else ():
        initial.append(
            {
                "sort_order": entry.sort_order,
                "section": entry.section_id,
                "url": entry.url,
                "title": entry.title,
            }
        )
    return NavigationRows(
        data,
        prefix="navigation",
        initial=None if data is not None else initial,
        form_kwargs={"sections": section_choices()},
    )


class _LocalMinute(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=LOCAL_MINUTE)


class NoticeForm(AccessibleErrors, forms.Form):
    """A proposal: what, why, from when until when."""

    kind = forms.ChoiceField(
        label=_("What to show"),
        choices=NoticeKind.choices,
        widget=forms.RadioSelect,
        initial="emergency",
    )
    headline = forms.CharField(
        label=_("Headline"),
        required=False,
        max_length=60,
        help_text=_("Only for the bar: one line that stands at the top of every page."),
    )
    text = forms.CharField(
        label=_("Full text"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Only for the bar: what people should do, where to call."),
    )
    starts_at = forms.DateTimeField(
        label=_("Begins"),
        required=False,
        input_formats=[LOCAL_MINUTE],
        widget=_LocalMinute(),
        help_text=_("Empty: as soon as a second person has confirmed."),
    )
    ends_at = forms.DateTimeField(
        label=_("Ends"),
        required=False,
        input_formats=[LOCAL_MINUTE],
        widget=_LocalMinute(),
        help_text=_("It ends by itself at this time."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        help_text=_("Who ordered it, and why. The second person reads this; visitors do not."),
    )

    def row(self) -> NoticeRow:
        values = self.cleaned_data
        return NoticeRow(
            kind=NoticeKind(values["kind"]),
            headline=values["headline"],
            text=values["text"],
            reason=values["reason"],
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
        )


class PlatformNoticeForm(NoticeForm):
    """A proposal for all sites or for some."""

    where = forms.ChoiceField(
        label=_("Where"),
        choices=[("all", _("On all sites")), ("some", _("On these sites only"))],
        widget=forms.RadioSelect,
        initial="all",
    )
    codes = forms.CharField(
        label=_("Codes of the sites"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Only where not all: codes as on the list of sites, parted by spaces."),
    )

    field_order = ("kind", "where", "codes")

    def clean_codes(self) -> list[Tenant]:
        wanted = self.cleaned_data["codes"].replace(",", " ").replace("，", " ").split()
        found = Tenant.objects.filter(code__in=wanted, status=TenantStatus.OPEN).exclude(
            kind=TenantKind.PLATFORM_CANARY
        )
        known = {tenant.code: tenant for tenant in found}
        missing = [code for code in wanted if code not in known]
        if missing:
            raise ValidationError(
                _("No open site has the code %(code)s."), params={"code": missing[0]}
            )
        return [known[code] for code in dict.fromkeys(wanted)]

    def tenants(self) -> list[Tenant] | None:
        """The sites named; ``None`` for all."""
        return None if self.cleaned_data["where"] == "all" else self.cleaned_data["codes"]
