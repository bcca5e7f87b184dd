"""The screens of review in a site's administration: lists, one text's record, settings, export."""

from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import AbstractPage

from cms_core.content_checks import permissions as checks_permissions
from cms_core.content_checks import selectors as checks
from cms_core.media.spreadsheets import FileKind, as_file
from sites.audit.services import record_event

from . import rules, selectors, services
from .enums import Decision, ReviewStage
from .events import ReviewEvent
from .exceptions import ReviewRefused
from .forms import ApproveForm, PeriodForm, ReleaseForm, ReturnForm
from .models import ReviewEntry
from .permissions import may_see
from .reviewed import Reviewed
from .screens import stage_marks
from .selectors import ReviewState
from .submission_checks import findings_address
from .urgent import obstacle_to_release, release_urgently

#: Rows of one list page: two screens of a desk.
ROWS = 50
#: Days that the export offers at first: the month that a monthly report is about.
EXPORT_DAYS = 31


class ReviewView(WagtailAdminTemplateMixin, TemplateView):
    """Base of the screens of review."""

    header_icon = "tasks"
    page_title = _("Review")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*self.breadcrumbs_items, {"url": reverse("review:waiting"), "label": _("Review")}]
        if self.get_page_title() != str(ReviewView.page_title):
            items.append({"url": "", "label": self.get_page_title()})
        return items

    def get_page_title(self) -> str:
        return str(self.page_title)


class QueueView(ReviewView):
    """One of the lists: waiting for me, returned to me, submitted by me, released urgently."""

    template_name = "cms_core_workflow/queue.html"
    tab = "waiting"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        lists = {
            "waiting": selectors.waiting_for(user),
            "returned": selectors.returned_to(user),
            "mine": selectors.submitted_by(user),
        }
        owed = selectors.urgent_releases()
        rows: Any = owed if self.tab == "urgent" else lists[self.tab]
        page = Paginator(rows, ROWS).get_page(self.request.GET.get("p"))
        tabs = [
            ("waiting", gettext("Waiting for me"), len(lists["waiting"])),
            ("returned", gettext("Returned to me"), len(lists["returned"])),
            ("mine", gettext("Submitted by me"), len(lists["mine"])),
            ("urgent", gettext("Urgent releases"), owed.filter(closed_at=None).count()),
        ]
        return super().get_context_data(
            tab=self.tab,
            tabs=[
                {"code": code, "label": label, "count": count, "url": reverse(f"review:{code}")}
                for code, label, count in tabs
            ],
            rows=page,
            may_export=selectors.may_see_all_reviews(user),
            **kwargs,
        )


