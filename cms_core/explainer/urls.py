"""Addresses of the explanations inside a site's administration. Registered with Wagtail, which guards them."""

from django.urls import path

from . import views

app_name = "explainer"

urlpatterns = [
    path("", views.MineView.as_view(), name="mine"),
    path("page/<int:page_id>/", views.PageView.as_view(), name="page"),
    path("picture/<int:image_id>/", views.PictureView.as_view(), name="picture"),
    path("file/<int:document_id>/", views.FileView.as_view(), name="file"),
    path("person/<int:pk>/", views.PersonView.as_view(), name="person"),
]
