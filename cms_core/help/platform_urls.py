"""The help outside any site, for the platform's staff and at the door.

The same addresses as inside a site, written again: Wagtail wraps the views of the patterns it is given.
"""

from django.urls import path

from . import views

app_name = "help"

urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:name>/", views.topic, name="topic"),
]
