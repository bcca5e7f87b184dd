"""What the two screens of terms share: the operator's, and the site's own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from sites.typed_text.rules import row_numbers

from . import list_services, selectors
from .enums import TermKind
from .forms import TermFileForm, TermForm
from .lists import program_terms, term_of_row
from .term_files import as_csv, from_csv

_PAGE = 50


def terms_context(request: HttpRequest, *, platform: bool) -> dict[str, Any]:
    """The current list with its filters, its editions and empty forms."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in TermKind.values else ""
    wanted = request.GET.get("q", "").strip()[:60]
    rows = selectors.terms_shown(
        kind=kind, wanted=wanted, platform_only=platform, tenant_only=not platform
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    supplied = [
        term
        for term in program_terms()
        if (not kind or term.kind == kind) and (not wanted or wanted in term.text)
    ]
    return {
        "page": page,
        "rows": list(page),
        "kind": kind,
        "wanted": wanted,
        "kinds": TermKind.choices,
        "query": f"&kind={kind}&q={wanted}",
        "supplied": supplied[:_PAGE],
        "supplied_count": len(supplied),
        "kind_labels": dict(TermKind.choices),
        "editions": selectors.editions(platform=platform),
        "form": TermForm(initial={"kind": kind or TermKind.SENSITIVE}),
        "file_form": TermFileForm(),
    }


def exported(*, platform: bool) -> HttpResponse:
    """The list and what the program brings, as a file."""
    rows = selectors.terms_shown(platform_only=platform, tenant_only=not platform)
    terms = [term_of_row(row) for row in rows]
    if platform:
        own = {(term.kind, term.folded) for term in terms}
        terms += [term for term in program_terms() if (term.kind, term.folded) not in own]
    response = HttpResponse(as_csv(terms), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="terms.csv"'
    return response


def changed(
    request: HttpRequest, *, platform: bool, to: str
) -> tuple[HttpResponseBase | None, dict[str, Any]]:
    """Do what a form of the screen asks. A redirect, or forms with what is wrong in them."""
    action = request.POST.get("action", "add")
    forms: dict[str, Any] = {}
    try:
        if action == "remove":
            keys = row_numbers(request.POST.getlist("term"))
            edition = list_services.change_terms(actor=request.user, remove=keys, platform=platform)
        elif action == "import":
            form: Any = TermFileForm(request.POST, request.FILES)
            forms["file_form"] = form
            if not form.is_valid():
                return None, forms
            file = form.cleaned_data["file"]
            edition = list_services.change_terms(
                actor=request.user,
                add=from_csv(file.read()),
                replace=form.cleaned_data["replace"],
                platform=platform,
                note=file.name,
            )
        else:
            form = TermForm(request.POST)
            forms["form"] = form
            if not form.is_valid():
                return None, forms
            edition = list_services.change_terms(
                actor=request.user, add=[form.row()], platform=platform
            )
    except ValidationError as error:
        form = next(iter(forms.values()), None)
        if form is None:
            messages.error(request, "\n".join(error.messages))
        elif hasattr(error, "error_dict"):
            for name, found in error.error_dict.items():
                form.add_error(name if name in form.fields else None, found)
        else:
            form.add_error("file" if action == "import" else None, error)
        return None, forms
    except IntegrityError:
        messages.error(request, _("Somebody changed the list at the same moment. Try again."))
        return HttpResponseRedirect(to), forms
    if edition is None:
        messages.info(request, _("Nothing changed."))
    else:
        messages.success(
            request,
            _("Edition %(number)d: %(added)d added, %(removed)d removed. The next check uses it.")
            % {"number": edition.number, "added": edition.added, "removed": edition.removed},
        )
    return HttpResponseRedirect(to), forms
