"""Files that merged pages need and the old site did not hand over: found, and settled together."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sites.typed_text.rules import row_numbers

from . import missing
from .enums import MissingState
from .forms import MOST_WORDS
from .views import MergedScreen, back_to, tell

ALL = "all"


class MissingView(MergedScreen):
    """The list, by state and words; files are given up, or their notes left, one screen or filter at once."""

    template_name = "cms_core_importer/missing.html"
    page_title = gettext_lazy("Missing files")

    @property
    def asked(self) -> tuple[str, str]:
        """State ("" for all) and words; what does not exist counts as not asked for."""
        state = self.request.GET.get("state", "")
        words = self.request.GET.get("q", "").strip()[:MOST_WORDS]
        if state == ALL:
            return "", words
        return (state if state in MissingState.values else MissingState.OPEN.value), words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        state, words = self.asked
        rows = self.lines(missing.missing_files(self.request.user, state=state, words=words))
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "count": rows.paginator.count,
            "words": words,
            "state": state,
            "states": [*MissingState.choices, (ALL, _("in any state"))],
            "is_open": state == MissingState.OPEN,
            "is_filtered": bool(words) or state != MissingState.OPEN,
            "to_attach": missing.TO_ATTACH,
            "most": missing.MOST_AT_ONCE,
            "query": urlencode({"state": state or ALL, "q": words}) + "&",
            "remark": kwargs.get("remark", ""),
            "chosen": kwargs.get("chosen", ()),
            "everything": kwargs.get("everything", False),
            "error": kwargs.get("error", ""),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = list(row_numbers(request.POST.getlist("entry")))
        everything = "everything" in request.POST
        remark = request.POST.get("remark", "").strip()
        how = request.POST.get("how", "")
        try:
            ids = self._all_found() if everything else chosen
            if not ids:
                raise ValidationError(_("Choose at least one file."))
            if how not in MissingState.values:
                raise ValidationError(_("Choose what is to be done."))
            settled = missing.settle_files(
                actor=request.user, entry_ids=ids, state=MissingState(how), remark=remark
            )
        except ValidationError as error:
            return self.render_to_response(
                self.get_context_data(
                    error=" ".join(error.messages),
                    remark=remark,
                    chosen=set(chosen),
                    everything=everything,
                )
            )
        if how == MissingState.GIVEN_UP:
            words = ngettext(
                "%(number)d file was given up; its note went out of the draft. Publish it, or hand it in for review.",
                "%(number)d files were given up; their notes went out of the drafts. Publish them, or hand them "
                "in for review.",
                settled.done,
            )
        else:
            words = ngettext(
                "%(number)d file was taken off the list; its note stays on the page.",
                "%(number)d files were taken off the list; their notes stay on the pages.",
                settled.done,
            )
        tell(request, settled, words % {"number": settled.done})
        return back_to(request)

    def _all_found(self) -> list[int]:
        """The first that the filter finds, as many as are settled at once."""
        _state, words = self.asked
        rows = missing.missing_files(self.request.user, words=words)
        return list(rows.values_list("pk", flat=True)[: missing.MOST_AT_ONCE])
