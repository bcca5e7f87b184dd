"""How far a change of many pages is, for the person who asked for it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from .bulk_jobs import carry_on_later, is_worked_on, stop_change
from .bulk_selectors import counts_of
from .enums import BulkItemState
from .lifecycle_views import Screen
from .models import BulkChange

#: Lines of each list.
LINES = 100


class BulkChangeView(Screen):
    """Progress while the worker is at it; afterwards what was done, and what was left and why.

    Complete without a script: the link loads it anew. The script only does that by itself.
    """

    template_name = "cms_core_pages/bulk_change.html"
    page_title = gettext_lazy("Change of many pages")
    header_icon = "list-ul"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.change.started_by_id != request.user.pk:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def change(self) -> BulkChange:
        return get_object_or_404(BulkChange.objects.select_related("target"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = counts_of(self.change)
        is_open = self.change.finished_at is None
        return super().get_context_data(**kwargs) | {
            "change": self.change,
            "counts": counts,
            "is_open": is_open,
            "is_stuck": is_open and not is_worked_on(self.change),
            "refused": self._lines(BulkItemState.REFUSED, "r"),
            "done": self._lines(BulkItemState.DONE, "d"),
        }

    def _lines(self, state: str, parameter: str) -> Any:
        rows = self.change.items.filter(state=state).order_by("pk")
        return Paginator(rows, LINES).get_page(self.request.GET.get(parameter))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "stop" in request.POST:
            left = stop_change(actor=request.user, change=self.change)
            messages.success(
                request,
                ngettext(
                    "Stopped: %(count)d page is left as it is.",
                    "Stopped: %(count)d pages are left as they are.",
                    left,
                )
                % {"count": left},
            )
        elif self.change.finished_at is None and not is_worked_on(self.change):
            carry_on_later(actor=request.user, change=self.change)
            messages.success(request, _("The rest is tried again."))
        return HttpResponseRedirect(reverse("lifecycle:bulk_change", args=[self.change.pk]))
