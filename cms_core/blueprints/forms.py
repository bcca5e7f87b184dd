"""Forms of the platform's screens for opening sites."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .opening_list import MOST_BYTES


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
