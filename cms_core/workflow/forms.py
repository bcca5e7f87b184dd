"""Forms of review."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .enums import ReturnTo, ReviewStage
from .models import REASON_LENGTH
from .services import REASON_LEAST


def _reason(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        min_length=REASON_LEAST if required else None,
        max_length=REASON_LENGTH,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReturnForm(forms.Form):
    """Why, and where to. Its names are those of Wagtail's own comment form."""

    comment = _reason(
        _("What must be changed"), required=True, help_text=_("The author reads this. It is kept.")
    )
    to = forms.ChoiceField(
        label=_("Return to"),
        choices=ReturnTo,
        initial=ReturnTo.AUTHOR,
        widget=forms.RadioSelect,
        required=False,
    )


class SeenForm(forms.Form):
    """The text that was seen when the form was drawn: an outdated one is not decided on."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class ApproveForm(SeenForm):
    note = _reason(_("Note (may stay empty)"), required=False)


class ReleaseForm(SeenForm):
    reason = _reason(
        _("Why it cannot wait"),
        required=True,
        help_text=_("It is published at once, flagged, and its reviews must be made up."),
    )


class PolicyForm(forms.Form):
    """The stages of a site or a section."""

    stages = forms.MultipleChoiceField(
        label=_("Reviews"),
        choices=ReviewStage,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class SitePolicyForm(PolicyForm):
    field_order = ["is_on", "stages"]

    is_on = forms.BooleanField(
        label=_("Texts of this site are reviewed before they are published"), required=False
    )


class SectionPolicyForm(PolicyForm):
    section = forms.IntegerField(widget=forms.HiddenInput)
    follows = forms.BooleanField(required=False, widget=forms.HiddenInput)


class PeriodForm(forms.Form):
    """From when to when, both days included."""

    start = forms.DateField(label=_("From the day"), widget=forms.DateInput(attrs={"type": "date"}))
    end = forms.DateField(label=_("To the day"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("start") and cleaned.get("end") and cleaned["start"] > cleaned["end"]:
            self.add_error("end", _("The last day lies before the first."))
        return cleaned
