"""What two versions of a text differ in, in words: Wagtail shows tables as program text, and yes as "True"."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from wagtail.admin.compare import (
    BlockComparison,
    FieldComparison,
    diff_text,
    register_comparison_class,
    text_from_html,
)

from .table_block import plain_table

_NOTHING = "—"


class TableComparison(BlockComparison):
    """The cells of a table, one row a line."""

    def htmlvalue(self, val: Any) -> Any:
        return escape(_words_of_table(val))

    def htmldiff(self) -> Any:
        return diff_text(_words_of_table(self.val_a), _words_of_table(self.val_b)).to_html()


class MarkupComparison(BlockComparison):
    """The words of kept markup; where only its tags differ, the markup itself."""

    def htmlvalue(self, val: Any) -> Any:
        return escape(text_from_html(val or ""))

    def htmldiff(self) -> Any:
        old, new = (text_from_html(value or "") for value in (self.val_a, self.val_b))
        if old == new and self.val_a != self.val_b:
            old, new = self.val_a or "", self.val_b or ""
        return diff_text(old, new).to_html()


class PlainFieldComparison(FieldComparison):
    """Yes or no, and times as the desk writes them everywhere."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        self.field = field
        self.val_a: Any = _said(field.value_from_object(obj_a))
        self.val_b: Any = _said(field.value_from_object(obj_b))


def _words_of_table(value: Any) -> str:
    return plain_table(value) if value else ""


def _said(value: Any) -> Any:
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "hour"):
        shown = timezone.localtime(value) if timezone.is_aware(value) else value
        return date_format(shown, "Y-m-d H:i")
    return value


def register() -> None:
    """Called once, when the app is ready."""
    for field in (models.BooleanField, models.DateTimeField, models.DateField, models.IntegerField):
        register_comparison_class(field, comparison_class=PlainFieldComparison)
