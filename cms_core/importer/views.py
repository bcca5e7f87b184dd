"""What is left to do after a merge: missing files, dead links, the report, old addresses."""

from __future__ import annotations

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
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms_core.pages.lifecycle_rights import works_somewhere
from sites.tenancy.models import Tenant
from sites.tenancy.scope import current_tenant_id

from . import missing
from .enums import Outcome, RecordKind, RunStatus
from .forms import AttachForm
from .left_over import Settled
from .models import ImportRun, MissingAttachment
from .selectors import pages_of_rows
from .uses import old_addresses, quiet_after
from .wording import field_words, personal_words, source_words

#: Lines of a list.
LINES = 50
#: Pages that were left are named so far; the rest is counted.
NAMED = 10
SEES_RUNS = "cms_core_importer.view_importrun"
_LISTS = {
    "differences": gettext_lazy("Changed here and in the source"),
    "lost": gettext_lazy("Lost"),
    "repaired": gettext_lazy("Mended or held back"),
    "personal_data": gettext_lazy("May hold personal data"),
    "repeated": gettext_lazy("Repeated"),
    "skipped": gettext_lazy("Skipped"),
}


class MergedScreen(WagtailAdminTemplateMixin, TemplateView):
    """Base of the screens: who may come in, the other screens, lines of a list."""

    header_icon = "download"
    is_for_administrators = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user: Any = request.user
        if not works_somewhere(user) or (
            self.is_for_administrators and not user.has_perm(SEES_RUNS)
        ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def lines(self, rows: Any) -> Any:
        return Paginator(rows, LINES).get_page(self.request.GET.get("p"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        screens = [
            ("merged:texts", _("Old articles to check")),
            ("merged:missing", _("Missing files")),
            ("merged:dead_links", _("Dead links")),
        ]
        if user.has_perm(SEES_RUNS):
            screens += [("merged:runs", _("Imports")), ("merged:old_addresses", _("Old addresses"))]
        here = self.request.resolver_match.view_name if self.request.resolver_match else ""
        return super().get_context_data(**kwargs) | {
            "screens": [(reverse(name), label, name == here) for name, label in screens]
        }


def tell(request: HttpRequest, settled: Settled, words: str) -> None:
    """Says what was done, and names the first pages that were left with their reasons."""
    if settled.done:
        messages.success(request, words)
    for title, why in settled.left[:NAMED]:
        messages.warning(request, f"{title}: {why}")
    more = len(settled.left) - NAMED
    if more > 0:
        messages.warning(
            request,
            ngettext(
                "%(number)d more page was left as it is.",
                "%(number)d more pages were left as they are.",
                more,
            )
            % {"number": more},
        )


def back_to(request: HttpRequest) -> HttpResponseRedirect:
    """The same list, with the filter that was asked for."""
    return HttpResponseRedirect(f"{request.path}?{request.GET.urlencode()}")


class AttachView(MergedScreen):
    """One missing file: attach it, or give it up."""

    template_name = "cms_core_importer/attach.html"
    page_title = gettext_lazy("Attach a missing file")

    @cached_property
    def entry(self) -> MissingAttachment:
        found = get_object_or_404(
            MissingAttachment.objects.filter(state__in=missing.TO_ATTACH).select_related("page"),
            pk=self.kwargs["pk"],
        )
        if not found.page.permissions_for_user(self.request.user).can_edit():
            raise PermissionDenied
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs.pop("form", None) or AttachForm()
        return super().get_context_data(**kwargs) | {
            "entry": self.entry,
            "form": form,
            "media": form.media,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        gives_up = "give-up" in request.POST
        form = AttachForm(None if gives_up else request.POST)
        try:
            if gives_up:
                page = missing.give_up(
                    actor=request.user, entry=self.entry, remark=request.POST.get("remark", "")
                )
            elif not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            elif form.cleaned_data["picture"]:
                page = missing.attach_picture(
                    actor=request.user, entry=self.entry, picture=form.cleaned_data["picture"]
                )
            else:
                page = missing.attach_file(
                    actor=request.user, entry=self.entry, file=form.cleaned_data["file"]
                )
        except ValidationError as error:
            messages.error(request, "\n".join(error.messages))
            return HttpResponseRedirect(reverse("merged:missing"))
        said = (
            _("The place was taken out of the draft of “%(title)s”.")
            if gives_up
            else _("The file stands in the draft of “%(title)s”.")
        )
        messages.success(
            request,
            said % {"title": page.title}
            + " "
            + _("Look at it, then publish it or hand it in for review."),
            buttons=[
                messages.button(reverse("wagtailadmin_pages:edit", args=[page.pk]), _("Edit"))
            ],
        )
        return HttpResponseRedirect(reverse("merged:missing"))


class DeadLinksView(MergedScreen):
    """Links of merged pages that lead nowhere."""

    template_name = "cms_core_importer/dead_links.html"
    page_title = gettext_lazy("Dead links")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.lines(missing.dead_links(self.request.user))
        return super().get_context_data(**kwargs) | {"rows": rows, "count": rows.paginator.count}


class RunsView(MergedScreen):
    """The imports into this site, the newest first."""

    template_name = "cms_core_importer/runs.html"
    page_title = gettext_lazy("Imports")
    is_for_administrators = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = ImportRun.objects.defer("report").order_by("-started_at", "-pk")
        lines = self.lines(runs)
        for run in lines:
            run.source = source_words(run.source_name)
        return super().get_context_data(**kwargs) | {"runs": lines}


class RunView(MergedScreen):
    """What one import did, list by list."""

    template_name = "cms_core_importer/run.html"
    page_title = gettext_lazy("Report of an import")
    is_for_administrators = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = get_object_or_404(ImportRun, pk=self.kwargs["pk"])
        sizes = {name: len(run.report.get(name, ())) for name in _LISTS}
        wanted = self.request.GET.get("list", "")
        shown = wanted if wanted in _LISTS else next((n for n in _LISTS if sizes[n]), "lost")
        return super().get_context_data(**kwargs) | {
            "run": run,
            "is_running": run.status == RunStatus.RUNNING,
            "counts": [
                (
                    kind.label,
                    [(o.label, run.counts.get(kind.value, {}).get(o.value, 0)) for o in Outcome],
                )
                for kind in RecordKind
            ],
            "outcomes": [outcome.label for outcome in Outcome],
            "lists": [(name, label, sizes[name], name == shown) for name, label in _LISTS.items()],
            "shown": shown,
            "shown_words": _LISTS[shown],
            "left_off": run.report.get("left_off", {}).get(shown, 0),
            "source": source_words(run.source_name),
            "rows": self._with_words(run, self.lines(run.report.get(shown, []))),
        }

    def _with_words(self, run: ImportRun, rows: Any) -> Any:
        """The rows of one screen in words, with the pages that they became. One query."""
        kinds = [row.get("kind", RecordKind.ARTICLE) for row in rows]
        keys = [str(row.get("owner") or row.get("source_key", "")) for row in rows]
        pages = pages_of_rows(run.source_name, set(zip(kinds, keys, strict=True)))
        rows.object_list = [
            {
                **row,
                "page_id": pages.get((kind, key)),
                "kind": RecordKind(kind).label,
                "difference": field_words(row.get("difference", ())),
                "kinds": personal_words(row.get("kinds", ())),
                # Earlier runs did not note it: everything came in public.
                "is_draft": row.get("is_public") is False,
            }
            for row, kind, key in zip(rows, kinds, keys, strict=True)
        ]
        return rows


class OldAddressesView(MergedScreen):
    """Old addresses with their visits, and those that have fallen quiet."""

    template_name = "cms_core_importer/old_addresses.html"
    page_title = gettext_lazy("Old addresses")
    is_for_administrators = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tenant = Tenant.objects.get(pk=current_tenant_id())
        is_quiet = self.request.GET.get("quiet") == "1"
        rows = old_addresses(tenant, only_quiet=is_quiet)
        return super().get_context_data(**kwargs) | {
            "rows": self.lines(rows),
            "count": len(rows),
            "is_quiet": is_quiet,
            "days": quiet_after().days,
        }
