"""Addresses of the desk inside a site's administration."""

from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access

from . import views

app_name = "desk"

#: Registered with Wagtail, which guards them.
urlpatterns = [
    path("write/", views.write, name="write"),
]

#: Stands before Wagtail's own opening screen, under its name.
opening_patterns = [
    path("", never_cache(require_admin_access(views.opening_screen)), name="wagtailadmin_home"),
]
