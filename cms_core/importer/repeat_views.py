"""Texts that several merged sites have, for the platform's staff: no site may see the others' rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cms_core.media.spreadsheets import MEDIA_TYPES, Cell, FileKind, as_file
from sites.accounts.views.platform import OPERATOR, READERS, is_operator, platform_page
from sites.tenancy.models import Tenant

from .repeats import RepeatedText, groups_of, shared_digests
from .selectors import merged_tenants
from .settling import reopen, settle, settled_digests
from .wording import OWNER_WORDS

_GROUPS = 30
_OPEN, _SETTLED, _ALL = "open", "settled", "all"
_STATES = {
    _OPEN: gettext_lazy("To be dealt with"),
    _SETTLED: gettext_lazy("Settled"),
    _ALL: gettext_lazy("All of them"),
}


def _chosen(request: HttpRequest) -> tuple[str, str, list[str], set[str]]:
    """Site and state that are asked for, the checksums that fit, and which of all are settled."""
    site = request.GET.get("site", "").strip()
    state = request.GET.get("state", "")
    state = state if state in _STATES else _OPEN
    shared = shared_digests(site)
    settled = settled_digests(shared)
    wanted = [
        digest for digest in shared if state == _ALL or (digest in settled) == (state == _SETTLED)
    ]
    return site, state, wanted, settled


@platform_page(*READERS)
def repeat_list(request: HttpRequest) -> HttpResponseBase:
    """The groups, those in the most sites first."""
    site, state, wanted, settled = _chosen(request)
    page = Paginator(wanted, _GROUPS).get_page(request.GET.get("page"))
    names = dict(Tenant.objects.values_list("code", "name"))
    query = urlencode({"site": site, "state": state})
    context = {
        "rows": [
            (group, names.get(group.proposal.owner.tenant_code, ""), _reason(group))
            for group in groups_of(list(page))
        ],
        "settled": settled,
        "page": page,
        "query": f"&{query}",
        "file_query": query,
        "count": len(wanted),
        "site": site,
        "state": state,
        "states": _STATES.items(),
        "tenants": merged_tenants(),
    }
    return render(request, "cms_core_importer/platform/repeats.html", context)


def _reason(group: RepeatedText) -> Any:
    return OWNER_WORDS[group.proposal.reason]


def _group(digest: str) -> RepeatedText:
    group = next(groups_of([digest]), None)
    if group is None or group.sites < 2:
        raise Http404
    return group


@platform_page(*READERS)
def one_repeat(request: HttpRequest, digest: str) -> HttpResponseBase:
    """One text with all its copies, the proposed owner first."""
    group = _group(digest)
    names = dict(
        Tenant.objects.filter(code__in={copy.tenant_code for copy in group.copies}).values_list(
            "code", "name"
        )
    )
    context = {
        "group": group,
        "reason": _reason(group),
        "copies": [
            (copy, names.get(copy.tenant_code, ""), copy is group.proposal.owner)
            for copy in group.copies
        ],
        "is_settled": digest in settled_digests({digest: group.sites}),
        "is_operator": is_operator(request),
    }
    return render(request, "cms_core_importer/platform/repeat.html", context)


@require_POST
@platform_page(OPERATOR)
def settle_repeat(request: HttpRequest, digest: str) -> HttpResponseBase:
    """Settle a group, or open it again."""
    group = _group(digest)
    if "reopen" in request.POST:
        reopen(actor=request.user, digest=digest)
    else:
        settle(actor=request.user, digest=digest, sites=group.sites)
    return HttpResponseRedirect(reverse("platform_repeats:repeat", args=[digest]))


@platform_page(*READERS)
def repeat_file(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, as a table: a row for each copy."""
    _site, _state, wanted, settled = _chosen(request)
    heads = [
        _("title"),
        _("site"),
        _("address"),
        _("published"),
        _("source named there"),
        _("proposed owner"),
        _("why"),
        _("settled"),
    ]
    answer = HttpResponse(
        as_file(FileKind.CSV, heads, _cells(wanted, settled)),
        content_type=MEDIA_TYPES[FileKind.CSV],
    )
    answer["Content-Disposition"] = 'attachment; filename="repeated-articles.csv"'
    return answer


def _cells(wanted: list[str], settled: set[str]) -> Iterator[list[Cell]]:
    for group in groups_of(wanted):
        for copy in group.copies:
            day = timezone.localdate(copy.published_at) if copy.published_at else None
            yield [
                copy.title,
                copy.tenant_code,
                copy.address,
                day.isoformat() if day else "",
                copy.source_name,
                group.proposal.owner.tenant_code,
                str(_reason(group)),
                _("yes") if group.digest in settled else _("no"),
            ]
