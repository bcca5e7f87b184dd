"""Checks in a site's administration: findings of a revision, what is open, the site's own lists."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic import CreateView, DeleteView, EditView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.models import Revision

from sites.typed_text.rules import row_number, row_numbers

from . import list_services, selectors, services, term_screens
from .forms import LeaderForm
from .models import Leader, Waiver
from .permissions import may_edit, may_keep_terms, may_read_findings
from .wording import edition_words


class ChecksView(WagtailAdminTemplateMixin, TemplateView):
    """Base of the screens."""

    header_icon = "check"
    page_title: Any = _("Content checks")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [
            *self.breadcrumbs_items,
            {"url": reverse("content_checks:index"), "label": _("Content checks")},
        ]
        if type(self).page_title != ChecksView.page_title:
            items.append({"url": "", "label": self.get_page_title()})
        return items


class IndexView(ChecksView):
    """Texts of the site that findings hold back, newest first."""

    template_name = "cms_core_content_checks/index.html"
    _SHOWN = 50

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_mine = self.request.GET.get("mine") == "1"
        rows = selectors.findings_of_tenant(
            limit=self._SHOWN, author=self.request.user if is_mine else None
        )
        return super().get_context_data(
            rows=rows, is_mine=is_mine, keeps_terms=may_keep_terms(self.request.user), **kwargs
        )


class FindingsView(ChecksView):
    """What the newest check of one revision found; check again, waive, take a waiver back."""

    template_name = "cms_core_content_checks/findings.html"
    page_title = _("What the checks found")

    @cached_property
    def revision(self) -> Revision:
        return get_object_or_404(Revision, pk=self.kwargs["revision_id"])

    @cached_property
    def object(self) -> Any:
        try:
            obj = self.revision.content_object
        except ObjectDoesNotExist:
            obj = None
        if obj is None:
            raise Http404("the text is gone")
        return obj

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_read_findings(request.user, self.object):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.revision.object_str

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = selectors.latest_run(self.revision)
        findings = selectors.findings_of(run) if run is not None else []
        newest = self.object.get_latest_revision()
        last = selectors.newest_run(self.revision.base_content_type_id, self.revision.object_id)
        # Answered from the newest check there is, also while a still newer draft waits to be checked.
        is_current = last is None or run == last
        is_outrun = (
            selectors.is_outrun(run, newest)
            if run is not None
            else newest is not None and newest.pk != self.revision.pk
        )
        groups = selectors.grouped(findings)
        open_count = sum(row.is_open for group in groups for row in group.rows)
        is_editor = may_edit(self.request.user, self.object)
        return super().get_context_data(
            run=run,
            lists_words=edition_words(run.lists) if run is not None else "",
            revision=self.revision,
            groups=groups,
            open_count=open_count,
            waivable=sum(row.is_waivable for group in groups for row in group.rows),
            corrected=selectors.corrected_before(run) if run is not None else [],
            edit_url=AdminURLFinder(self.request.user).get_edit_url(self.object),
            is_current=is_current,
            is_outrun=is_outrun,
            newest_url=""
            if is_current or last is None
            else reverse("content_checks:findings", args=[last.revision_id]),
            is_editor=is_editor,
            submit_url=self._submit_url()
            if run is not None and is_editor and not (is_outrun or open_count)
            else "",
            **kwargs,
        )

    def _submit_url(self) -> str:
        """Where the text is submitted, where a review stands before it and does not run yet."""
        obj = self.object
        if not getattr(obj, "has_workflow", False):
            return ""
        if obj.live and not obj.has_unpublished_changes:
            return ""
        state = obj.current_workflow_state
        if state is not None and state.status != state.STATUS_NEEDS_CHANGES:
            return ""
        return reverse("review:item", args=[obj.get_base_content_type().pk, obj.pk])

    def post(self, request: HttpRequest, revision_id: int) -> HttpResponseBase:
        action = request.POST.get("action", "check")
        handler = {"check": self._check, "waive": self._waive, "take_back": self._take_back}.get(
            action
        )
        if handler is None:
            raise Http404(f"no such action {action!r}")
        try:
            shown = handler(request) or revision_id
        except ValidationError as error:
            messages.error(request, "\n".join(error.messages))
            return self.render_to_response(
                self.get_context_data(
                    reason=request.POST.get("reason", ""),
                    chosen=set(request.POST.getlist("finding")),
                )
            )
        return HttpResponseRedirect(reverse("content_checks:findings", args=[shown]))

    def _check(self, request: HttpRequest) -> int:
        """The newest draft is what is checked, whichever one the screen still shows."""
        newest = self.object.get_latest_revision() or self.revision
        services.check_revision(actor=request.user, revision=newest)
        words = _("Checked.") if newest == self.revision else _("The newest draft was checked.")
        messages.success(request, words)
        return int(newest.pk)

    def _waive(self, request: HttpRequest) -> None:
        run = selectors.latest_run(self.revision)
        keys = row_numbers(request.POST.getlist("finding"))
        findings = list(run.findings.filter(pk__in=keys).order_by("pk")) if run is not None else []
        waived = services.waive_findings(
            actor=request.user, findings=findings, reason=request.POST.get("reason", "")
        )
        messages.success(
            request,
            _("Waived: %(count)d. Your name and the reason stand beside it.")
            % {"count": len(waived)},
        )

    def _take_back(self, request: HttpRequest) -> None:
        run = selectors.latest_run(self.revision)
        key = row_number(request.POST.get("waiver"))
        if run is None or key is None:
            raise Http404("nothing to take back")
        waiver = get_object_or_404(
            Waiver, pk=key, content_type_id=run.content_type_id, object_id=run.object_id
        )
        services.end_waiver(actor=request.user, waiver=waiver, run=run)
        messages.success(request, _("Taken back. It holds the text back again."))


class ObjectView(ChecksView):
    """The way from an object to its newest findings; to its newest draft where it was never checked."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        content_type_id, object_id = kwargs["content_type_id"], kwargs["object_id"]
        content_type = get_object_or_404(ContentType, pk=content_type_id)
        last = selectors.newest_run(content_type.pk, object_id)
        revision = (
            last.revision
            if last is not None
            else (
                Revision.objects.filter(base_content_type=content_type, object_id=object_id)
                .order_by("-created_at", "-pk")
                .first()
            )
        )
        if revision is None:
            raise Http404("never saved as a draft")
        return HttpResponseRedirect(reverse("content_checks:findings", args=[revision.pk]))


