"""Addresses on the administration's host, outside any tenant, below ``platform/blueprints/``."""

from django.urls import path

from . import blueprint_views

app_name = "platform_blueprints"

urlpatterns = [
    path("", blueprint_views.blueprint_list, name="blueprints"),
    path("export/", blueprint_views.export_site, name="export"),
    path("compare/", blueprint_views.compare_site, name="compare"),
]
