"""Merging old sites in the administration: bring one, look, begin, watch, stop, go on, read the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cms_core.media.spreadsheets import MEDIA_TYPES, Cell, FileKind, as_file
from sites.accounts.views.platform import OPERATOR, READERS, is_operator, platform_page
from sites.tenancy.models import Tenant
from sites.tenancy.scope import system_scope
from sites.tenancy.selectors import primary_address

from . import order_report, orders
from .enums import OrderStatus, Outcome, PersonalData, RecordKind
from .models import MergeOrder
from .order_forms import OrderForm, site_choices
from .site_groups import Counts

_ORDERS, _SITES, _ROWS, _REASONS = 30, 60, 50, 12
#: The lists of a report, those that need somebody first.
_LIST_WORDS = {
    order_report.PERSONAL: gettext_lazy("May hold personal data"),
    Outcome.LOST.value: gettext_lazy("Lost"),
    Outcome.REPAIRED.value: gettext_lazy("Mended or held back"),
    Outcome.SKIPPED.value: gettext_lazy("Skipped"),
}


def _order(pk: int) -> MergeOrder:
    with system_scope("an order to merge old sites, read by platform staff"):
        return get_object_or_404(MergeOrder.objects.select_related("created_by"), pk=pk)


@platform_page(*READERS)
def order_list(request: HttpRequest) -> HttpResponseBase:
    """The orders, newest first."""
    with system_scope("the orders to merge old sites, read by platform staff"):
        rows = MergeOrder.objects.select_related("created_by").defer("sites")
        page = Paginator(rows, _ORDERS).get_page(request.GET.get("page"))
        shown = list(page)
    context = {"rows": shown, "page": page, "is_operator": is_operator(request)}
    return render(request, "cms_core_importer/platform/orders.html", context)


@platform_page(OPERATOR)
def new_order(request: HttpRequest) -> HttpResponseBase:
    """The form for another old site."""
    form = OrderForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            order = orders.keep_order(
                actor=request.user,
                options=form.options(),
                file=values["file"],
                server_name="" if values["file"] else values.get("on_server", ""),
                mapping=values["mapping"],
            )
        except ValidationError as error:
            form.add_error(None if hasattr(error, "error_dict") else "file", error)
        else:
            return HttpResponseRedirect(reverse("platform_importing:order", args=[order.pk]))
    context = {"form": form, "sites": site_choices()}
    return render(request, "cms_core_importer/platform/new.html", context)


@platform_page(*READERS)
def one_order(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One order: what merging would do, then how far it is, at last what became of every row."""
    order = _order(pk)
    page = Paginator(_failed_first(order.sites), _SITES).get_page(request.GET.get("page"))
    able = sum(not entry["error"] for entry in order.sites)
    context: dict[str, Any] = {
        "order": order,
        "page": page,
        "sites": _with_addresses(list(page)),
        "outcomes": [outcome.label for outcome in Outcome],
        "counts": _counts(order),
        "reasons": _reasons(order),
        "is_working": order.status in orders.RUNNING,
        "is_looked": order.status == OrderStatus.LOOKED,
        "goes_on": order.status in (OrderStatus.STOPPED, OrderStatus.INTERRUPTED),
        "is_report": order.begun_at is not None,
        "able": able,
        "failed": len(order.sites) - able,
        "was_cut_off": order.begun_at is not None and order.attempts > 1,
        "opened": sum(entry["opened"] for entry in order.sites),
        "public_personal": sum(
            entry["sizes"].get(order_report.PERSONAL, 0) - entry.get("drafts", 0)
            for entry in order.sites
        ),
        "held": sum(entry.get("held", 0) for entry in order.sites),
        "is_published": order.options.get("personal_data") == PersonalData.PUBLISH,
        "is_operator": is_operator(request),
    }
    return render(request, "cms_core_importer/platform/order.html", context)


