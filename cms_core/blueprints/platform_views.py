"""Opening sites from a list in the administration: bring it, look, begin, watch, read the results."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from sites.accounts.views.platform import OPERATOR, READERS, is_operator, platform_page
from sites.tenancy.scope import system_scope

from . import runs
from .enums import OpeningStatus
from .forms import ListForm
from .list_services import Outcome, preview_list
from .models import OpeningRun

_LISTS, _LINES = 30, 100
#: What needs somebody stands first.
_ORDER = {Outcome.REFUSED: 0, Outcome.DIFFERS: 1, Outcome.OPENED: 2, Outcome.STANDS: 3}
_WORDS = {
    Outcome.OPENED: gettext_lazy("Opened"),
    Outcome.STANDS: gettext_lazy("Stands already"),
    Outcome.DIFFERS: gettext_lazy("Stands and differs, left as it is"),
    Outcome.REFUSED: gettext_lazy("Cannot be opened"),
}
_CAN = gettext_lazy("Can be opened")


@platform_page(*READERS)
def lists(request: HttpRequest) -> HttpResponseBase:
    """The lists that were brought, and for operators the form for another."""
    may_act = is_operator(request)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not may_act:
            raise PermissionDenied(_("Operators open sites; you read."))
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = runs.keep_list(actor=request.user, name=file.name, content=file.read())
            except ValidationError as error:
                form.add_error("file", error)
            else:
                return HttpResponseRedirect(reverse("platform_opening:list", args=[run.pk]))
    with system_scope("the lists of sites that operators brought, read by platform staff"):
        rows = OpeningRun.objects.select_related("created_by").defer("content", "results")
        page = Paginator(rows, _LISTS).get_page(request.GET.get("page"))
        shown = list(page)
    context = {"rows": shown, "page": page, "form": form, "is_operator": may_act}
    return render(request, "cms_core_blueprints/lists.html", context)


@platform_page(*READERS)
def one_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One list: before the beginning what would happen, then how far it is, at last the results."""
    with system_scope("a list of sites that an operator brought, read by platform staff"):
        run = get_object_or_404(OpeningRun.objects.select_related("created_by"), pk=pk)
    is_preview = run.status == OpeningStatus.CHECKED
    lines = _previewed(run) if is_preview else list(run.results)
    lines.sort(key=lambda line: (_ORDER[Outcome(line["outcome"])], line["line"]))
    counts = [
        (outcome, _word(outcome, is_preview), count)
        for outcome in _ORDER
        if (count := sum(line["outcome"] == outcome for line in lines))
    ]
    page = Paginator(lines, _LINES).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "run": run,
        "page": page,
        "lines": [(line, _word(Outcome(line["outcome"]), is_preview)) for line in page],
        "counts": counts,
        "can_open": sum(line["outcome"] == Outcome.OPENED for line in lines),
        "done": len(run.results),
        "is_preview": is_preview,
        "is_running": run.status == OpeningStatus.RUNNING,
        "is_interrupted": run.status == OpeningStatus.INTERRUPTED,
        "is_operator": is_operator(request),
    }
    return render(request, "cms_core_blueprints/list.html", context)


def _previewed(run: OpeningRun) -> list[dict[str, Any]]:
    found = preview_list(runs.list_of(run).sites)
    return [
        {
            "line": line.line,
            "code": line.code,
            "name": line.name,
            "outcome": line.outcome.value,
            "url": line.url,
            "texts": line.texts,
        }
        for line in found.lines
    ]


def _word(outcome: Outcome, is_preview: bool) -> Any:
    return _CAN if is_preview and outcome is Outcome.OPENED else _WORDS[outcome]


@require_POST
@platform_page(OPERATOR)
def begin_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin a list, or go on with one that was interrupted."""
    with system_scope("a list of sites that an operator begins"):
        run = get_object_or_404(OpeningRun, pk=pk)
    try:
        runs.begin(actor=request.user, run=run)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(reverse("platform_opening:list", args=[run.pk]))
