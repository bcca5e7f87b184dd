"""Addresses of what is left to do after a merge, inside a site's administration."""

from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access

from . import missing_views, text_views, views

app_name = "merged"


def _guarded(route: str, view: type, name: str) -> URLPattern:
    return path(route, never_cache(require_admin_access(view.as_view())), name=name)  # type: ignore[attr-defined]


urlpatterns = [
    _guarded("missing/", missing_views.MissingView, "missing"),
    _guarded("missing/<int:pk>/", views.AttachView, "attach"),
    _guarded("texts/", text_views.TextsView, "texts"),
    _guarded("dead-links/", views.DeadLinksView, "dead_links"),
    _guarded("imports/", views.RunsView, "runs"),
    _guarded("imports/<int:pk>/", views.RunView, "run"),
    _guarded("old-addresses/", views.OldAddressesView, "old_addresses"),
]
