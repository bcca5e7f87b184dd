"""Forms of the lists and of answering findings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .list_services import TermRow
from .models import Leader, ListedTerm
from .term_files import COLUMNS


class TermForm(forms.ModelForm):
    """A term to be added; one that is listed already is replaced."""

    class Meta:
        model = ListedTerm
        fields = list(COLUMNS)

    def row(self) -> TermRow:
        return TermRow(**{name: self.cleaned_data[name] for name in COLUMNS})

    def _post_clean(self) -> None:
        """The service says what is wrong; the row itself is never saved from here."""


class TermFileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"), help_text=_("The columns of the exported file; UTF-8 or GB 18030.")
    )
    replace = forms.BooleanField(label=_("Remove what the file does not hold"), required=False)


class LeaderForm(forms.ModelForm):
    class Meta:
        model = Leader
        fields = ["name", "posts", "rank", "held_from", "held_until"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("held_from"), values.get("held_until")
        if first and last and last < first:
            self.add_error("held_until", _("The last day is before the first."))
        return values
