"""Addresses on the administration's host, outside any site."""

from django.urls import path

from . import views

app_name = "practice"

urlpatterns = [path("", views.enter, name="enter")]
