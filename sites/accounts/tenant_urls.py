"""Addresses inside a tenant that must not be Wagtail's: its own sign-in knows no second factor."""

from django.urls import path
from django.views.generic import RedirectView

urlpatterns = [
    path("login/", RedirectView.as_view(url="/sign-in/")),
]
