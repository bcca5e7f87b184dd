"""Addresses of the desk inside a site's administration."""

from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access

from . import figure_views, views

app_name = "desk"

#: Registered with Wagtail, which guards them.
urlpatterns = [
    path("write/", views.write, name="write"),
    path("figures/", figure_views.site_figures, name="figures"),
]

#: On the administration's host, outside any site.
platform_patterns = [
    path("platform/figures/", figure_views.platform_figures, name="platform_figures"),
]

#: Stands before Wagtail's own opening screen, under its name.
opening_patterns = [
    path("", never_cache(require_admin_access(views.opening_screen)), name="wagtailadmin_home"),
]
