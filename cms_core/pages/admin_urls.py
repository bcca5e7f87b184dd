"""Addresses of withdrawal, the recycle bin and the plan inside a site's administration."""

from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access

from . import lifecycle_views as views
from .bulk_views import BulkChangeView
from .kept_text import keys
from .lock_views import TakeLockAwayView, lock_seen

app_name = "lifecycle"


def _guarded(route: str, view: type, name: str) -> URLPattern:
    return path(route, never_cache(require_admin_access(view.as_view())), name=name)  # type: ignore[attr-defined]


#: Stand before Wagtail's own, at the same addresses: its names lead here.
urlpatterns = [
    _guarded("pages/<int:page_id>/unpublish/", views.WithdrawView, "withdraw"),
    _guarded("pages/<int:page_id>/delete/", views.DeleteView, "delete"),
    _guarded("pages/<int:page_id>/unlock/", TakeLockAwayView, "take_lock_away"),
    path(
        "broken-locks/<int:pk>/seen/",
        never_cache(require_admin_access(lock_seen)),
        name="lock_seen",
    ),
    path("kept-text/keys/", never_cache(require_admin_access(keys)), name="kept_text_keys"),
    _guarded("withdrawals/", views.WithdrawalsView, "withdrawals"),
    _guarded("withdrawals/<int:pk>/", views.NoticeView, "notice"),
    _guarded("recycle-bin/", views.RecycleBinView, "recycle_bin"),
    _guarded("recycle-bin/<int:pk>/restore/", views.RestoreView, "restore"),
    _guarded("recycle-bin/<int:pk>/purge/", views.PurgeView, "purge"),
    _guarded("bulk-changes/<int:pk>/", BulkChangeView, "bulk_change"),
    _guarded("planned/", views.ScheduledView, "scheduled"),
]
