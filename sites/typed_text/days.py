"""Days that a person can mean: a year of three digits is a slip, and the first and last year of the
calendar cannot be told in every time zone, so that a database or a screen falls over them.

Django's date fields take every day of the calendar and have no setting for it, and Wagtail's filters
make theirs themselves: as with typed text, the rule stands in the method that all of them pass.
"""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

#: Chronicles of a county reach back to the Song dynasty; nobody plans beyond the next centuries.
EARLIEST_YEAR, LATEST_YEAR = 1000, 2999

_django_date = forms.DateField.to_python
_django_moment = forms.DateTimeField.to_python


def _possible(value: Any) -> Any:
    """:raises ValidationError: a year that nobody means."""
    if isinstance(value, date) and not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ValidationError(
            _("The year %(year)d cannot be meant. Enter a day between %(first)d and %(last)d.")
            % {"year": value.year, "first": EARLIEST_YEAR, "last": LATEST_YEAR},
            code="impossible_year",
        )
    return value


def _date_to_python(self: forms.DateField, value: Any) -> Any:
    return _possible(_django_date(self, value))


def _moment_to_python(self: forms.DateTimeField, value: Any) -> Any:
    return _possible(_django_moment(self, value))


def apply_to_forms() -> None:
    """Called once, when the app is ready."""
    forms.DateField.to_python = _date_to_python  # type: ignore[method-assign]
    forms.DateTimeField.to_python = _moment_to_python  # type: ignore[method-assign]
