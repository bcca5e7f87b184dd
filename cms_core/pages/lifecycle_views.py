"""Screens of withdrawal, deletion and the plan, inside a site's administration."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from sites.tenancy.rules import HOME_DEPTH

from . import lifecycle_rights as rights
from . import lifecycle_selectors as selectors
from .lifecycle_forms import DeletionForm, NoticeForm, PlaceForm, form_of
from .models import BasePage, RecycledPage, Tombstone
from .recycle_bin import purge_pages, recycle_pages, restore_page
from .withdrawal import change_notice, withdraw_pages
from .withdrawal_rules import recycle_bin_days

#: Lines of a list.
LINES = 50


class Screen(WagtailAdminTemplateMixin, TemplateView):
    """Base of the screens: breadcrumbs, the form, what the service said."""

    header_icon = "doc-empty-inverse"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def again(self, form: Any, error: ValidationError | None = None) -> HttpResponse:
        """The form once more, with all that was written."""
        if error is not None:
            form.add_error(None, error)
        return self.render_to_response(self.get_context_data(form=form))


class OfOnePage(Screen):
    """Base of the screens about one page."""

    why_not: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        reason = self.why_not(self.page, request.user)
        if reason:
            if not self.page.permissions_for_user(request.user).can_edit():
                raise PermissionDenied
            messages.error(request, reason)
            return HttpResponseRedirect(self.back())
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def page(self) -> BasePage:
        found = rights.with_state([get_object_or_404(BasePage, pk=self.kwargs["page_id"])])
        return found[0]

    @cached_property
    def live_below(self) -> int:
        return BasePage.objects.descendant_of(self.page).filter(live=True).count()

    def back(self) -> str:
        found: str = get_valid_next_url_from_request(self.request)
        return found or reverse("wagtailadmin_explore", args=[self.parent_id])

    @cached_property
    def parent_id(self) -> int:
        parent = self.page.get_parent()
        return self.page.pk if parent is None or parent.depth < HOME_DEPTH else parent.pk

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "title": self.page.get_admin_display_title(),
            "live_below": self.live_below,
            "next": self.back(),
        }


class WithdrawView(OfOnePage):
    """Take one page off the site, with a reason (stands at the address of Wagtail's "unpublish")."""

    template_name = "cms_core_pages/withdraw.html"
    page_title = gettext_lazy("Take off the site")
    why_not = staticmethod(rights.why_not_withdraw)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or NoticeForm(with_below=self.live_below)
        return super().get_context_data(**kwargs) | {"form": form, "media": form.media}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = NoticeForm(request.POST, with_below=self.live_below)
        if not form.is_valid():
            return self.again(form)
        try:
            stones = withdraw_pages(
                actor=request.user,
                pages=[self.page],
                notice=form.notice(),
                with_below=form.cleaned_data.get("with_below", False),
            )
        except ValidationError as error:
            return self.again(form, error)
        messages.success(
            request,
            ngettext(
                "%(count)d page withdrawn. Its address now says why. To undo it, publish the page again.",
                "%(count)d pages withdrawn. Their addresses now say why. "
                "To undo it, publish them again.",
                len(stones),
            )
            % {"count": len(stones)},
            buttons=[
                messages.button(reverse("wagtailadmin_pages:edit", args=[self.page.pk]), _("Edit")),
                messages.button(reverse("lifecycle:withdrawals"), _("Withdrawal notices")),
            ],
        )
        return HttpResponseRedirect(self.back())


class DeleteView(OfOnePage):
    """Move one page into the recycle bin (stands at the address of Wagtail's "delete")."""

    template_name = "cms_core_pages/delete.html"
    page_title = gettext_lazy("Delete")
    header_icon = "bin"
    why_not = staticmethod(rights.why_not_delete)

    @cached_property
    def is_public(self) -> bool:
        return self.page.live or bool(self.live_below)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or (DeletionForm() if self.is_public else None)
        below = self.page.get_descendant_count()
        return super().get_context_data(**kwargs) | {
            "form": form,
            "media": form.media if form is not None else "",
            "below": below,
            "is_public": self.is_public,
            "days": recycle_bin_days(),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        back = self.back()
        form = DeletionForm(request.POST) if self.is_public else None
        if form is not None and not form.is_valid():
            return self.again(form)
        try:
            (entry,) = recycle_pages(
                actor=request.user,
                pages=[self.page],
                notice=form.notice() if form is not None else None,
            )
        except ValidationError as error:
            return self.again(form or NoticeForm(), error)
        tell_deleted(request, [entry])
        return HttpResponseRedirect(back)


def tell_deleted(request: HttpRequest, entries: list[RecycledPage]) -> None:
    """Say where the pages are now, with the way back."""
    count = sum(entry.page_count for entry in entries)
    button = messages.button(reverse("lifecycle:recycle_bin"), _("Recycle bin"))
    messages.success(
        request,
        ngettext(
            "%(count)d page moved into the recycle bin. It can be restored until %(day)s.",
            "%(count)d pages moved into the recycle bin. They can be restored until %(day)s.",
            count,
        )
        % {"count": count, "day": entries[0].purge_on.isoformat()},
        buttons=[button],
    )


class ListScreen(Screen):
    """Base of the lists: for whoever works on pages here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not rights.works_somewhere(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def lines(self, rows: Any) -> Any:
        return Paginator(rows, LINES).get_page(self.request.GET.get("p"))


class RecycleBinView(ListScreen):
    """What was deleted, with a way back each."""

    template_name = "cms_core_pages/recycle_bin.html"
    page_title = gettext_lazy("Recycle bin")
    header_icon = "bin"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        entries = [
            (entry, rights.may_purge(entry, user))
            for entry in selectors.recycled_pages()
            if rights.may_see_deleted(entry, user)
        ]
        return super().get_context_data(**kwargs) | {
            "entries": self.lines(entries),
            "days": recycle_bin_days(),
        }


class OfOneDeletion(ListScreen):
    """Base of the screens about one deleted page."""

    header_icon = "bin"

    @cached_property
    def entry(self) -> RecycledPage:
        found = get_object_or_404(
            RecycledPage.objects.select_related("former_parent", "page"), pk=self.kwargs["pk"]
        )
        if not rights.may_see_deleted(found, self.request.user):
            raise PermissionDenied
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"entry": self.entry}


class RestoreView(OfOneDeletion):
    """Bring a deleted page back: one press, or a choice of place where the old one is gone."""

    template_name = "cms_core_pages/restore.html"
    page_title = gettext_lazy("Restore")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or PlaceForm()
        return super().get_context_data(**kwargs) | {"form": form, "media": form.media}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parent = self.entry.former_parent
        if parent is None or parent.is_recycled or "parent" in request.POST:
            form = PlaceForm(request.POST if "parent" in request.POST else None)
            if not form.is_valid():
                return self.again(form)
            parent = form.cleaned_data["parent"]
        if not rights.may_restore_below(parent, request.user):
            raise PermissionDenied
        as_live = rights.may_publish_below(parent, request.user)
        try:
            page = restore_page(
                actor=request.user, entry=self.entry, parent=parent, as_live=as_live
            )
        except ValidationError as error:
            return self.again(PlaceForm(initial={"parent": parent}), error)
        said = _("“%(title)s” is back at %(address)s.") % {
            "title": page.title,
            "address": page.url or "",
        }
        if self.entry.live_pages and not as_live:
            said += _(" It is a draft: somebody who may publish here puts it online again.")
        messages.success(
            request,
            said,
            buttons=[
                messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit"))
            ],
        )
        return HttpResponseRedirect(reverse("lifecycle:recycle_bin"))


class PurgeView(OfOneDeletion):
    """Delete for good before the time is over; asked once more."""

    template_name = "cms_core_pages/purge.html"
    page_title = gettext_lazy("Delete for good")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not rights.may_purge(self.entry, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count = purge_pages(actor=request.user, entries=[self.entry])
        messages.success(
            request,
            ngettext("%(count)d page deleted for good.", "%(count)d pages deleted for good.", count)
            % {"count": count},
        )
        return HttpResponseRedirect(reverse("lifecycle:recycle_bin"))


class WithdrawalsView(ListScreen):
    """The notices that stand at addresses of this site."""

    template_name = "cms_core_pages/withdrawals.html"
    page_title = gettext_lazy("Withdrawal notices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "stones": self.lines(selectors.standing_notices())
        }


class NoticeView(ListScreen):
    """Say a notice better."""

    template_name = "cms_core_pages/notice.html"
    page_title = gettext_lazy("Withdrawal notice")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page = self.stone.page
        home = BasePage.objects.filter(depth=HOME_DEPTH).order_by("path").first()
        place = page if page is not None and not page.is_recycled else home
        if place is None or not rights.may_publish_below(place, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def stone(self) -> Tombstone:
        return get_object_or_404(
            Tombstone.objects.in_force().select_related("page", "replaced_by"),
            pk=self.kwargs["pk"],
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or form_of(self.stone)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "media": form.media,
            "stone": self.stone,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = form_of(self.stone, request.POST)
        if not form.is_valid():
            return self.again(form)
        try:
            change_notice(actor=request.user, tombstone=self.stone, notice=form.notice())
        except ValidationError as error:
            return self.again(form, error)
        messages.success(request, _("The notice was changed."))
        return HttpResponseRedirect(reverse("lifecycle:withdrawals"))


class ScheduledView(ListScreen):
    """What goes online or offline by itself, the next first."""

    template_name = "cms_core_pages/scheduled.html"
    page_title = gettext_lazy("Planned")
    header_icon = "calendar-alt"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        plans = selectors.plans()
        pages = BasePage.objects.in_bulk({plan.page_id for plan in plans})
        plans = [
            plan
            for plan in plans
            if plan.page_id in pages and pages[plan.page_id].permissions_for_user(user).can_edit()
        ]
        return super().get_context_data(**kwargs) | {"plans": self.lines(plans)}