class ItemView(ReviewView):
    """The review record of one text, and what can be decided on it."""

    template_name = "cms_core_workflow/item.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see(request.user, self.obj):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def obj(self) -> Any:
        """The text of the address, as its own type; 404 for what is none or another site's."""
        content_type = ContentType.objects.filter(pk=self.kwargs["content_type_id"]).first()
        model: Any = content_type.model_class() if content_type is not None else None
        if model is None or not issubclass(model, Reviewed):
            raise Http404
        try:
            row = model._base_manager.filter(pk=self.kwargs["object_id"]).first()
        except (ValueError, ValidationError) as error:
            raise Http404 from error
        if row is None or getattr(row, "depth", 0) == 1:
            raise Http404
        return getattr(row, "specific", row)

    @property
    def here(self) -> str:
        return self.request.path

    def get_page_title(self) -> str:
        return gettext("Review record")

    def get_page_subtitle(self) -> str:
        revision = self.obj.get_latest_revision()
        return services.title_of(self.obj, revision)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        obj, user = self.obj, self.request.user
        state = selectors.review_state(obj)
        decide = selectors.may_decide(user, obj, state)
        revision = obj.get_latest_revision()
        seen = (
            {"revision": revision.pk, "digest": services.digest_of(revision)}
            if revision is not None
            else {}
        )
        why_not_release = obstacle_to_release(user, obj)
        kwargs.setdefault("approve_form", ApproveForm(initial=seen, prefix="approve"))
        kwargs.setdefault("return_form", ReturnForm(prefix="return"))
        kwargs.setdefault("release_form", ReleaseForm(initial=seen, prefix="release"))
        return super().get_context_data(
            obj=obj,
            state=state,
            marks=stage_marks(state),
            decide=decide,
            obstacle=services.words_of_obstacle(decide.obstacle, state)
            if decide.may_return and decide.obstacle
            else "",
            may_withdraw=state.run is not None and selectors.may_withdraw(user, state.run),
            may_release=not why_not_release,
            entries=selectors.entries_of(obj),
            edit_url=AdminURLFinder(user).get_edit_url(obj),
            **self._checked(revision),
            read_url=self._read_url(),
            compare_url=self._compare_url(),
            returned_url=self._returned_url(state, revision),
            has_stage_before=state.stage is not None
            and rules.stage_before(state.stage, state.required) is not None,
            **kwargs,
        )

    def _checked(self, revision: Any) -> dict[str, Any]:
        """What the newest check found and what somebody let stay, for whoever decides by it."""
        obj = self.obj
        run = checks.newest_run(selectors.content_type_of(obj).pk, obj.pk)
        if run is None:
            return {"findings": (), "waived": (), "findings_url": "", "is_outrun": False}
        return {
            "findings": checks.grouped(run.findings.unresolved().order_by("pk")),
            "waived": checks.grouped(checks.waived_findings(run)),
            "findings_url": findings_address(obj)
            if checks_permissions.may_read_findings(self.request.user, obj)
            else "",
            "is_outrun": checks.is_outrun(run, revision),
        }

    def _returned_url(self, state: ReviewState, revision: Any) -> str:
        """What was changed since the text was returned, while it is in review again."""
        if not isinstance(self.obj, AbstractPage) or state.status != "in_review":
            return ""
        returned = selectors.returned_revision(self.obj)
        if revision is None or returned is None or returned >= revision.pk:
            return ""
        return reverse(
            "wagtailadmin_pages:revisions_compare", args=[self.obj.pk, returned, "latest"]
        )

    def _read_url(self) -> str:
        if isinstance(self.obj, AbstractPage):
            return reverse("wagtailadmin_pages:view_draft", args=[self.obj.pk])
        return ""

    def _compare_url(self) -> str:
        if isinstance(self.obj, AbstractPage) and self.obj.live:
            return reverse(
                "wagtailadmin_pages:revisions_compare", args=[self.obj.pk, "live", "latest"]
            )
        return ""

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        handler = {
            "approve": self._approve,
            "return": self._return,
            "withdraw": self._withdraw,
            "release": self._release,
            "submit": self._submit,
        }.get(request.POST.get("action", ""))
        if handler is None:
            raise Http404
        try:
            return handler(request)
        except ReviewRefused as refused:
            buttons = [messages.button(address, label) for label, address in refused.links]
            messages.error(request, str(refused), buttons=buttons)
            return HttpResponseRedirect(self.here)

    def _task_state(self) -> Any:
        state = selectors.review_state(self.obj)
        if state.task_state is None:
            raise ReviewRefused(
                gettext("Somebody else decided on this review meanwhile. Nothing was done twice.")
            )
        return state.task_state

    def _done(self, words: Any, *, to_list: bool = True) -> HttpResponseBase:
        messages.success(self.request, words)
        return HttpResponseRedirect(reverse("review:waiting") if to_list else self.here)

    def _approve(self, request: HttpRequest) -> HttpResponseBase:
        form = ApproveForm(request.POST, prefix="approve")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(approve_form=form))
        services.approve(
            actor=request.user,
            task_state=self._task_state(),
            note=form.cleaned_data["note"],
            revision_id=form.cleaned_data["revision"],
            digest=form.cleaned_data["digest"],
        )
        return self._approved()

    def _approved(self) -> HttpResponseBase:
        """What came of it: the next review, or that everybody can read it now, with the way there."""
        obj = type(self.obj)._base_manager.get(pk=self.obj.pk)
        state = selectors.review_state(obj)
        words, buttons = gettext("Approved."), []
        if state.status == "in_review" and state.stage is not None:
            words = gettext("Approved. Next: %(stage)s.") % {"stage": state.stage.label}
        elif getattr(obj, "approved_schedule", False):
            at = timezone.localtime(obj.get_latest_revision().approved_go_live_at)
            words = gettext("Approved. It goes public at %(at)s.") % {"at": f"{at:%Y-%m-%d %H:%M}"}
        elif state.status == "done":
            words = gettext("Approved. It is public now.")
            address = obj.full_url if isinstance(obj, AbstractPage) else ""
            if address:
                buttons = [
                    messages.button(address, gettext("Open it on the site"), new_window=True)
                ]
        messages.success(self.request, words, buttons=buttons)
        return HttpResponseRedirect(reverse("review:waiting"))

    def _return(self, request: HttpRequest) -> HttpResponseBase:
        form = ReturnForm(request.POST, prefix="return")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(return_form=form))
        services.return_for_changes(
            actor=request.user,
            task_state=self._task_state(),
            reason=form.cleaned_data["comment"],
            to=form.cleaned_data["to"] or "author",
        )
        return self._done(gettext("Returned with your reason."))

    def _release(self, request: HttpRequest) -> HttpResponseBase:
        form = ReleaseForm(request.POST, prefix="release")
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(release_form=form))
        release_urgently(
            actor=request.user,
            obj=self.obj,
            reason=form.cleaned_data["reason"],
            revision_id=form.cleaned_data["revision"],
        )
        return self._done(
            gettext("Published urgently. The reviews that were left out must be made up."),
            to_list=False,
        )

    def _withdraw(self, request: HttpRequest) -> HttpResponseBase:
        run = selectors.run_of(self.obj)
        if run is None:
            raise ReviewRefused(gettext("This review is finished: there is nothing to take back."))
        services.withdraw(actor=request.user, run=run)
        return self._done(gettext("Taken back. The text is a draft again."), to_list=False)

    def _submit(self, request: HttpRequest) -> HttpResponseBase:
        services.submit_for_review(actor=request.user, obj=self.obj)
        return self._done(gettext("Submitted for review."), to_list=False)


