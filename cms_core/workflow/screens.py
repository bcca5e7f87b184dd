"""Words and addresses that the editor's screens show of a review."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from . import selectors


def record_address(obj: Any) -> str:
    """The screen with the review record of ``obj``."""
    return reverse("review:item", args=[selectors.content_type_of(obj).pk, obj.pk])


def lock_message(obj: Any, task: Any) -> Any:
    """Why the text cannot be changed now, and where to read on."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("This text is in the %(stage)s: only its reviewers change it now.")
        % {"stage": task.review_stage.label},
        record_address(obj),
        _("Review record"),
    )
