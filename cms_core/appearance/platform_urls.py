"""Addresses on the administration's host, outside any tenant, below ``platform/notices/``."""

from django.urls import path

from . import platform_views

app_name = "platform_notices"

urlpatterns = [
    path("", platform_views.notice_list, name="list"),
    path("<int:pk>/", platform_views.change_notice, name="change"),
]
