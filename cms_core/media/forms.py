"""Forms of uploads: every one of Wagtail's image and file forms is built on these.

Single upload, multiple upload, upload inside a chooser and the programming interface (API v3) all use
them; see ``WAGTAILIMAGES_IMAGE_FORM_BASE`` and ``WAGTAILDOCS_DOCUMENT_FORM_BASE``.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.documents.fields import WagtailDocumentField
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from .checking import check_upload


class CheckedPictureFormField(WagtailImageField):
    """Wagtail's field behind our check, whose words name the way out."""

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        return super().to_python(check_upload(data, pictures_only=True))


class CheckedFileFormField(WagtailDocumentField):
    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        return super().to_python(check_upload(data, pictures_only=False))


def _replaced(form: Any, field_class: type[Any]) -> None:
    """Wagtail names the class of the file field itself: ours takes its place with all it was given."""
    given = form.fields.get("file")
    if given is None:
        return
    form.fields["file"] = field_class(
        label=given.label,
        required=given.required,
        widget=given.widget,
        disabled=given.disabled,
        validators=given.validators,
    )


class PictureForm(BaseImageForm):
    """A picture: checked, made anew from its pixels, and asked what it shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _replaced(self, CheckedPictureFormField)
        if "description" in self.fields:
            field = self.fields["description"]
            field.label = _("What the picture shows")
            field.help_text = _(
                "Read aloud to people who cannot see it: who or what, where, doing what. Leave it empty "
                "only for pure decoration."
            )


class FileForm(BaseDocumentForm):
    """A file to download: checked by its content."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _replaced(self, CheckedFileFormField)
