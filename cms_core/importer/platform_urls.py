"""Addresses on the administration's host, outside any tenant, below ``platform/importing/``."""

from django.urls import path

from . import platform_views

app_name = "platform_importing"

urlpatterns = [
    path("", platform_views.order_list, name="orders"),
    path("new/", platform_views.new_order, name="new"),
    path("<int:pk>/", platform_views.one_order, name="order"),
    path("<int:pk>/begin/", platform_views.begin_order, name="begin"),
    path("<int:pk>/stop/", platform_views.stop_order, name="stop"),
    path("<int:pk>/discard/", platform_views.discard_order, name="discard"),
    path("<int:pk>/report.csv", platform_views.order_file, name="file"),
    path("<int:pk>/sites/<slug:code>/", platform_views.order_site, name="site"),
]
