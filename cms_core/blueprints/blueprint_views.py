"""Blueprints and live sites on the platform's screens: a site as a blueprint, a blueprint on a site."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from sites.accounts.views.platform import OPERATOR, READERS, is_operator, platform_page
from sites.audit.services import record_platform_event
from sites.registry.blueprint_parts import Change
from sites.tenancy.models import Tenant

from .differences import SECTIONS, apply_blueprint, differences, digest_of
from .exporting import export_blueprint
from .forms import ApplyForm, ExportForm
from .rules import BlueprintError, opened_sections
from .selectors import all_blueprints, is_products, read_blueprint

#: What the parts of a blueprint are called; another app's stands under its own name.
_PARTS = {
    SECTIONS: gettext_lazy("Sections"),
    "review": gettext_lazy("Reviews"),
    "look": gettext_lazy("Look"),
    "home": gettext_lazy("Home page"),
    "pages": gettext_lazy("Single pages"),
    "site_roles": gettext_lazy("Roles"),
}


@platform_page(*READERS)
def blueprint_list(request: HttpRequest) -> HttpResponseBase:
    """The blueprints there are, and for operators the ways from and to a live site."""
    return _list(request, ExportForm(), ApplyForm())


def _list(request: HttpRequest, export_form: ExportForm, apply_form: ApplyForm) -> HttpResponseBase:
    plans, faults = all_blueprints()
    context = {
        "rows": [
            (plan, len(opened_sections(plan)), is_products(plan.code)) for plan in plans.values()
        ],
        "faults": faults,
        "is_operator": is_operator(request),
        "export_form": export_form,
        "apply_form": apply_form,
        "sites": Tenant.objects.order_by("code").values_list("code", "name"),
    }
    return render(request, "cms_core_blueprints/blueprints.html", context)


@require_POST
@platform_page(OPERATOR)
def export_site(request: HttpRequest) -> HttpResponseBase:
    """A live site as a blueprint, to download."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _list(request, form, ApplyForm())
    tenant: Tenant = form.cleaned_data["site"]
    text = export_blueprint(tenant=tenant, code=form.cleaned_data["code"])
    try:
        plan = read_blueprint(text, tenant.code)
    except BlueprintError as error:
        form.add_error(
            "site", _("The site cannot be a blueprint as it is: %(why)s") % {"why": error}
        )
        return _list(request, form, ApplyForm())
    actor: Any = request.user
    record_platform_event(
        kind="blueprint_exported", subject=tenant, actor=actor, data={"blueprint": plan.code}
    )
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{plan.code}.toml"'
    return answer


@require_POST
@platform_page(OPERATOR)
def compare_site(request: HttpRequest) -> HttpResponseBase:
    """How a site differs from a blueprint; with ``shown``, what was seen is made."""
    form = ApplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, ExportForm(), form)
    try:
        changes = _difference(form)
    except BlueprintError as error:
        form.add_error("variables", _("%(why)s. Write it as NAME=VALUE.") % {"why": error})
        return _list(request, ExportForm(), form)
    shown = request.POST.get("shown", "")
    if shown == digest_of(changes):
        return _apply(request, form)
    if shown:
        messages.error(
            request, _("The site was changed meanwhile, so nothing was made. Look at it again.")
        )
    tenant: Tenant = form.cleaned_data["tenant"]
    context = {
        "tenant": tenant,
        "plan": form.plan,
        "made": _by_part(change for change in changes if change.is_made),
        "left": _by_part(change for change in changes if not change.is_made),
        "number": sum(change.is_made for change in changes),
        "shown": digest_of(changes),
        "fields": form.carried(),
    }
    return render(request, "cms_core_blueprints/difference.html", context)


def _difference(form: ApplyForm) -> list[Change]:
    values = form.cleaned_data
    return differences(tenant=values["tenant"], plan=form.plan, variables=values["variables"])


def _apply(request: HttpRequest, form: ApplyForm) -> HttpResponseBase:
    values = form.cleaned_data
    try:
        changes = apply_blueprint(
            actor=request.user,
            tenant=values["tenant"],
            plan=form.plan,
            variables=values["variables"],
        )
    except (BlueprintError, ValidationError) as error:
        texts = error.messages if isinstance(error, ValidationError) else [str(error)]
        messages.error(request, _("Nothing was changed.") + " " + " ".join(texts))
    else:
        number = sum(change.is_made for change in changes)
        said = ngettext(
            "%(number)d change was made on “%(site)s”.",
            "%(number)d changes were made on “%(site)s”.",
            number,
        )
        messages.success(request, said % {"number": number, "site": values["tenant"].name})
    return HttpResponseRedirect(reverse("platform_blueprints:blueprints"))


def _by_part(changes: Any) -> list[tuple[Any, list[str]]]:
    found: dict[str, list[str]] = {}
    for change in changes:
        found.setdefault(change.part, []).append(change.text)
    return [(_PARTS.get(part, part), texts) for part, texts in found.items()]