class ExportView(ReviewView):
    """The record of a period as a table, for the monthly report."""

    template_name = "cms_core_workflow/export.html"
    page_title = _("Export the review record")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not selectors.may_see_all_reviews(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "start" not in request.GET:
            today = timezone.localdate()
            initial = {"start": today - timedelta(days=EXPORT_DAYS), "end": today}
            return self.render_to_response(self.get_context_data(form=PeriodForm(initial=initial)))
        form = PeriodForm(request.GET)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        start, end = form.cleaned_data["start"], form.cleaned_data["end"]
        rows = list(selectors.entries_between(start, end))
        record_event(
            kind=ReviewEvent.EXPORTED,
            subject=request.tenant,  # type: ignore[attr-defined]
            actor=request.user,  # type: ignore[arg-type]
            data={"rows": len(rows)},
        )
        answer = HttpResponse(record_table(rows), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="review-{start}-{end}.csv"'
        return answer


def record_table(rows: list[ReviewEntry]) -> bytes:
    """The record as CSV."""
    yes = gettext("yes")
    return as_file(
        FileKind.CSV,
        [
            gettext("Time"),
            gettext("Title"),
            gettext("Review"),
            gettext("Decision"),
            gettext("Person"),
            gettext("User name"),
            gettext("Reason or note"),
            gettext("Urgent release"),
            gettext("By the same person"),
            gettext("Number of the text"),
            gettext("Revision"),
            gettext("Digest of the text"),
        ],
        (
            [
                timezone.localtime(row.at).strftime("%Y-%m-%d %H:%M:%S"),
                str(row.title),
                str(ReviewStage(row.stage).label) if row.stage else "",
                str(Decision(row.decision).label),
                str(row.person or ""),
                row.person.username if row.person else "",
                row.reason,
                yes if row.is_urgent else "",
                yes if row.is_alone else "",
                row.object_id,
                row.revision_id or "",
                row.revision_digest,
            ]
            for row in rows
        ),
    )


class ReviewViewSet(ViewSet):
    """All screens of review below ``review/``."""

    name = "review"
    icon = "tasks"

    def on_register(self) -> None:
        """The menu item is made by a hook: it counts."""

    def get_urlpatterns(self) -> list[Any]:
        from .policy_screens import PolicyView

        return [
            path("", QueueView.as_view(), name="waiting"),
            path("returned/", QueueView.as_view(tab="returned"), name="returned"),
            path("mine/", QueueView.as_view(tab="mine"), name="mine"),
            path("urgent/", QueueView.as_view(tab="urgent"), name="urgent"),
            path("settings/", PolicyView.as_view(), name="settings"),
            path("export/", ExportView.as_view(), name="export"),
            path("<int:content_type_id>/<str:object_id>/", ItemView.as_view(), name="item"),
        ]
