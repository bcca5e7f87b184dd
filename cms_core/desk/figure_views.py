"""The figures of a site, and those of all sites for the platform's staff."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from cms_core.media.spreadsheets import MEDIA_TYPES, Cell, FileKind, as_file
from sites.accounts.enums import PlatformRoleCode
from sites.accounts.views.platform import platform_page

from .enums import Grouping
from .figures import Period, figures, figures_of_sites
from .forms import FiguresForm, PeriodForm, usual_periods


def site_figures(request: HttpRequest) -> HttpResponseBase:
    """Published, corrected and withdrawn in a period, by person, unit or section."""
    form = FiguresForm(request.GET)
    wanted = form.wanted()
    rows = figures(wanted)
    heads = [
        {
            Grouping.PERSON: _("Person"),
            Grouping.UNIT: _("Unit"),
            Grouping.SECTION: _("Section"),
        }[wanted.by],
        _("Published"),
        _("Corrections"),
        _("Withdrawn"),
    ]
    unnamed = _("not written down")
    kind = _file_kind(request)
    if kind is not None:
        table = [[row.name or unnamed, row.published, row.corrected, row.withdrawn] for row in rows]
        return _download(kind, "figures", wanted.period, heads, table)
    context = {
        "page_title": _("Figures"),
        "form": form,
        "wanted": wanted,
        "heads": heads,
        "rows": rows,
        "unnamed": unnamed,
        "totals": [
            sum(row.published for row in rows),
            sum(row.corrected for row in rows),
            sum(row.withdrawn for row in rows),
        ],
        "periods": usual_periods(),
        "query": _query(request),
    }
    return TemplateResponse(request, "cms_core_desk/figures.html", context)


@platform_page(
    PlatformRoleCode.OPERATOR, PlatformRoleCode.SECURITY_ADMINISTRATOR, PlatformRoleCode.AUDITOR
)
def platform_figures(request: HttpRequest) -> HttpResponseBase:
    """What each site published in a period: from published resources, never from working rows."""
    form = PeriodForm(request.GET)
    period = form.period()
    rows = figures_of_sites(period)
    kind = _file_kind(request)
    if kind is not None:
        heads = [_("Site"), _("Site code"), _("Published"), _("Newest")]
        table: list[Sequence[Cell]] = [
            [
                row.tenant.name,
                row.tenant.code,
                row.published,
                row.newest.date().isoformat() if row.newest else "",
            ]
            for row in rows
        ]
        return _download(kind, "sites", period, heads, table)
    context = {
        "form": form,
        "period": period,
        "rows": rows,
        "total": sum(row.published for row in rows),
        "periods": usual_periods(),
        "query": _query(request),
    }
    return render(request, "cms_core_desk/platform_figures.html", context)


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("file", None)
    return asked.urlencode()


def _file_kind(request: HttpRequest) -> FileKind | None:
    asked = request.GET.get("file", "")
    return FileKind(asked) if asked in list(FileKind) else None


def _download(
    kind: FileKind, name: str, period: Period, heads: list[str], rows: Sequence[Any]
) -> HttpResponse:
    answer = HttpResponse(as_file(kind, heads, rows), content_type=MEDIA_TYPES[kind])
    file_name = f"{name}-{period.first:%Y%m%d}-{period.last:%Y%m%d}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer
