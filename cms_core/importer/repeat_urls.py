"""Addresses on the administration's host, outside any tenant, below ``platform/repeated/``."""

from django.urls import path

from . import repeat_views

app_name = "platform_repeats"

urlpatterns = [
    path("", repeat_views.repeat_list, name="repeats"),
    path("repeated-articles.csv", repeat_views.repeat_file, name="file"),
    path("<slug:digest>/", repeat_views.one_repeat, name="repeat"),
    path("<slug:digest>/settle/", repeat_views.settle_repeat, name="settle"),
]
