"""Taking an editing lock away, in place of Wagtail's unlocking; and having read that one's own was."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from .edit_locks import mark_seen, take_lock_away
from .lifecycle_forms import LockForm
from .lifecycle_views import Screen
from .models import BasePage


class TakeLockAwayView(Screen):
    """Stands at the address of Wagtail's "unlock": another's lock asks for a reason first."""

    template_name = "cms_core_pages/take_lock_away.html"
    page_title = gettext_lazy("Take the editing lock away")
    header_icon = "lock-open"

    @cached_property
    def page(self) -> BasePage:
        rows = BasePage.objects.select_related("locked_by")
        return get_object_or_404(rows, pk=self.kwargs["page_id"], depth__gt=1)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.page.permissions_for_user(request.user).can_unlock():
            raise PermissionDenied
        if request.method == "GET" and not self.page.locked:
            return self.away(_("The page is not locked any more."))
        return super().dispatch(request, *args, **kwargs)

    def away(self, words: str) -> HttpResponseRedirect:
        messages.success(self.request, words, extra_tags="unlock")
        found = get_valid_next_url_from_request(self.request)
        return HttpResponseRedirect(
            found or reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or LockForm()
        return super().get_context_data(**kwargs) | {
            "form": form,
            "media": form.media,
            "page": self.page,
            "title": self.page.get_admin_display_title(),
            "is_own": self.page.locked_by_id == self.request.user.pk,
            "next": get_valid_next_url_from_request(self.request),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_others = self.page.locked and self.page.locked_by_id not in {None, request.user.pk}
        if is_others and "reason" not in request.POST:
            # Wagtail's switch knows no reason: ask for it.
            return HttpResponseRedirect(request.get_full_path())
        try:
            broken = take_lock_away(
                actor=request.user, page=self.page, reason=request.POST.get("reason", "")
            )
        except ValidationError as error:
            return self.again(LockForm(request.POST), error)
        if broken is None:
            return self.away(
                _("“%(title)s” is free now.") % {"title": self.page.get_admin_display_title()}
            )
        return self.away(
            _("The lock is gone. %(name)s is told on their desk, with your reason.")
            % {"name": broken.holder}
        )


@require_POST
def lock_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The former holder has read it."""
    mark_seen(actor=request.user, lock_id=pk)
    return HttpResponseRedirect(reverse("wagtailadmin_home"))
