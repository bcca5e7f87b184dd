"""Merged articles that somebody has to look at: what was kept as a draft, what may hold personal data."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sites.typed_text.rules import row_numbers

from .enums import PERSONAL_REASONS, CheckReason
from .forms import MOST_WORDS
from .old_texts import Which, pages_to_check, reasons_of, settle_texts
from .views import MergedScreen, back_to, tell


class TextsView(MergedScreen):
    """The two lists; what one leaves as it is, with the reason, goes off them."""

    template_name = "cms_core_importer/texts.html"
    page_title = gettext_lazy("Old articles to check")

    @property
    def asked(self) -> tuple[Which, str, str]:
        """Which list, words and reason; what does not exist counts as not asked for."""
        given = self.request.GET
        which = given.get("which", "")
        reason = given.get("reason", "")
        return (
            Which(which) if which in Which.values else Which.HELD,
            given.get("q", "").strip()[:MOST_WORDS],
            reason if reason in CheckReason.values else "",
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        which, words, reason = self.asked
        pages = self.lines(pages_to_check(self.request.user, which, words=words, reason=reason))
        reasons = reasons_of([page.pk for page in pages])
        offered = PERSONAL_REASONS if which == Which.PERSONAL else tuple(CheckReason)
        return super().get_context_data(**kwargs) | {
            "rows": pages,
            "texts": [
                (page, [found.label for found in reasons[page.pk]], _is_urgent(page, reasons))
                for page in pages
            ],
            "count": pages.paginator.count,
            "which": which,
            "lists": [(value, label, value == which) for value, label in Which.choices],
            "words": words,
            "reason": reason,
            "reasons": [(found.value, found.label) for found in offered],
            "query": urlencode({"which": which, "q": words, "reason": reason}) + "&",
            "is_personal": which == Which.PERSONAL,
            "remark": kwargs.get("remark", ""),
            "chosen": kwargs.get("chosen", ()),
            "error": kwargs.get("error", ""),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = list(row_numbers(request.POST.getlist("page")))
        remark = request.POST.get("remark", "").strip()
        try:
            if not chosen:
                raise ValidationError(_("Choose at least one article."))
            settled = settle_texts(actor=request.user, page_ids=chosen, remark=remark)
        except ValidationError as error:
            return self.render_to_response(
                self.get_context_data(
                    error=" ".join(error.messages), remark=remark, chosen=set(chosen)
                )
            )
        words = ngettext(
            "%(number)d article was taken off the list.",
            "%(number)d articles were taken off the list.",
            settled.done,
        )
        tell(request, settled, words % {"number": settled.done})
        return back_to(request)


def _is_urgent(page: Any, reasons: dict[int, list[CheckReason]]) -> bool:
    return bool(page.live and CheckReason.IDENTITY in reasons[page.pk])
