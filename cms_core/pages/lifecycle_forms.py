"""Forms with which a page is withdrawn, deleted, moved and brought back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminPageChooser

from .models import LOCK_REASON_LENGTH, BasePage, Tombstone
from .withdrawal import check_notice
from .withdrawal_rules import DELETED, WithdrawalNotice, reasons


def _label(code: str) -> str:
    reason = reasons()[code]
    return reason.label if (get_language() or "").startswith("zh") else reason.label_en


def offered_reasons() -> list[tuple[str, str]]:
    """The reasons to choose from."""
    return [(code, _label(code)) for code, reason in reasons().items() if reason.offered]


def reasons_of_deletion() -> list[tuple[str, str]]:
    """As :func:`offered_reasons`, with the plain one first."""
    return [(DELETED, _label(DELETED)), *offered_reasons()]


class NoticeForm(forms.Form):
    """What the public is told in the place of a page."""

    reason = forms.ChoiceField(
        label=_("Why is it withdrawn?"), choices=offered_reasons, widget=forms.RadioSelect
    )
    explanation = forms.CharField(
        label=_("What should readers know?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two plain sentences. They stand on the public page."),
    )
    replaced_by = forms.ModelChoiceField(
        label=_("Which page of this site takes its place?"),
        queryset=BasePage.objects.none(),
        required=False,
        widget=AdminPageChooser(),
    )
    replacement_url = forms.URLField(
        label=_("Or an address elsewhere"), required=False, max_length=500, assume_scheme="https"
    )
    contact = forms.CharField(
        label=_("Where can readers ask?"),
        required=False,
        max_length=200,
        help_text=_("Left empty, the telephone of the site is named."),
    )

    def __init__(self, *args: Any, with_below: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        replaced_by: Any = self.fields["replaced_by"]
        replaced_by.queryset = BasePage.objects.filter(live=True, depth__gt=1)
        if with_below:
            self.fields["with_below"] = forms.BooleanField(
                label=_("Also withdraw the %(count)d public pages below") % {"count": with_below},
                required=False,
                initial=True,
            )

    def clean(self) -> dict[str, Any]:
        """The words as a whole, with what the service would refuse."""
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                check_notice(self.notice())
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned

    def notice(self) -> WithdrawalNotice:
        """What was written, for the service."""
        cleaned = self.cleaned_data
        page = cleaned.get("replaced_by")
        return WithdrawalNotice(
            reason=cleaned["reason"],
            explanation=cleaned.get("explanation", ""),
            replaced_by_id=page.pk if page is not None else None,
            replacement_url=cleaned.get("replacement_url", ""),
            contact=cleaned.get("contact", ""),
        )


class DeletionForm(NoticeForm):
    """As the notice of a withdrawal; the plain reason is chosen already, so one press is enough."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.label = _("Why is it deleted?")
        reason.choices = reasons_of_deletion
        reason.initial = DELETED


def form_of(stone: Tombstone, data: Any = None) -> NoticeForm:
    """The form with what a notice says now."""
    form = NoticeForm(
        data,
        initial={
            "reason": stone.reason,
            "explanation": stone.explanation,
            "replaced_by": stone.replaced_by_id,
            "replacement_url": stone.replacement_url,
            "contact": stone.contact,
        },
    )
    reason: Any = form.fields["reason"]
    if stone.reason in reasons() and not reasons()[stone.reason].offered:
        reason.choices = [(stone.reason, _label(stone.reason)), *offered_reasons()]
    return form


class PlaceForm(forms.Form):
    """Where a deleted page comes back when its old place is gone."""

    parent = forms.ModelChoiceField(
        label=_("Below which page should it stand?"),
        queryset=BasePage.objects.none(),
        widget=AdminPageChooser(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.queryset = BasePage.objects.filter(depth__gt=1)


class LockForm(forms.Form):
    """Why somebody's editing lock is taken away: they read it."""

    reason = forms.CharField(
        label=_("Why must it be free now?"),
        max_length=LOCK_REASON_LENGTH,
        help_text=_("Whoever locked the page reads this on their desk. It is kept."),
    )
