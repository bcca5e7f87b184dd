"""Mourning and the emergency bar of the platform: a screen of its operators, read by the others."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sites.accounts.views.platform import OPERATOR, READERS, is_operator, platform_page
from sites.tenancy.scope import system_scope

from . import notices
from .forms import PlatformNoticeForm, add_service_errors
from .models import PlatformNotice

_PAGE = 30


@platform_page(*READERS)
def notice_list(request: HttpRequest) -> HttpResponseBase:
    """What is in force, what waits for a second operator, what was; operators propose here."""
    may_act = is_operator(request)
    form = PlatformNoticeForm(request.POST or None)
    if request.method == "POST":
        if not may_act:
            raise PermissionDenied(_("Operators switch notices; you read."))
        if form.is_valid():
            try:
                notices.propose_platform_notice(
                    actor=request.user, row=form.row(), tenants=form.tenants()
                )
            except ValidationError as error:
                add_service_errors(form, _of_field_codes(error))
            else:
                messages.success(
                    request, _("Proposed. It is shown once a second operator confirms it.")
                )
                return HttpResponseRedirect(reverse("platform_notices:list"))
    now = timezone.now()
    with system_scope("the notices of the platform, read by platform staff with who switched them"):
        rows = PlatformNotice.objects.select_related(
            "proposed_by", "confirmed_by", "lifted_by"
        ).prefetch_related("tenants")
        page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
        shown = [(row, notices.state_of(row, now)) for row in page]
    context: dict[str, Any] = {
        "notices": shown,
        "page": page,
        "form": form,
        "is_operator": may_act,
    }
    return render(request, "cms_core_appearance/platform_notices.html", context)


def _of_field_codes(error: ValidationError) -> ValidationError:
    """The service knows sites, the form their codes."""
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError(
        {"codes" if name == "tenants" else name: found for name, found in error.error_dict.items()}
    )


@require_POST
@platform_page(OPERATOR)
def change_notice(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Confirm or lift one notice."""
    notice = get_object_or_404(PlatformNotice, pk=pk)
    try:
        if request.POST.get("action") == "confirm":
            notices.confirm_platform_notice(actor=request.user, notice=notice)
            messages.success(request, _("Confirmed. Every page shows it within seconds."))
        else:
            notices.lift_platform_notice(
                actor=request.user, notice=notice, reason=request.POST.get("reason", "")
            )
            messages.success(request, _("Lifted."))
    except ValidationError as error:
        messages.error(request, "\n".join(error.messages))
    except PermissionDenied as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(reverse("platform_notices:list"))
