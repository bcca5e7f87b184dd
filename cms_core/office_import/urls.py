"""Addresses of the import inside the administration."""

from django.urls import path

from . import views

app_name = "office_import"
urlpatterns = [
    path("", views.choose_file, name="choose"),
    path("pasted/", views.pasted, name="pasted"),
    path("<int:upload_id>/", views.preview, name="preview"),
]