def _failed_first(sites: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(sites, key=lambda entry: (not entry["error"], entry["tenant"]))


def _with_addresses(sites: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With the address of each site that stands, and its numbers in the order of the outcomes."""
    tenants = {
        tenant.code: tenant.pk
        for tenant in Tenant.objects.filter(code__in=[entry["tenant"] for entry in sites])
    }
    found = []
    for entry in sites:
        address = primary_address(tenants[entry["tenant"]]) if entry["tenant"] in tenants else None
        articles = entry["counts"].get(RecordKind.ARTICLE.value, {})
        found.append(
            {
                **entry,
                "url": address.home_url if address else "",
                "articles": [articles.get(outcome.value, 0) for outcome in Outcome],
                "listed": sum(entry["sizes"].values()),
            }
        )
    return found


def _counts(order: MergeOrder) -> list[tuple[Any, list[int]]]:
    total: Counter[tuple[str, str]] = Counter()
    for entry in order.sites:
        counts: Counts = entry["counts"]
        for kind, numbers in counts.items():
            for name, number in numbers.items():
                total[kind, name] += number
    return [
        (kind.label, [total[kind.value, outcome.value] for outcome in Outcome])
        for kind in RecordKind
    ]


def _reasons(order: MergeOrder) -> list[tuple[Any, Any, str, int]]:
    """Kind, outcome, reason and rows, the most frequent of all sites together."""
    total: Counter[tuple[str, str, str]] = Counter()
    for entry in order.sites:
        for row in entry["reasons"]:
            # What stood for the single row was cut off before.
            reason = row["reason"].removesuffix("…").removesuffix(" (…)")
            total[row["kind"], row["outcome"], reason] += row["rows"]
    return [
        (RecordKind(kind).label, Outcome(outcome).label, reason, number)
        for (kind, outcome, reason), number in total.most_common(_REASONS)
    ]


@platform_page(OPERATOR)
def order_site(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """The rows of one site, list by list: for the operator who brought them, since they hold titles."""
    order = _order(pk)
    entry = next((entry for entry in order.sites if entry["tenant"] == code), None)
    if entry is None or not order_report.has_report(order, code):
        raise Http404
    sizes = {name: entry["sizes"].get(name, 0) for name in _LIST_WORDS}
    wanted = request.GET.get("list", "")
    filled = (name for name in sizes if sizes[name])
    shown = wanted if wanted in sizes else next(filled, Outcome.LOST.value)
    rows: Any = _Rows(order, code, shown, sizes[shown])
    page = Paginator(rows, _ROWS).get_page(request.GET.get("page"))
    context = {
        "order": order,
        "entry": entry,
        "lists": [(name, _LIST_WORDS[name], sizes[name]) for name in sizes],
        "shown": shown,
        "shown_words": _LIST_WORDS[shown],
        "page": page,
        "rows": [(RecordKind(row["kind"]).label, row) for row in page],
        "query": f"&list={shown}",
        "is_report": order.begun_at is not None,
    }
    return render(request, "cms_core_importer/platform/order_site.html", context)


class _Rows:
    """One list of a report, for a paginator: its file is read as far as the page."""

    def __init__(self, order: MergeOrder, code: str, name: str, size: int) -> None:
        self._read: Callable[[], Iterator[dict[str, Any]]] = lambda: order_report.read_rows(
            order, code, name
        )
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, wanted: slice) -> list[dict[str, Any]]:
        return list(islice(self._read(), wanted.start, wanted.stop))


@platform_page(OPERATOR)
def order_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All listed rows of all sites as a table."""
    order = _order(pk)
    heads = [
        _("site"),
        _("what became of it"),
        _("kind"),
        _("key in the source"),
        _("title"),
        _("why"),
    ]
    answer = HttpResponse(
        as_file(FileKind.CSV, heads, _cells(order)), content_type=MEDIA_TYPES[FileKind.CSV]
    )
    name = f"merge-{order.pk}-{order_report.phase_of(order)}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cells(order: MergeOrder) -> Iterator[list[Cell]]:
    for entry in order.sites:
        if entry["error"]:
            yield [entry["tenant"], _("not merged"), "", "", entry["name"], entry["error"]]
        for row in order_report.read_rows(order, entry["tenant"]):
            yield [
                entry["tenant"],
                str(_LIST_WORDS[row["list"]]),
                str(RecordKind(row["kind"]).label),
                row["source_key"],
                row["title"],
                row["reason"],
            ]


@require_POST
@platform_page(OPERATOR)
def begin_order(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begin to merge, or go on."""
    return _acted(request, pk, orders.begin)


@require_POST
@platform_page(OPERATOR)
def stop_order(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Stop after the batch at hand."""
    return _acted(request, pk, orders.stop)


@require_POST
@platform_page(OPERATOR)
def discard_order(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove the file and its report."""
    order = _order(pk)
    try:
        orders.discard(actor=request.user, order=order)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(reverse("platform_importing:order", args=[pk]))
    messages.success(request, _("“%(name)s” and its report were removed.") % {"name": order.name})
    return HttpResponseRedirect(reverse("platform_importing:orders"))


def _acted(request: HttpRequest, pk: int, act: Callable[..., None]) -> HttpResponseBase:
    try:
        act(actor=request.user, order=_order(pk))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(reverse("platform_importing:order", args=[pk]))
