"""The form of a missing file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images import get_image_model
from wagtail.images.widgets import AdminImageChooser

#: Letters of a filter that are read; no title is longer.
MOST_WORDS = 100


class AttachForm(forms.Form):
    """A file or a picture, one of them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["picture"] = forms.ModelChoiceField(
            get_image_model().objects.all(),
            required=False,
            label=_("picture"),
            widget=AdminImageChooser,
        )
        self.fields["file"] = forms.ModelChoiceField(
            get_document_model().objects.all(),
            required=False,
            label=_("file to download"),
            widget=AdminDocumentChooser,
        )

    def clean(self) -> dict[str, Any]:
        """Exactly one of the two."""
        values = super().clean() or {}
        if bool(values.get("file")) == bool(values.get("picture")):
            raise forms.ValidationError(_("Choose a picture or a file: one of them."))
        return values
