"""Addresses on the administration's host, outside any tenant, below ``platform/opening/``."""

from django.urls import path

from . import platform_views

app_name = "platform_opening"

urlpatterns = [
    path("", platform_views.lists, name="lists"),
    path("<int:pk>/", platform_views.one_list, name="list"),
    path("<int:pk>/begin/", platform_views.begin_list, name="begin"),
]
