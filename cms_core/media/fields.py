"""File fields that store nothing unchecked: the last door, behind forms and services."""

from typing import Any

from django.db import models
from django.db.models.fields.files import FieldFile
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

from .checking import check_upload


class CheckedPictureFile(WagtailImageFieldFile):
    def save(self, name: str, content: Any, save: bool = True) -> None:
        """As Django's, with the picture made anew. :raises FileRefused: it was not taken."""
        checked = check_upload(content, pictures_only=True, name=name)
        super().save(checked.name or name, checked, save)


class CheckedPictureField(WagtailImageField):
    """Wagtail's image field whose files pass :func:`.checking.check_upload`."""

    attr_class = CheckedPictureFile


class CheckedFieldFile(FieldFile):
    def save(self, name: str, content: Any, save: bool = True) -> None:
        """As Django's, of a file that passed. :raises FileRefused: it was not taken."""
        checked = check_upload(content, pictures_only=False, name=name)
        super().save(checked.name or name, checked, save)


class CheckedFileField(models.FileField):
    """A file field whose files pass :func:`.checking.check_upload`."""

    attr_class = CheckedFieldFile