class TermsView(ChecksView):
    """The site's own terms beside the platform's, which it reads only."""

    template_name = "cms_core_content_checks/terms.html"
    page_title = _("Terms of this site")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_keep_terms(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = term_screens.terms_context(self.request, platform=False)
        return super().get_context_data(**context | {"is_keeper": True} | kwargs)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        response, forms = term_screens.changed(
            request, platform=False, to=reverse("content_checks:terms")
        )
        return response or self.render_to_response(self.get_context_data(**forms))


class TermsFileView(TermsView):
    """The site's own terms as CSV."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return term_screens.exported(platform=False)


class ChecksViewSet(ViewSet):
    """Screens of checks, below ``checks/``."""

    name = "content_checks"
    url_prefix = "checks"
    url_namespace = "content_checks"

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", IndexView.as_view(), name="index"),
            path("<int:revision_id>/", FindingsView.as_view(), name="findings"),
            path(
                "of/<int:content_type_id>/<str:object_id>/", ObjectView.as_view(), name="of_object"
            ),
            path("terms/", TermsView.as_view(), name="terms"),
            path("terms/export.csv", TermsFileView.as_view(), name="terms_export"),
        ]


class _SavesLeader:
    """Saved by the service, which makes the next edition of the list."""

    request: HttpRequest
    form: LeaderForm

    def save_instance(self) -> Leader:
        return list_services.save_leader(
            actor=self.request.user, leader=self.form.save(commit=False)
        )


class LeaderCreateView(_SavesLeader, CreateView):
    pass


class LeaderEditView(_SavesLeader, EditView):
    pass


class LeaderDeleteView(DeleteView):
    def delete_action(self) -> None:
        list_services.delete_leader(actor=self.request.user, leader=self.object)


class LeaderViewSet(ModelViewSet):
    """The dated list of leaders of the site."""

    model = Leader
    name = "leaders"
    url_prefix = "checks/leaders"
    url_namespace = "leaders"
    icon = "user"
    menu_label = _("List of leaders")
    add_to_settings_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    list_display = ["name", "posts", "rank", "held_from", "held_until"]
    list_filter = ["held_until"]
    search_fields = ["name", "posts"]
    ordering = ["rank", "name", "pk"]
    add_view_class = LeaderCreateView
    edit_view_class = LeaderEditView
    delete_view_class = LeaderDeleteView

    def get_form_class(self, for_update: bool = False) -> type[LeaderForm]:
        return LeaderForm
