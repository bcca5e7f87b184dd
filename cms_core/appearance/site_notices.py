"""Mourning and the emergency bar of one site, in its administration."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from . import notices
from .forms import NoticeForm, add_service_errors
from .models import SiteNotice
from .permissions import may_announce
from .selectors import notices_in_force

#: Notices on the screen, newest first.
SHOWN_NOTICES = 50


class NoticeView(WagtailAdminTemplateMixin, TemplateView):
    """Base: only for those who switch notices of the open site."""

    header_icon = "warning"
    page_title = _("Mourning and emergency bar")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_announce(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class NoticeListView(NoticeView):
    """What is in force, what waits for a second person, and the form of a proposal."""

    template_name = "cms_core_appearance/notices.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", NoticeForm())
        now = timezone.now()
        rows = SiteNotice.objects.select_related("proposed_by", "confirmed_by", "lifted_by")
        return super().get_context_data(
            notices=[(row, notices.state_of(row, now)) for row in rows[:SHOWN_NOTICES]],
            everywhere=[row for row in notices_in_force(now, fresh=True) if row.is_platform],
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = NoticeForm(request.POST)
        if form.is_valid():
            try:
                notices.propose_site_notice(actor=request.user, row=form.row())
            except ValidationError as error:
                add_service_errors(form, error)
            else:
                messages.success(
                    request, _("Proposed. It is shown once a second administrator confirms it.")
                )
                return HttpResponseRedirect(reverse("site_notices:index"))
        return self.render_to_response(self.get_context_data(form=form))


class NoticeActionView(NoticeView):
    """Confirm or lift one notice."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        notice = get_object_or_404(SiteNotice, pk=pk)
        action = request.POST.get("action", "")
        try:
            if action == "confirm":
                notices.confirm_site_notice(actor=request.user, notice=notice)
                messages.success(request, _("Confirmed. Every page shows it within seconds."))
            elif action == "lift":
                notices.lift_site_notice(
                    actor=request.user, notice=notice, reason=request.POST.get("reason", "")
                )
                messages.success(request, _("Lifted."))
            else:
                raise Http404(f"no such action {action!r}")
        except ValidationError as error:
            messages.error(request, "\n".join(error.messages))
        except PermissionDenied as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("site_notices:index"))


class NoticeMenuItem(MenuItem):
    """Shown to those who switch notices."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_announce(request.user)


class SiteNoticeViewSet(ViewSet):
    """Addresses below ``notices/``."""

    name = "site_notices"
    url_prefix = "notices"
    icon = "warning"
    menu_label = _("Mourning and emergency bar")
    menu_name = "site-notices"
    menu_order = 560
    menu_item_class = NoticeMenuItem
    add_to_settings_menu = True

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.construct_view(NoticeListView), name="index"),
            path("<int:pk>/", self.construct_view(NoticeActionView), name="action"),
        ]
