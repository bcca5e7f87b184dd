"""The rule of typed text in every text field of every form: ours, Wagtail's and those of its blocks.

Django, Wagtail and their packages make their text fields themselves and offer no setting for what they
take, so the rule stands in the one method that all of them pass: ``CharField.to_python``.
"""

from functools import cache
from typing import Any

from django import forms
from django.db import models

from .enums import TextKind
from .rules import seen_text

_django_to_python = forms.CharField.to_python


def kind_of(field: forms.Field) -> TextKind:
    """What ``field`` holds, by the widget that it is typed into.

    A hidden field may carry a whole text: that of the rich text editor does.
    """
    widget = field.widget
    if isinstance(widget, forms.PasswordInput):
        return TextKind.PASSWORD
    if isinstance(widget, forms.Textarea | forms.HiddenInput):
        return TextKind.TEXT
    return TextKind.LINE


def _to_python(self: forms.CharField, value: Any) -> Any:
    text = _django_to_python(self, value)
    if not isinstance(text, str):
        return text
    seen = seen_text(text, kind_of(self))
    if seen == text:
        return text
    # What is left of "\\u200b " is nothing: it is empty for whoever must fill it in.
    return _django_to_python(self, seen)


def clean_row(row: models.Model) -> None:
    """The rule for a row that no form made: every text column of it that was read or set."""
    held = row.__dict__
    for name, kind in _text_columns(type(row)):
        text = held.get(name)
        if isinstance(text, str):
            seen = seen_text(text, kind)
            if seen != text:
                setattr(row, name, seen)


@cache
def _text_columns(model: type[models.Model]) -> tuple[tuple[str, TextKind], ...]:
    """Attributes of a type that hold text. Asked for every saved row, and always the same."""
    return tuple(
        (column.attname, TextKind.LINE if isinstance(column, models.CharField) else TextKind.TEXT)
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
    )


def apply_to_forms() -> None:
    """Called once, when the app is ready."""
    forms.CharField.to_python = _to_python  # type: ignore[method-assign]
