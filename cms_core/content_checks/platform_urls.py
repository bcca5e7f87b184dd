"""Addresses on the administration's host, outside any tenant, below ``platform/terms/``."""

from django.urls import path

from . import platform_views

app_name = "platform_terms"

urlpatterns = [
    path("", platform_views.term_list, name="list"),
    path("export.csv", platform_views.export, name="export"),
]
