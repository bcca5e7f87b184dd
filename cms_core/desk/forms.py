"""Forms of the desk."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms_core.pages.models import BasePage
from sites.accounts.selectors import people_of_open_tenant
from sites.tenancy.rules import HOME_DEPTH

from .enums import Grouping
from .figures import Period, Wanted, sections_to_choose

#: The first government websites are from the nineties; a later year than this is a slip of the hand.
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


def this_month() -> Period:
    today = timezone.localdate()
    return Period(today.replace(day=1), today)


def usual_periods() -> list[tuple[Any, Period]]:
    """Periods that are asked for most, with their words."""
    today = timezone.localdate()
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    return [
        (_("This month"), Period(first, today)),
        (_("Last month"), Period(before.replace(day=1), before)),
        (_("This year"), Period(date(today.year, 1, 1), today)),
        (_("Last year"), Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))),
    ]


class PeriodForm(forms.Form):
    """First and last day; empty means this month."""

    first = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        usual = this_month()
        first = values.get("first") or usual.first
        last = values.get("last") or max(usual.last, first)
        if first.year < EARLIEST_YEAR or last.year > LATEST_YEAR:
            self.add_error(
                "first",
                _("Choose days between %(first)d and %(last)d.")
                % {"first": EARLIEST_YEAR, "last": LATEST_YEAR},
            )
        elif first > last:
            self.add_error("last", _("The last day lies before the first."))
        values["period"] = Period(first, last)
        return values

    def period(self) -> Period:
        """The period that was asked for, or this month where the question makes no sense."""
        if self.is_valid():
            found: Period = self.cleaned_data["period"]
            return found
        return this_month()


class FiguresForm(PeriodForm):
    """What the figures of a site are asked for; offers the site's own sections and people only."""

    by = forms.ChoiceField(label=_("Count"), choices=Grouping, required=False)
    section = forms.ChoiceField(label=_("Section"), required=False)
    person = forms.ChoiceField(label=_("Person"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        step = BasePage.steplen
        sections = [
            (path, "　" * (len(path) // step - HOME_DEPTH - 1) + title)
            for path, title in sections_to_choose()
        ]
        section: Any = self.fields["section"]
        person: Any = self.fields["person"]
        section.choices = [("", _("all")), *sections]
        people = people_of_open_tenant().values_list("pk", "display_name", "username")
        person.choices = [
            ("", _("all")),
            *((str(pk), name or username) for pk, name, username in people),
        ]

    def wanted(self) -> Wanted:
        """What is to be counted; wrong values count as none."""
        period = self.period()
        values = getattr(self, "cleaned_data", {})
        person = values.get("person")
        return Wanted(
            period=period,
            by=Grouping(values.get("by") or Grouping.PERSON),
            section_path=values.get("section") or "",
            person_id=int(person) if person else None,
        )
