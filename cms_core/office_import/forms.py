"""Forms of the import screen."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cms_core.pages.writing import sections_to_write_in
from sites.tenancy.rules import HOME_DEPTH

from .plan import ImportRefused
from .services import read_office_file


class OfficeFileForm(forms.Form):
    """The file, and the section in which the draft is to stand."""

    section = forms.TypedChoiceField(label=_("Section of the draft"), coerce=int)
    file = forms.FileField(
        label=_("Word file or spreadsheet"),
        help_text=_(
            "docx, xlsx or csv. From an old doc or wps file make a docx first (“Save as”)."
        ),
        widget=forms.FileInput(attrs={"accept": ".docx,.xlsx,.csv,.wps,.et"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {section.pk: section for section in sections_to_write_in(user)}
        self.fields["section"].choices = [  # type: ignore[attr-defined]
            (pk, f"{'　' * (section.depth - HOME_DEPTH - 1)}{section.title}")
            for pk, section in self.sections.items()
        ]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.text = read_office_file(file, file.name)
        except ImportRefused as refusal:
            raise forms.ValidationError(refusal.words) from refusal
        return file


class DraftForm(forms.Form):
    """What the editor settles before the draft is made."""

    title = forms.CharField(label=_("Title of the article"), max_length=255)
    with_original = forms.BooleanField(
        label=_("Also offer the file itself as an attachment"), required=False
    )
