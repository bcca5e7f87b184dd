"""Addresses that stand before Wagtail's: a decision is made where the text can be read."""

from typing import Any

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from swapper import load_model
from wagtail.admin.auth import require_admin_access

from .screens import record_address


def decide_on_the_record(request: HttpRequest, page_id: int, **kwargs: Any) -> HttpResponseRedirect:
    """Wagtail approves at this address without saying which version was read."""
    page = get_object_or_404(load_model("wagtailcore", "Page"), pk=page_id)
    return HttpResponseRedirect(record_address(page))


urlpatterns = [
    path(
        "pages/workflow/action/<int:page_id>/<slug:action_name>/<int:task_state_id>/",
        require_admin_access(decide_on_the_record),
    ),
]
