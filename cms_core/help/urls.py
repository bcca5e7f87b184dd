"""Addresses of the help inside a site's administration."""

from django.urls import path

from . import views

app_name = "help"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>/", views.topic, name="topic"),
]
